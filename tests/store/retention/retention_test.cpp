// How long a record is kept, law by law.

#include "store/retention/retention.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::store;
using namespace std::chrono_literals;

namespace {

constexpr const char* romaine = "09506000134352";
constexpr Date recorded = 2020y / 3 / 1;

KeptGoods goods_under(const char* regimes) {
    return {romaine, regimes, "ACME", {}, {}};
}

/// A site that by itself keeps nothing longer than a day: what is left is the law.
RetentionSettings short_site() {
    RetentionSettings settings;
    settings.keep_days = 1;
    settings.device_report_days = 1;
    return settings;
}

}  // namespace

TEST_CASE("each law keeps a record for its own time, and says so", "[retention]") {
    struct Row {
        const char* regimes;
        Date until;
        const char* because;
    };

    // 731 days from 1 March 2020 are 2 March 2022; 2192 are 2 March 2026; 5479 are 2 March 2035.
    const Row row = GENERATE(Row{"", 2020y / 3 / 2, "keep_days"},
                             Row{"udi", 2020y / 3 / 2, "keep_days"},
                             Row{"fsma204", 2022y / 3 / 2, "21 CFR 1.1455"},
                             Row{"dscsa", 2026y / 3 / 2, "FD&C 582"},
                             Row{"rx", 2026y / 3 / 2, "FD&C 582"},
                             Row{"fsma204 dscsa", 2026y / 3 / 2, "FD&C 582"},
                             Row{"iatf", 2035y / 3 / 2, "IATF 16949"},
                             Row{"dscsa iatf fsma204", 2035y / 3 / 2, "IATF 16949"},
                             Row{"xdscsa dscsax", 2020y / 3 / 2, "keep_days"});
    INFO(row.regimes);
    const Keep keep =
        keep_until(short_site(), RecordKind::decision, recorded, {goods_under(row.regimes)});
    CHECK(to_string(keep.until) == to_string(row.until));
    INFO(keep.because);
    CHECK(keep.because.find(row.because) != std::string::npos);
}

TEST_CASE("a supplement's record is kept for a year after the expiry of the lot",
          "[retention][111]") {
    KeptGoods goods = goods_under("111");
    goods.expires_on = 2024y / 6 / 30;
    goods.moved_on = 2023y / 1 / 1;
    const auto until = [&] {
        return to_string(keep_until(short_site(), RecordKind::decision, recorded, {goods}).until);
    };
    // 366 days from 30 June 2024.
    CHECK(until() == "2025-07-01");
    goods.expires_on.reset();
    // 731 days from 1 January 2023.
    CHECK(until() == "2025-01-01");
    goods.moved_on.reset();
    CHECK(until() == "2022-03-02");
}

TEST_CASE("the longest of all that applies wins, whoever asked for it", "[retention]") {
    RetentionSettings settings = short_site();
    const auto keep = [&](const std::vector<KeptGoods>& goods) {
        return keep_until(settings, RecordKind::decision, recorded, goods);
    };
    const KeptGoods food = goods_under("fsma204");
    CHECK(keep({food, goods_under("dscsa")}).until == 2026y / 3 / 2);
    settings.by_owner = {{"ACME", 3653}};
    CHECK(to_string(keep({food}).until) == "2030-03-02");
    CHECK(keep({food}).because.find("by_owner ACME = 3653") != std::string::npos);
    settings.by_product = {{romaine, 4000}};
    CHECK(keep({food}).because.find("by_product 09506000134352 = 4000") != std::string::npos);
    settings.keep_days = 5000;
    CHECK(keep({food}).because == "[retention] keep_days = 5000");
    settings.by_product = {{"09506000134369", 9000}};
    CHECK(keep({food}).because == "[retention] keep_days = 5000");
    // A shorter wish never takes a record away.
    settings.by_owner = {{"ACME", 3}};
    CHECK(keep({food}).because == "[retention] keep_days = 5000");
}

TEST_CASE("an owner without a name has no time of its own", "[retention]") {
    RetentionSettings settings = short_site();
    settings.by_owner = {{"", 4000}};
    KeptGoods goods = goods_under("");
    goods.owner.clear();
    CHECK(keep_until(settings, RecordKind::decision, recorded, {goods}).until == 2020y / 3 / 2);
}

TEST_CASE("reports of devices have a time of their own", "[retention]") {
    RetentionSettings settings;
    settings.keep_days = 100;
    settings.device_report_days = 10;
    const auto until = [&](std::string_view kind) {
        return to_string(keep_until(settings, record_kind_of(kind), recorded, {}).until);
    };
    CHECK(until("attempt") == "2020-06-09");
    CHECK(until("operation") == "2020-06-09");
    CHECK(until("case_decided") == "2020-06-09");
    CHECK(until("feed_applied") == "2020-06-09");
    CHECK(until("a kind of tomorrow") == "2020-06-09");
    CHECK(until("effect_reported") == "2020-03-11");
    CHECK(until("carton_passed") == "2020-03-11");
}

TEST_CASE("the days of a site that says nothing are those of the laws", "[retention]") {
    const RetentionSettings settings;
    CHECK(to_string(keep_until(settings, RecordKind::decision, recorded, {}).until) ==
          "2027-03-02");
}
