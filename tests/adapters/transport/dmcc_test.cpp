#include "adapters/transport/dmcc.hpp"

#include <catch2/catch.hpp>

namespace lotgate::adapters {

TEST_CASE("a reader's answers are told from its reads", "[scanner][dmcc]") {
    CHECK_FALSE(read_dmcc("]C1A"));
    CHECK_FALSE(read_dmcc("||"));
    CHECK_FALSE(read_dmcc("||x[0]"));
    CHECK_FALSE(read_dmcc("||0:1]0["));
    CHECK_FALSE(read_dmcc("||[]"));
    CHECK_FALSE(read_dmcc("||[99999999999]"));
    for (const char* done : {"||[0]", "||[0]ON", "||0:17[0]"}) {
        const auto answer = read_dmcc(done);
        REQUIRE(answer);
        CHECK_FALSE(answer->is_read);
        CHECK(answer->fault.empty());
    }
    const auto read = read_dmcc("||[1]XWQyMDE=");
    REQUIRE(read);
    CHECK(read->is_read);
    CHECK(read->data == "]d201");
    const auto refused = read_dmcc("||0:5[104]");
    REQUIRE(refused);
    CHECK_FALSE(refused->is_read);
    CHECK_FALSE(refused->fault.empty());
}

TEST_CASE("a read whose checksum is wrong is no read", "[scanner][dmcc]") {
    std::string frame = "||1:2[1]XWQyMDE=";
    unsigned check = 0;
    for (const char byte : frame) check ^= static_cast<unsigned char>(byte);
    const auto whole = read_dmcc(frame + static_cast<char>(check));
    REQUIRE(whole);
    CHECK(whole->data == "]d201");
    const auto broken = read_dmcc(frame + static_cast<char>(check ^ 1U));
    REQUIRE(broken);
    CHECK_FALSE(broken->is_read);
    CHECK_FALSE(broken->fault.empty());
}

TEST_CASE("base64 is decoded as RFC 4648 section 10 lists it", "[scanner][dmcc]") {
    CHECK(from_base64("") == "");
    CHECK(from_base64("Zg==") == "f");
    CHECK(from_base64("Zm8=") == "fo");
    CHECK(from_base64("Zm9v") == "foo");
    CHECK(from_base64("Zm9vYg") == "foob");
    CHECK(from_base64("Zm9vYmE=") == "fooba");
    CHECK(from_base64("Zm9v\r\nYmFy") == "foobar");
    CHECK(from_base64("/wD+").value() == std::string("\xFF\x00\xFE", 3));
    CHECK_FALSE(from_base64("Z"));
    CHECK_FALSE(from_base64("Zm9v!"));
    CHECK_FALSE(from_base64("Zm=v"));
}

}  // namespace lotgate::adapters
