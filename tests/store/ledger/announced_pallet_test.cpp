// Pallets whose cases were announced: taken in by one scan of the pallet's number or of a case's,
// piece by piece and as a whole, moved, and told of when something on them did not come.

#include "tests/store/kit/looking.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

const std::string pallet = "395060000000000016";
const std::string case_a = "395060000000000023";
const std::string case_b = "395060000000000030";

// Two romaine in a case, eight kale in another, and three more kale loose on the pallet.
const std::string announcement = R"({"id":"ASN-9","supplier":"V-1","po":"PO-9","lines":[
    {"line":1,"gtin":"09506000134352","lot":"L-9","expires_on":"2027-01-31","sscc":")" +
                                 case_a + R"(","pallet":")" + pallet +
                                 R"(","serials":["P-1","P-2"]},
    {"line":2,"gtin":"09506000134369","lot":"K-9","expires_on":"2027-02-28","sscc":")" +
                                 case_b + R"(","pallet":")" + pallet + R"(","quantity":8},
    {"line":3,"gtin":"09506000134369","lot":"K-9","expires_on":"2027-02-28","pallet":")" +
                                 pallet + R"(","quantity":3}]})";

class Dock {
public:
    explicit Dock(const std::string& asn = announcement) {
        house.furnish();
        house.send({{"asn", asn}, {"location", R"({"id":"A-01"})"}});
    }

    store::Outcome receive(const std::string& sscc, const std::string& door = "DOCK-1") {
        return house.scan(house.carton(Step::receive, door, sscc));
    }

    std::string question(const std::string& sql) { return testkit::question(house.path(), sql); }

    std::string unit(const std::string& serial, const std::string& column) {
        return question("SELECT coalesce(" + column + ",'') FROM unit WHERE serial='" + serial +
                        "'");
    }

    std::string container(const std::string& sscc, const std::string& column) {
        return question("SELECT coalesce(" + column + ",'') FROM container WHERE sscc='" + sscc +
                        "'");
    }

    std::string kale_in(const std::string& place) {
        return question(
            "SELECT coalesce(sum(quantity),0) FROM balance WHERE lot_key='k-9' AND "
            "place='" +
            place + "'");
    }

    bool has_case(const std::string& kind) { return holds(*house.queries()->cases(true), kind); }

    std::string told_by_case(const std::string& kind) {
        return question("SELECT told FROM \"case\" WHERE kind='" + kind + "'");
    }

    void is_rebuilt_equal() { check_rebuilt_equal(house); }

    Warehouse house;
};

}  // namespace

TEST_CASE("a pallet of two cases is received by one scan", "[store][pallet][receive]") {
    Dock dock;
    CHECK(dock.container(case_a, "parent") == pallet);
    CHECK(dock.container(case_b, "parent") == pallet);
    CHECK(dock.container(pallet, "parent").empty());

    const auto outcome = dock.receive(pallet);
    CHECK(outcome.did == "received");
    CHECK(outcome.document == "ASN-9");
    CHECK(outcome.progress == "13 / 13");
    CHECK(outcome.verdict.code == "LOW_CONFIDENCE");
    CHECK(holds(outcome.verdict.told, "4 pieces of " + pallet));
    for (const char* serial : {"P-1", "P-2"}) {
        CHECK(dock.unit(serial, "state") == "RECEIVED");
        CHECK(dock.unit(serial, "capture") == "PALLET_INFERRED");
        CHECK(dock.unit(serial, "confidence") == "75");
        CHECK(dock.unit(serial, "container") == case_a);
        CHECK(dock.unit(serial, "location") == "DOCK-1");
    }
    CHECK(dock.kale_in("carton:" + case_b) == "8");
    CHECK(dock.kale_in("carton:" + pallet) == "3");
    for (const std::string& sscc : {pallet, case_a, case_b})
        CHECK(dock.container(sscc, "state") == "RECEIVED");
    CHECK(dock.question("SELECT state FROM document WHERE id='ASN-9'") == "done");
    dock.is_rebuilt_equal();
    // One event, and the same scan later opens the ASN and takes nothing in twice.
    dock.house.clock().advance_ms(120'000);
    CHECK(dock.receive(pallet).did == "document_opened");
    CHECK(dock.kale_in("carton:" + case_b) == "8");
}

TEST_CASE("a case alone is received alone, and its pallet brings the rest",
          "[store][pallet][receive]") {
    Dock dock;
    const auto first = dock.receive(case_b);
    CHECK(first.did == "received");
    CHECK(first.progress == "8 / 13");
    CHECK(dock.container(case_b, "state") == "RECEIVED");
    CHECK(dock.container(case_b, "parent") == pallet);
    CHECK(dock.container(pallet, "state") == "EXPECTED");
    CHECK(dock.container(case_a, "state") == "EXPECTED");
    CHECK(dock.unit("P-1", "state") == "EXPECTED");
    dock.is_rebuilt_equal();

    const auto rest = dock.receive(pallet);
    CHECK(rest.did == "received");
    CHECK(rest.progress == "13 / 13");
    CHECK(dock.unit("P-1", "state") == "RECEIVED");
    CHECK(dock.kale_in("carton:" + case_b) == "8");
    dock.is_rebuilt_equal();
}

TEST_CASE("a unit that was read by itself stays read, and the pallet infers the others",
          "[store][pallet][receive][R-61]") {
    Dock dock;
    CHECK(dock.house.scan(dock.house.unit(Step::receive, "DOCK-1", "P-1")).did == "received");
    CHECK(dock.receive(case_a).did == "received");
    CHECK(dock.unit("P-1", "capture") == "CASE");
    CHECK(dock.unit("P-1", "confidence") == "100");
    CHECK(dock.unit("P-2", "capture") == "PALLET_INFERRED");
    dock.is_rebuilt_equal();
}

TEST_CASE("two lines of one lot in two cases are counted each on its own line",
          "[store][pallet][receive]") {
    Dock dock;
    CHECK(dock.house.scan(dock.house.carton(Step::receive, "DOCK-1", case_b)).did == "received");
    CHECK(dock.question("SELECT done FROM document_line WHERE document='ASN-9' AND line=2") == "8");
    CHECK(dock.question("SELECT done FROM document_line WHERE document='ASN-9' AND line=3") == "0");
    dock.receive(pallet);
    CHECK(dock.question("SELECT done FROM document_line WHERE document='ASN-9' AND line=2") == "8");
    CHECK(dock.question("SELECT done FROM document_line WHERE document='ASN-9' AND line=3") == "3");
}

TEST_CASE("a piece that may not come in stops the pallet and is named",
          "[store][pallet][receive]") {
    Dock dock;
    // Nobody has told this site of the other product.
    dock.house.send({{"asn", R"({"id":"ASN-10","supplier":"V-1","lines":[
        {"line":1,"gtin":"09506000134352","lot":"L-9","sscc":"395060000000000047",
         "pallet":"395060000000000054","serials":["Q-1"]},
        {"line":2,"gtin":"09506000134383","sscc":"395060000000000047",
         "pallet":"395060000000000054","quantity":4}]})"}});
    const auto stopped = dock.receive("395060000000000054");
    CHECK(stopped.verdict.code == "PRODUCT_UNKNOWN");
    CHECK(stopped.verdict.blocks());
    CHECK(holds(stopped.verdict.told, "395060000000000054 stays as a whole"));
    CHECK(holds(stopped.verdict.told, "09506000134383"));
    CHECK(dock.unit("Q-1", "state") == "EXPECTED");
    CHECK(dock.container("395060000000000054", "state") == "EXPECTED");
    CHECK(dock.question("SELECT done FROM document WHERE id='ASN-10'") == "0");
    CHECK(dock.has_case("PRODUCT_UNKNOWN"));
    dock.is_rebuilt_equal();

    // When the product is known the same scan takes all of it in.
    dock.house.send({{"product", R"({"gtin":"09506000134383","name":"New"})"}});
    CHECK(dock.receive("395060000000000054").did == "received");
    CHECK(dock.unit("Q-1", "state") == "RECEIVED");
    dock.is_rebuilt_equal();
}

TEST_CASE("a lot that nobody announced is given to no case unopened", "[store][pallet][R-04]") {
    Dock dock;
    dock.house.send({{"product",
                      R"({"gtin":"09506000134390","name":"Herbs","lot_tracked":true,
                          "assign_tlc":true})"},
                     {"lot_range", R"({"id":"LR-1","prefix":"X","width":4,"first":1,"last":99})"},
                     {"asn", R"({"id":"ASN-11","supplier":"V-1","lines":[
        {"line":1,"gtin":"09506000134390","sscc":"395060000000000047",
         "pallet":"395060000000000054","quantity":4}]})"}});
    CHECK(dock.receive("395060000000000054").verdict.code == "LOT_REQUIRED");
    CHECK(dock.question("SELECT count(*) FROM lot WHERE own=1") == "0");
}

TEST_CASE("a held piece is taken into custody with its pallet, and stays held",
          "[store][pallet][R-18]") {
    Dock dock;
    dock.house.operate(
        "place_hold",
        {{"target", std::string("unit:") + romaine + "/P-2"}, {"hold_reason", "suspect"}});
    const auto outcome = dock.receive(pallet);
    CHECK(outcome.did == "received");
    CHECK(outcome.verdict.code == "ON_HOLD_SUSPECT");
    CHECK(holds(outcome.verdict.told, "P-2"));
    CHECK(dock.house.scan(dock.house.carton(Step::putaway, "A-01", pallet)).verdict.code ==
          "HELD_TO_PICKABLE");
    dock.is_rebuilt_equal();
}

TEST_CASE("a received pallet is put away with all that stands on it", "[store][pallet][putaway]") {
    Dock dock;
    dock.receive(pallet);
    CHECK(dock.house.scan(dock.house.carton(Step::putaway, "A-01", pallet)).did == "put_away");
    CHECK(dock.unit("P-1", "state") == "IN_INVENTORY");
    CHECK(dock.unit("P-1", "location") == "A-01");
    for (const std::string& sscc : {pallet, case_a, case_b})
        CHECK(dock.container(sscc, "location") == "A-01");
    CHECK(dock.container(case_a, "parent") == pallet);
    CHECK(dock.kale_in("carton:" + case_b) == "8");
    dock.is_rebuilt_equal();
    // Its goods come off at a pallet station.
    dock.house.scan(dock.house.carton(Step::palletise, "PAL-1", case_b));
    dock.house.scan(dock.house.code(Step::palletise, "PAL-1", "LG:OFF"));
    CHECK(dock.house.scan(dock.house.goods(Step::palletise, "PAL-1", "K-9", 2)).did ==
          "taken_off_pallet");
    CHECK(dock.kale_in("carton:" + case_b) == "6");
    dock.is_rebuilt_equal();
}

TEST_CASE("a pallet is put away with what has come, and a late case stands by itself",
          "[store][pallet][putaway]") {
    Dock dock;
    dock.receive(case_a);
    CHECK(dock.house.scan(dock.house.carton(Step::putaway, "A-01", pallet)).did == "put_away");
    CHECK(dock.container(case_a, "location") == "A-01");
    CHECK(dock.container(case_b, "location").empty());
    CHECK(dock.receive(case_b).did == "received");
    CHECK(dock.container(case_b, "location") == "DOCK-1");
    CHECK(dock.container(case_b, "parent").empty());
    dock.is_rebuilt_equal();
}

TEST_CASE("nothing of a pallet that nobody has received is put away", "[store][pallet][putaway]") {
    Dock dock;
    CHECK(dock.house.scan(dock.house.carton(Step::putaway, "A-01", pallet)).verdict.code ==
          "PALLET_NOT_RECEIVED");
}

TEST_CASE("a case of a pallet that did not come is named when the receipt is closed",
          "[store][pallet][R-09]") {
    Dock dock;
    dock.receive(case_b);
    dock.house.operate("close_receipt", {{"document", "ASN-9"}});
    CHECK(holds(dock.told_by_case("SERIAL_MISSING_FROM_SHIPMENT"),
                "Cases that did not come: " + case_a + " of pallet " + pallet + "."));
    CHECK_FALSE(holds(dock.told_by_case("SERIAL_MISSING_FROM_SHIPMENT"), case_b));
    CHECK(holds(dock.told_by_case("SHORT_RECEIPT"), "3 of 3"));
    CHECK(dock.container(case_a, "parent").empty());
    CHECK(dock.container(case_b, "parent") == pallet);
    dock.is_rebuilt_equal();
}

TEST_CASE("a case without a pallet opens its announcement, as ever", "[store][pallet][receive]") {
    Dock dock;
    CHECK(dock.receive("095060000000000015").did == "document_opened");
    CHECK(dock.unit("S-1", "state") == "EXPECTED");
}

TEST_CASE("an announcement is sent again with its cases on another pallet", "[store][pallet]") {
    Dock dock;
    std::string again = announcement;
    for (std::size_t at = again.find(pallet); at != std::string::npos; at = again.find(pallet))
        again.replace(at, pallet.size(), "395060000000000054");
    dock.house.send({{"asn", again}});
    CHECK(dock.container(case_a, "parent") == "395060000000000054");
    CHECK(dock.receive("395060000000000054").progress == "13 / 13");
    dock.is_rebuilt_equal();
}

TEST_CASE("containers that contradict each other change nothing and are told",
          "[store][pallet][feed]") {
    struct Row {
        std::string lines;
        const char* told;
    };

    const std::string goods = R"({"gtin":"09506000134369","lot":"K-7","quantity":1,)";
    const auto on = [&](const std::string& sscc, const std::string& stands_on) {
        return goods + R"("sscc":")" + sscc + R"(","pallet":")" + stands_on + "\"}";
    };
    const auto row =
        GENERATE_COPY(Row{on(case_a, case_a), "on itself"},
                      Row{on(case_a, pallet) + "," + on(case_a, case_b), "on one pallet alone"},
                      Row{on(case_a, case_b) + "," + on(case_b, case_a), "it is a case by lines["},
                      Row{on(case_a, "12345"), "lines[0].pallet \"12345\": this is no SSCC"});
    Warehouse house;
    house.furnish();
    const std::string asn = R"({"id":"ASN-7","supplier":"V-1","lines":[)" + row.lines + "]}";
    house.send({{"asn", asn}});
    const std::string cases = *house.queries()->cases(true);
    INFO(cases);
    CHECK(holds(cases, "FEED_UNREADABLE"));
    CHECK(holds(cases, "ASN-7 was not applied"));
    CHECK(question(house.path(), "SELECT count(*) FROM document WHERE id='ASN-7'") == "0");
    CHECK(question(house.path(), "SELECT count(*) FROM container WHERE document='ASN-7'") == "0");
    CHECK(holds(house.rebuild(), R"("ok":true)"));

    const auto refused = house.operate(
        "import_rows",
        {{"kind", "asn"}, {"rows", "1"}, {"import", "I-1"}, {"items", "[" + asn + "]"}});
    CHECK(refused.verdict.code == "IMPORT_NESTING");
    CHECK(holds(refused.verdict.told, "ASN-7: lines["));
    CHECK(holds(refused.verdict.told, row.told));
}

TEST_CASE("a pallet that another announcement has is left as it is, and told",
          "[store][pallet][feed]") {
    Dock dock;
    std::string other = announcement;
    other.replace(other.find("ASN-9"), 5, "ASN-8");
    other.replace(other.find("P-1"), 3, "R-1");
    other.replace(other.find("P-2"), 3, "R-2");
    dock.house.send({{"asn", other}});
    CHECK(dock.has_case("ASN_PALLET_KNOWN"));
    CHECK(dock.container(pallet, "document") == "ASN-9");
    dock.is_rebuilt_equal();
}

TEST_CASE("a pallet of a cancelled announcement is free for the one that replaces it",
          "[store][pallet][feed]") {
    Dock dock;
    dock.house.send({{"asn_cancel", R"({"id":"ASN-9"})"}});
    std::string other = announcement;
    other.replace(other.find("ASN-9"), 5, "ASN-8");
    dock.house.send({{"asn", other}});
    CHECK_FALSE(dock.has_case("ASN_PALLET_KNOWN"));
    CHECK(dock.container(case_a, "document") == "ASN-8");
    dock.is_rebuilt_equal();
}
