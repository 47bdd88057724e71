#include "store/answers/voice_code.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace std::chrono_literals;
using std::chrono::January;
using store::voice_code;

TEST_CASE("the voice code is the one that the published examples have", "[exports][voice]") {
    struct Row {
        const char* gtin;
        const char* lot;
        std::optional<Date> packed_on;
        const char* code;
    };

    const auto row = GENERATE(Row{"10850510002011", "46587443HG234", std::nullopt, "6359"},
                              Row{"65457886676767", "2", 2010y / January / 26, "5836"},
                              Row{"61414100734933", "32abcd", 2003y / January / 2, "8079"});
    INFO(row.gtin);
    CHECK(voice_code(row.gtin, row.lot, row.packed_on) == row.code);
}

TEST_CASE("a voice code depends on every part, and on the case of the lot (control)",
          "[exports][voice]") {
    CHECK(voice_code("10850510002011", "46587443hg234", {}) != "6359");
    CHECK(voice_code("10850510002011", "46587443HG234", 2010y / January / 26) != "6359");
    CHECK(voice_code("10850510002028", "46587443HG234", {}) != "6359");
    CHECK(voice_code("10850510002011", "", {}).empty());
}
