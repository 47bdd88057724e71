// What an export says of time whose events went into an archive.

#include "store/queries.hpp"
#include "tests/store/retention/old_house.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::testkit;
namespace json = boost::json;

namespace {

json::object shipped(OldHouse& old, const char* from) {
    store::ExportTerms terms;
    terms.sheet = "shipping";
    terms.is_for_all = true;
    if (from != nullptr) terms.from = *parse_date(from);
    const auto answer = old.house().queries()->exported(terms);
    REQUIRE(answer.has_value());
    return json::parse(*answer).as_object();
}

}  // namespace

TEST_CASE("a sheet names the archives that hold a part of its time", "[exports][archive]") {
    OldHouse old;
    old.through(1);
    CHECK_FALSE(shipped(old, nullptr).at("rows").as_array().empty());
    CHECK_FALSE(shipped(old, nullptr).contains("archived"));
    old.years_pass(8);
    const std::string file = old.archive();
    const json::object all = shipped(old, nullptr);
    CHECK(all.at("rows").as_array().empty());
    CHECK(all.at("archived").at(0).at("file").as_string().find(file) != std::string::npos);
    CHECK(all.at("archived").at(0).at("from_seq") == 1);
    // Of later days nothing is in it.
    const std::string today = to_string(site_date(old.house().clock().now(), "UTC"));
    CHECK_FALSE(shipped(old, today.c_str()).contains("archived"));
}
