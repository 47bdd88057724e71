// The rows of a CSV file as they were written, and what is refused with its line.

#include "daemon/import/csv_reader.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using namespace lotgate;
using import::CsvReader;
using import::CsvRow;

namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(const std::string& text) {
    std::istringstream in(text);
    CsvReader reader(in);
    Rows rows;
    CsvRow row;
    while (true) {
        const auto is_there = reader.next(row);
        if (!is_there) {
            rows.push_back({"FAULT", is_there.error().detail()});
            return rows;
        }
        if (!*is_there) return rows;
        rows.push_back(row.fields);
    }
}

std::string fault_of(const std::string& text) {
    const Rows rows = rows_of(text);
    return !rows.empty() && rows.back().front() == "FAULT" ? rows.back()[1] : std::string();
}

}  // namespace

TEST_CASE("rows are read as a spreadsheet writes them", "[import][csv]") {
    CHECK(rows_of("a,b\n1,2\n") == Rows{{"a", "b"}, {"1", "2"}});
    CHECK(rows_of("a,b\r\n1,2") == Rows{{"a", "b"}, {"1", "2"}});
    CHECK(rows_of("\xef\xbb\xbf"
                  "a,b\n") == Rows{{"a", "b"}});
    CHECK(rows_of("a;b\n1,5;2\n") == Rows{{"a", "b"}, {"1,5", "2"}});
    CHECK(rows_of("a,b\n\"x,y\",\"he said \"\"no\"\"\"\n") ==
          Rows{{"a", "b"}, {"x,y", "he said \"no\""}});
    CHECK(rows_of("a,b\n\"two\nlines\",2\n") == Rows{{"a", "b"}, {"two\nlines", "2"}});
    CHECK(rows_of("a,b\n\n1,2\n\n") == Rows{{"a", "b"}, {"1", "2"}});
    CHECK(rows_of("a,b\n,\n") == Rows{{"a", "b"}, {"", ""}});
    CHECK(rows_of("").empty());
}

TEST_CASE("what no spreadsheet writes is refused with its line", "[import][csv]") {
    CHECK(fault_of("a,b\n1,2\n\"open,2\n").find("line 3") == 0);
    CHECK(fault_of("a,b\n\"x\"y,2\n").find("line 2") == 0);
    CHECK(fault_of("a,b\nx\"y,2\n").find("line 2") == 0);
    CHECK(fault_of(std::string("a,b\n1,\x01\n")).find("control") != std::string::npos);
    CHECK(fault_of("\xff\xfe"
                   "a")
              .find("UTF-16") != std::string::npos);
    CHECK(fault_of("a\n" + std::string(70'000, 'x')).find("64 KiB") != std::string::npos);
    CHECK(fault_of(std::string(300, ',')).find("200 columns") != std::string::npos);
}
