#include "store/model/secret_hash.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;

TEST_CASE("a PIN is known by its hash, and by no other", "[model][pin]") {
    const auto hash = hash_secret("4711");
    REQUIRE(hash);
    CHECK(is_secret("4711", *hash));
    CHECK_FALSE(is_secret("4712", *hash));
    CHECK_FALSE(is_secret("", *hash));
    CHECK(*hash != *hash_secret("4711"));
    CHECK(hash->find("4711") == std::string::npos);
}

// RFC 7914, section 12, third vector: N = 16384, r = 8, p = 1; its first 32 bytes.
TEST_CASE("the hash is scrypt as others compute it", "[model][pin]") {
    CHECK(is_secret("pleaseletmein",
                    "scrypt$14$8$1$536f6469756d43686c6f72696465$"
                    "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"));
}

TEST_CASE("a hash that asks for too much work, or is none, matches nothing", "[model][pin]") {
    for (const char* text : {"",
                             "4711",
                             "scrypt$40$8$1$00112233445566778899aabbccddeeff$00",
                             "scrypt$14$8$1$00$00",
                             "scrypt$14$8$1$zz112233445566778899aabbccddeeff$"
                             "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"}) {
        INFO(text);
        CHECK_FALSE(is_secret_hash(text));
        CHECK_FALSE(is_secret("4711", text));
    }
}
