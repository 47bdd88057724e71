#include "tests/tidy/tree.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace lotgate::tidy;

namespace {

const Tree& our_tree() {
    static const Tree tree = lotgate::tidy::read_tree(LOTGATE_SOURCE_DIR);
    return tree;
}

std::string told(const Findings& findings) {
    std::string text;
    for (const auto& finding : findings) text += finding + "\n";
    return text;
}

}  // namespace

TEST_CASE("includes go one way through the house", "[tidy]") {
    CHECK(told(include_direction(our_tree())).empty());
    CHECK(told(include_direction({{"store/rules/a.cpp", "#include \"store/store.hpp\"\n"}})) ==
          "store/rules/a.cpp:1: store/rules/ may not include store/\n");
    CHECK_FALSE(
        include_direction({{"adapters/x/a.cpp", "#include \"store/store.hpp\"\n"}}).empty());
    CHECK_FALSE(include_direction({{"sync/a.cpp", "#include \"daemon/site.hpp\"\n"}}).empty());
    CHECK(include_direction({{"sync/a.cpp", "#include \"store/queries.hpp\"\n"}}).empty());
}

TEST_CASE("words with a better replacement are not used", "[tidy]") {
    CHECK(told(banned_words(our_tree())).empty());
    CHECK(told(banned_words({{"sync/a.cpp", "x = sqlite3_open(p);\n"}})) ==
          "sync/a.cpp:1: store/sqlite is the only user of SQLite's C interface\n");
    CHECK_FALSE(banned_words({{"tests/a.cpp", "std::this_thread::sleep_for(1s);\n"}}).empty());
    CHECK_FALSE(banned_words({{"daemon/a.cpp", "// FIXME later\n"}}).empty());
}

TEST_CASE("no file grows beyond what a reader takes in", "[tidy]") {
    CHECK(told(long_files(our_tree())).empty());
    std::string endless;
    for (int i = 0; i < 501; ++i) endless += "x\n";
    CHECK_FALSE(long_files({{"store/a.cpp", endless}}).empty());
}

TEST_CASE("every header is included somewhere and only once", "[tidy]") {
    CHECK(told(unused_headers(our_tree())).empty());
    CHECK(told(headers_without_pragma_once(our_tree())).empty());
    CHECK_FALSE(unused_headers({{"store/a.hpp", "#pragma once\n"}}).empty());
    CHECK_FALSE(headers_without_pragma_once({{"store/a.hpp", "int a;\n"}}).empty());
}

TEST_CASE("links between documents lead somewhere", "[tidy]") {
    CHECK(told(broken_links(our_tree())).empty());
    CHECK_FALSE(broken_links({{"docs/a.md", "see [b](b.md)\n"}}).empty());
    CHECK(broken_links({{"docs/a.md", "see [b](../store/)\n"}, {"store/x", ""}}).empty());
}

TEST_CASE("every kind of device says how it is wired and configured", "[tidy]") {
    CHECK(told(incomplete_adapters(our_tree())).empty());
    CHECK_FALSE(incomplete_adapters({{"adapters/x/sample.toml", ""}}).empty());
    CHECK(incomplete_adapters(
              {{"adapters/registry/registry.cpp", "{\"x\", Capability::scanner, parse}"}})
              .size() == 2);
}
