// A random day against a model. The model is written from the law in words, shares no code with the
// rules, keeps everything in maps and looks at nothing twice: after each action the store must have
// said yes or no as the model says, and at the end every unit and every heap stands where the model
// has it. Then the tables are folded anew from the ledger.

#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <random>
#include <set>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

constexpr int serials = 14;
constexpr int lots = 4;
constexpr int orders = 8;
constexpr int wanted_units = 3;
constexpr int wanted_goods = 12;
constexpr const char* docks[] = {"DOCK-1", "DOCK-2"};
constexpr const char* rack = "RACK";
constexpr const char* carts[] = {"PICK-1", "PICK-2"};
constexpr const char* door = "DOOR-1";

/// What a warehouse is, in the plainest words.
struct Model {
    struct Unit {
        std::string state = "NONE";
        std::string order;
        bool is_graded = false;
    };

    struct Lot {
        std::map<std::string, int> at;  ///< place -> quantity
        int good_days = 0;              ///< the last day on which it is good
        bool is_stopped = false;        ///< came in expired: held until somebody decides
    };

    struct Order {
        bool is_cancelled = false;
        int units_left = wanted_units;
        int goods_left = wanted_goods;
        int goods_fetched = 0;
    };

    std::map<std::string, Unit> units;
    std::map<std::string, Lot> all_lots;
    std::map<std::string, Order> all_orders;
    std::map<std::string, std::string> holds;  ///< id -> target
    std::set<std::string> suspects;  ///< targets held for good by what was tried with them
    std::map<std::string, std::string> open_at;  ///< station -> order
    int today = 0;

    [[nodiscard]] bool is_held(const std::string& target) const {
        if (suspects.contains(target)) return true;
        for (const auto& [id, held] : holds)
            if (held == target) return true;
        return false;
    }

    [[nodiscard]] static bool is_here(const std::string& state) {
        return state == "RECEIVED" || state == "IN_INVENTORY" || state == "PICKED" ||
               state == "RETURNED";
    }

    // ---- units

    bool receive(const std::string& serial) {
        Unit& unit = units[serial];
        if (unit.state == "SCRAPPED") suspects.insert(serial);
        if (unit.state != "NONE") return false;
        unit.state = "RECEIVED";
        return true;
    }

    bool put_away(const std::string& serial) {
        Unit& unit = units[serial];
        if (!is_here(unit.state) || is_held(serial)) return false;
        if (unit.state == "RETURNED" && !unit.is_graded) return false;
        if (unit.state != "RECEIVED") unit.order.clear();
        unit.state = "IN_INVENTORY";
        return true;
    }

    bool pick(const std::string& station, const std::string& serial) {
        Unit& unit = units[serial];
        const std::string& name = open_at[station];
        if (name.empty() || is_held(serial)) return false;
        Order& order = all_orders[name];
        const bool is_on_shelf = unit.state == "RECEIVED" || unit.state == "IN_INVENTORY";
        const bool is_ours = unit.state == "PICKED" && unit.order == name;
        if (order.is_cancelled || (!is_on_shelf && !is_ours)) return false;
        if (left_for(name) == 0) return false;
        unit.state = "PICKED";
        unit.order = name;
        return true;
    }

    [[nodiscard]] int left_for(const std::string& name) {
        int left = all_orders[name].units_left;
        for (const auto& [serial, unit] : units)
            if (unit.state == "PICKED" && unit.order == name) --left;
        return left;
    }

    bool ship(const std::string& serial) {
        Unit& unit = units[serial];
        if (unit.state != "PICKED" || is_held(serial)) return false;
        Order& order = all_orders[unit.order];
        if (order.is_cancelled) return false;
        unit.state = "SHIPPED";
        --order.units_left;
        return true;
    }

    bool take_back(const std::string& serial) {
        Unit& unit = units[serial];
        if (unit.state == "RETURNED") return true;  // again: it is back already
        if (unit.state != "SHIPPED") {
            suspects.insert(serial);
            return false;
        }
        unit.state = "RETURNED";
        unit.is_graded = false;
        return true;
    }

    bool grade(const std::string& serial) {
        Unit& unit = units[serial];
        if (unit.state != "RETURNED") return false;
        unit.is_graded = true;
        return true;
    }

    bool scrap(const std::string& serial) {
        Unit& unit = units[serial];
        // What came back is written off, which is another thing to ask for.
        if (!is_here(unit.state) || unit.state == "RETURNED") return false;
        unit.state = "SCRAPPED";
        return true;
    }

    // ---- goods counted by lot

    bool receive_goods(const std::string& dock, const std::string& name, int quantity) {
        Lot& lot = all_lots[name];
        if (today > lot.good_days) lot.is_stopped = true;
        lot.at[dock] += quantity;
        return true;
    }

    [[nodiscard]] bool is_stopped(const std::string& name) {
        return all_lots[name].is_stopped || is_held(name);
    }

    bool put_goods_away(const std::string& name, int quantity) {
        Lot& lot = all_lots[name];
        if (is_stopped(name)) return false;
        int there = 0;
        for (const char* dock : docks) there += lot.at[dock];
        if (there < quantity) return false;
        lot.at[rack] += quantity;
        // From the larger heap first; of equal ones from the first.
        const char* first = lot.at[docks[0]] >= lot.at[docks[1]] ? docks[0] : docks[1];
        for (const char* dock : {first, docks[0], docks[1]}) {
            const int taken = std::min(quantity, lot.at[dock]);
            lot.at[dock] -= taken;
            quantity -= taken;
        }
        return true;
    }

    bool pick_goods(const std::string& station, const std::string& name, int quantity) {
        const std::string& open = open_at[station];
        Lot& lot = all_lots[name];
        if (open.empty() || is_stopped(name) || today > lot.good_days) return false;
        Order& order = all_orders[open];
        if (order.is_cancelled || order.goods_left - order.goods_fetched < quantity) return false;
        std::vector<std::pair<int, std::string>> heaps;
        int there = 0;
        for (const std::string place : {docks[0], docks[1], rack}) {
            heaps.emplace_back(-lot.at[place], place);
            there += lot.at[place];
        }
        if (there < quantity) return false;
        std::sort(heaps.begin(), heaps.end());
        lot.at["picked:" + open] += quantity;
        order.goods_fetched += quantity;
        for (const auto& [size, place] : heaps) {
            const int taken = std::min(quantity, lot.at[place]);
            lot.at[place] -= taken;
            quantity -= taken;
        }
        return true;
    }

    bool ship_goods(const std::string& name, int quantity) {
        const std::string& open = open_at[door];
        Lot& lot = all_lots[name];
        if (open.empty() || is_stopped(name) || today > lot.good_days) return false;
        Order& order = all_orders[open];
        if (order.is_cancelled || lot.at["picked:" + open] < quantity) return false;
        lot.at["picked:" + open] -= quantity;
        lot.at["shipped:" + open] += quantity;
        order.goods_fetched -= quantity;
        order.goods_left -= quantity;
        return true;
    }

    bool open(const std::string& station, const std::string& name) {
        if (all_orders[name].is_cancelled) return false;
        open_at[station] = name;
        return true;
    }
};

/// Does the same in the model and in the store, and compares.
class ModelDay {
public:
    explicit ModelDay(unsigned seed) : random_(seed) {
        house_.policy().pack_verify = false;
        house_.policy().duplicate_holds_both = false;
        house_.furnish();
        announce();
        for (int n = 0; n < orders; ++n)
            house_.send(
                {{"order",
                  R"({"id":"MO-)" + std::to_string(n) + R"(","customer":"C-N","lines":[)" +
                      line(1, widget, wanted_units) + "," + line(2, kale, wanted_goods) + "]}"}});
        for (const char* dock : docks)
            REQUIRE(house_.scan(house_.code(Step::receive, dock, "ASN-M")).did ==
                    "document_opened");
        for (int n = 0; n < lots; ++n) model_.all_lots[lot(n)].good_days = n + 1;
    }

    void run(int actions) {
        for (int i = 0; i < actions && is_same_; ++i) {
            house_.clock().advance_ms(61'000);  // so that no read is a second read of the last one
            act();
        }
    }

    void compare() {
        CHECK(is_same_);
        for (const auto& [serial, unit] : model_.units) {
            INFO(serial << " is " << unit.state << " in the model");
            const auto trace = house_.queries()->trace(std::string(widget) + "/" + serial);
            if (unit.state == "NONE") continue;
            REQUIRE(trace);
            CHECK(trace->find("\"state\":\"" + unit.state + "\"") != std::string::npos);
        }
        for (const auto& [name, lot] : model_.all_lots) {
            const std::string trace =
                house_.queries()->trace(std::string(kale) + "/" + name).value_or("");
            for (const auto& [place, quantity] : lot.at) {
                const bool is_order = place.find(':') != std::string::npos;
                if (quantity == 0 || (is_order && place.front() == 's')) continue;
                INFO(name << " " << place << " " << trace);
                CHECK(trace.find("\"place\":\"" + place + "\",\"state\":\"counted\",\"quantity\":" +
                                 std::to_string(quantity) + "}") != std::string::npos);
            }
            if (!trace.empty()) CHECK(trace.find("\"difference\":0") != std::string::npos);
        }
        const std::string rebuilt = house_.rebuild();
        INFO(rebuilt);
        CHECK(rebuilt.find("\"ok\":true") != std::string::npos);
    }

    std::map<std::string, int> said_yes;
    std::map<std::string, int> said_no;

private:
    int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }

    static std::string lot(int n) { return "M-" + std::to_string(n); }

    static std::string line(int number, const std::string& gtin, int quantity) {
        return R"({"line":)" + std::to_string(number) + R"(,"gtin":")" + gtin + R"(","quantity":)" +
               std::to_string(quantity) + "}";
    }

    // Lot M-0 is good to the end of the second day, M-1 to that of the third, and so on.
    void announce() {
        std::string lines = line(1, widget, 100'000);
        for (int n = 0; n < lots; ++n)
            lines += R"(,{"line":)" + std::to_string(n + 2) + R"(,"gtin":")" + kale +
                     R"(","lot":")" + lot(n) + R"(","expires_on":"2026-11-)" +
                     std::to_string(23 + n) + R"(","quantity":100000})";
        house_.send({{"asn", R"({"id":"ASN-M","supplier":"V-1","lines":[)" + lines + "]}"}});
    }

    void same(const std::string& what, bool expected, const store::Outcome& outcome) {
        const bool said = !outcome.verdict.blocks();
        ++(said ? said_yes : said_no)[what.substr(0, what.find(' '))];
        if (said == expected) return;
        is_same_ = false;
        FAIL_CHECK("the model says " << (expected ? "yes" : "no") << " to \"" << what
                                     << "\", the store said " << outcome.verdict.code << ": "
                                     << outcome.verdict.told);
    }

    rules::Attempt unit(Step step, const std::string& station, const std::string& serial) {
        return house_.unit(step, station, serial, widget);
    }

    void act_on_unit() {
        const std::string serial = "W-" + std::to_string(pick(serials));
        const std::string dock = docks[pick(2)];
        const std::string cart = carts[pick(2)];
        switch (pick(9)) {
            case 0:
                return same("receive " + serial,
                            model_.receive(serial),
                            house_.scan(unit(Step::receive, dock, serial)));
            case 1:
                return same("put_away " + serial,
                            model_.put_away(serial),
                            house_.scan(unit(Step::putaway, rack, serial)));
            case 2:
            case 3:
                return same("pick " + serial,
                            model_.pick(cart, serial),
                            house_.scan(unit(Step::pick, cart, serial)));
            case 4:
            case 5:
                return same("ship " + serial,
                            model_.ship(serial),
                            house_.scan(unit(Step::ship, door, serial)));
            case 6:
                if (pick(3) != 0) return;
                return same("take_back " + serial,
                            model_.take_back(serial),
                            house_.scan(unit(Step::take_back, "BACK-1", serial)));
            case 7:
                return same("grade " + serial,
                            model_.grade(serial),
                            house_.operate("grade",
                                           {{"gtin", widget}, {"serial", serial}, {"grade", "A"}}));
            default:
                if (pick(6) != 0) return;
                return same("scrap " + serial,
                            model_.scrap(serial),
                            house_.operate("scrap", {{"gtin", widget}, {"serial", serial}}));
        }
    }

    void act_on_goods() {
        const std::string name = lot(pick(lots));
        const int quantity = 1 + pick(6);
        const std::string dock = docks[pick(2)];
        const std::string cart = carts[pick(2)];
        switch (pick(5)) {
            case 0:
                return same("receive_goods " + name,
                            model_.receive_goods(dock, name, quantity),
                            house_.scan(house_.goods(Step::receive, dock, name, quantity)));
            case 1:
                return same("put_goods_away " + name,
                            model_.put_goods_away(name, quantity),
                            house_.scan(house_.goods(Step::putaway, rack, name, quantity)));
            case 2:
            case 3:
                return same("pick_goods " + name,
                            model_.pick_goods(cart, name, quantity),
                            house_.scan(house_.goods(Step::pick, cart, name, quantity)));
            default:
                return same("ship_goods " + name,
                            model_.ship_goods(name, quantity),
                            house_.scan(house_.goods(Step::ship, door, name, quantity)));
        }
    }

    void act_on_hold() {
        if (pick(2) == 0 && !model_.holds.empty()) {
            const std::string id = model_.holds.begin()->first;
            model_.holds.erase(id);
            return house_.send({{"hold_lift", R"({"id":")" + id + R"("})"}}, "urgent");
        }
        const std::string id = "H-" + std::to_string(1000 + holds_++);
        const bool is_unit = pick(2) == 0;
        const std::string name = is_unit ? "W-" + std::to_string(pick(serials)) : lot(pick(lots));
        static constexpr const char* reasons[] = {"quarantine", "recall", "damaged", "suspect"};
        model_.holds[id] = name;
        // A recall calls back what was fetched.
        const std::string reason = is_unit ? reasons[pick(4)] : "quarantine";
        const bool is_recall = reason == "recall";
        if (is_recall && model_.units[name].state == "PICKED") {
            model_.units[name].state = "IN_INVENTORY";
            model_.units[name].order.clear();
        }
        house_.send({{"hold",
                      R"({"id":")" + id + R"(","reason":")" + reason + R"(","target":{"kind":")" +
                          (is_unit ? "unit" : "lot") + R"(","gtin":")" + (is_unit ? widget : kale) +
                          R"(",")" + (is_unit ? "serial" : "lot") + R"(":")" + name + R"("}})"}},
                    "urgent");
    }

    void act_on_order() {
        const std::string name = "MO-" + std::to_string(pick(orders));
        if (pick(12) == 0) {
            model_.all_orders[name].is_cancelled = true;
            return house_.send({{"order_cancel", R"({"id":")" + name + R"("})"}});
        }
        const int where = pick(3);
        const std::string station = where == 2 ? door : carts[where];
        const Step step = where == 2 ? Step::ship : Step::pick;
        same("open " + name + " at " + station,
             model_.open(station, name),
             house_.scan(house_.code(step, station, name)));
    }

    void act() {
        const int what = pick(100);
        if (what == 0) return house_.restart();
        if (what == 1) return pass_midnight();
        if (what < 6) return act_on_hold();
        if (what < 20) return act_on_order();
        if (what < 60) return act_on_unit();
        act_on_goods();
    }

    void pass_midnight() {
        if (pick(3) != 0) return;
        ++model_.today;
        house_.clock().advance_ms(24L * 3'600'000);
        // The model's days are those of the calendar.
        const auto first = parse_date("2026-11-22");
        const auto now = site_date(house_.clock().now(), "UTC");
        model_.today =
            static_cast<int>((std::chrono::sys_days(now) - std::chrono::sys_days(*first)).count());
    }

    std::mt19937 random_;
    Warehouse house_;
    Model model_;
    int holds_ = 0;
    bool is_same_ = true;
};

}  // namespace

TEST_CASE("on a random day the store says yes and no as a model of the law does",
          "[store][model]") {
    const unsigned seed = GENERATE(range(1U, 9U));
    INFO("seed " << seed);
    ModelDay day(seed);
    day.run(700);
    day.compare();
    // Each thing was allowed and refused; a day on which nothing happens proves nothing.
    for (const char* what :
         {"receive", "put_away", "pick", "ship", "receive_goods", "pick_goods"}) {
        INFO(what);
        CHECK(day.said_yes[what] > 0);
    }
    for (const char* what : {"receive", "put_away", "pick", "ship", "take_back", "pick_goods"}) {
        INFO(what);
        CHECK(day.said_no[what] > 0);
    }
}
