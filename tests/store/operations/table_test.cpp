// The table of operations and its page.

#include "store/operations/table.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

using namespace lotgate;

// LOTGATE_WRITE_DOCS=1 writes the page anew.
TEST_CASE("docs/data/operations.md is the table of operations", "[store][operation]") {
    if (std::getenv("LOTGATE_WRITE_DOCS") != nullptr)
        std::ofstream(LOTGATE_SOURCE_DIR "/docs/data/operations.md") << store::operations_page();
    std::ifstream file(LOTGATE_SOURCE_DIR "/docs/data/operations.md");
    std::ostringstream text;
    text << file.rdbuf();
    CHECK(text.str() == store::operations_page());
}

TEST_CASE("each operation is there once and says what it is for", "[store][operation]") {
    std::set<std::string_view> names;
    for (const store::OperationRow& row : store::operations()) {
        INFO(row.id);
        CHECK(names.insert(row.id).second);
        CHECK(store::operation_named(row.id) == &row);
        CHECK(row.plan != nullptr);
        CHECK(row.purpose.ends_with("."));
        CHECK_FALSE(row.rule.empty());
        std::set<std::string_view> arguments;
        for (const store::Argument& argument : row.arguments) {
            CHECK(arguments.insert(argument.name).second);
            CHECK_FALSE(argument.about.empty());
            CHECK((argument.kind == store::ArgumentKind::word) == !argument.words.empty());
        }
    }
    CHECK(store::operation_named("teleport") == nullptr);
}
