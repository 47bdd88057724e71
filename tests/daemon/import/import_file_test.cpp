// A file is taken as a whole or not at all: every problem with its line, its column and what to do.

#include "daemon/import/import_file.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

using namespace lotgate;
using namespace lotgate::import;

namespace {

struct Read {
    Summary summary;
    std::vector<std::string> items;
    std::vector<Problem> problems;

    [[nodiscard]] bool tells(std::int64_t line, const std::string& what) const {
        for (const Problem& problem : problems)
            if (problem.line == line &&
                (problem.told.find(what) != std::string::npos || problem.code == what))
                return true;
        return false;
    }
};

Read read(const char* kind, std::istream& in) {
    Read result;
    const Take take = [&](std::string item, std::int64_t) -> Result<> {
        result.items.push_back(std::move(item));
        return {};
    };
    const Tell tell = [&](Problem problem) { result.problems.push_back(std::move(problem)); };
    const Hearers hearers{take, tell, {}};
    auto summary = read_file(in, *table_named(kind), hearers);
    REQUIRE(summary.has_value());
    result.summary = *summary;
    return result;
}

Read read(const char* kind, const std::string& text) {
    std::istringstream in(text);
    return read(kind, in);
}

}  // namespace

TEST_CASE("every example file is right", "[import]") {
    for (const char* kind :
         {"products", "lots", "locations", "parties", "asn", "orders", "stock"}) {
        std::ifstream in(std::string(LOTGATE_SOURCE_DIR) + "/config/examples/" + kind + ".csv");
        REQUIRE(in.good());
        const Read result = read(kind, in);
        INFO(kind << " " << (result.problems.empty() ? "" : result.problems.front().told));
        CHECK(result.problems.empty());
        CHECK(result.summary.items > 0);
    }
}

TEST_CASE("a row becomes the item that the cloud would send", "[import]") {
    const Read result =
        read("products",
             "gtin,name,serial_tracked,regimes,scale,custom.colour\n9506000134352,Romaine,yes,"
             "rx fsma204,0,green\n");
    REQUIRE(result.items.size() == 1);
    CHECK(result.items[0] ==
          R"({"gtin":"09506000134352","name":"Romaine","serial_tracked":true,)"
          R"("regimes":["rx","fsma204"],"scale":0,"custom":{"colour":"green"}})");
}

TEST_CASE("a product's other codes are checked one by one", "[import]") {
    const Read good =
        read("products", "gtin,name,codes\n9506000134352,Romaine,hibc:A123BJC5D6E71 part:47/11\n");
    REQUIRE(good.items.size() == 1);
    CHECK(good.items[0] == R"({"gtin":"09506000134352","name":"Romaine",)"
                           R"("codes":["hibc:A123BJC5D6E71","part:47/11"]})");
    CHECK(read("products", "gtin,name,codes\n9506000134352,R,A123BJC5D6E71\n")
              .tells(2, "no product code"));
}

TEST_CASE("rows of one document become one document", "[import]") {
    const Read result = read("asn",
                             "id,supplier,gtin,lot,serial,quantity\n"
                             "A1,V,09506000134352,L-1,S-1,\nA1,V,09506000134352,L-1,S-2,\n"
                             "A1,V,09506000134369,,,4\nA2,V,09506000134369,,,2.5\n");
    REQUIRE(result.items.size() == 2);
    CHECK(result.items[0] ==
          R"({"id":"A1","supplier":"V","lines":[{"gtin":"09506000134352","lot":"L-1",)"
          R"("serials":["S-1","S-2"]},{"gtin":"09506000134369","quantity":"4"}]})");
    CHECK(result.items[1].find(R"("quantity":"2.5")") != std::string::npos);
}

TEST_CASE("each problem says where it is and what to do", "[import]") {
    const Read result = read("stock",
                             "gtin,location,lot,quantity,expires_on\n"
                             "09506000134353,A,K,1,\n"
                             "09506000134369,,K,1,\n"
                             "09506000134369,A,K,\"1,5\",\n"
                             "09506000134369,A,K2,1,31.01.2027\n"
                             "09506000134369,A,K3,,\n"
                             "09506000134369,A,K4,1\n");
    CHECK(result.items.empty());
    CHECK(result.tells(2, "check digit"));
    CHECK(result.tells(3, "must not be empty"));
    CHECK(result.tells(4, "point: 12.5"));
    CHECK(result.tells(5, "2027-01-31"));
    CHECK(result.tells(6, "quantity or a serial"));
    CHECK(result.tells(7, "4 fields"));
    CHECK(result.summary.problems == static_cast<std::int64_t>(result.problems.size()));
}

TEST_CASE("columns that are wrong are told with the nearest name", "[import]") {
    const Read result = read("products", "gtin,nmae,name,name\n09506000134352,a,b,c\n");
    CHECK(result.tells(1, "did you mean \"name\""));
    CHECK(result.tells(1, "stands twice"));
    CHECK(read("products", "gtin\n").tells(1, "missing"));
    CHECK(read("products", "").tells(1, "empty"));
    CHECK(result.items.empty());
}

TEST_CASE("numbers that a spreadsheet has mangled are found", "[import][N-10]") {
    CHECK(read("lots", "gtin,lot\n9.50600E+12,K\n").tells(2, "IMPORT_NUMERIC_MANGLED"));
    CHECK(read("lots", "gtin,lot\n09506000134369,1.23E+11\n").tells(2, "IMPORT_NUMERIC_MANGLED"));
    CHECK(
        read("lots", "gtin,lot\n09506000134369,\"9,5e+17\"\n").tells(2, "IMPORT_NUMERIC_MANGLED"));
    const Read zeros =
        read("stock",
             "gtin,location,serial\n09506000134376,A,000123\n"
             "09506000134376,A,124\n09506000134376,A,AB9\n09506000134376,A,100000\n");
    CHECK(zeros.tells(3, "taken the zeros"));
    CHECK(zeros.problems.size() == 1);
    // Lots that only look like it are lots.
    CHECK(read("lots", "gtin,lot\n09506000134369,12E4\n").problems.empty());
    CHECK(read("lots", "gtin,lot\n09506000134369,E12\n").problems.empty());
}

TEST_CASE("a key that stands twice in a file is told with both lines", "[import][R-58]") {
    CHECK(read("lots", "gtin,lot\n09506000134369,K-1\n09506000134369,k-1\n").tells(3, "line 2"));
    CHECK(read("orders",
               "id,customer,gtin,quantity\nS1,C,09506000134369,1\nS2,C,09506000134369,1\n"
               "S1,C,09506000134369,1\n")
              .tells(4, "stand together"));
}

TEST_CASE("hidden characters and dashes of a spreadsheet are read as what is meant",
          "[import][N-04][N-05]") {
    const Read result = read("lots",
                             "gtin,lot\n\xe2\x80\x8b"
                             "09506000134369,K\xe2\x80\x93"
                             "1\xc2\xa0\n");
    REQUIRE(result.items.size() == 1);
    CHECK(result.items[0].find(R"("lot":"K-1")") != std::string::npos);
}

TEST_CASE("a case that stands on its pallet keeps it on its line", "[import][pallet]") {
    const Read result = read("asn",
                             "id,supplier,gtin,lot,serial,quantity,sscc,pallet\n"
                             "A1,V,09506000134352,L-1,S-1,,095060000000008011,095060000000008004\n"
                             "A1,V,09506000134352,L-1,S-2,,095060000000008011,095060000000008004\n"
                             "A1,V,09506000134369,K,,4,,095060000000008004\n");
    REQUIRE(result.problems.empty());
    REQUIRE(result.items.size() == 1);
    for (const char* said : {R"("sscc":"095060000000008011")",
                             R"("pallet":"095060000000008004")",
                             R"("serials":["S-1","S-2"])",
                             R"("quantity":"4","pallet":"095060000000008004")"})
        CHECK(result.items[0].find(said) != std::string::npos);
}

TEST_CASE("containers that contradict each other are told by row and column", "[import][pallet]") {
    const auto rows = [](const std::string& first, const std::string& second) {
        return read("asn",
                    "id,supplier,gtin,lot,quantity,sscc,pallet\nA1,V,09506000134369,K,1," + first +
                        "\nA2,V,09506000134369,K,2," + second + "\n");
    };
    const std::string a = "095060000000008011";
    const std::string b = "095060000000008028";
    const std::string c = "095060000000008004";
    CHECK(rows(a + "," + c, b + "," + c).problems.empty());
    const Read two = rows(a + "," + c, a + "," + b);
    CHECK(two.tells(3, "stands on pallet " + c + " by line 2"));
    CHECK(two.problems.front().column == "pallet");
    CHECK(rows(a + "," + a, b + ",").tells(2, "on itself"));
    const Read loop = rows(a + "," + b, b + "," + a);
    CHECK(loop.tells(2, "a case (sscc) on line 3"));
    CHECK(loop.tells(3, "a case (sscc) on line 2"));
    CHECK(rows(a + ",", b + "," + a).tells(3, "IMPORT_NESTING"));
    CHECK(rows(a + ",12345", b + "," + c).tells(2, "IMPORT_INVALID"));
}
