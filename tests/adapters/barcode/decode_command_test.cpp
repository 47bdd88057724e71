// `lotgate decode`, as people and scripts call it.

#include "daemon/cli/decode/decode_command.hpp"

#include "tests/adapters/barcode/spoken.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <sstream>
#include <string>
#include <vector>

using namespace lotgate;

namespace {

struct Answer {
    int status = 0;
    std::string out;
    std::string err;
};

Answer command(const std::vector<std::string>& arguments, const std::string& input = {}) {
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    Answer answer;
    answer.status = cli::decode_command(arguments, in, out, err, barcode::today);
    answer.out = out.str();
    answer.err = err.str();
    return answer;
}

boost::json::object object_in(const std::string& line) {
    return boost::json::parse(line).as_object();
}

}  // namespace

TEST_CASE("a person sees what a scan says", "[barcode][command]") {
    const Answer answer =
        command({"]C10112312312312333"
                 "10LOT-7<GS>17261100"});
    CHECK(answer.status == 0);
    CHECK(answer.out.find("OK  element_string  ]C1") == 0);
    CHECK(answer.out.find("(10) BATCH/LOT  LOT-7") != std::string::npos);
    CHECK(answer.out.find("2026-11-30 (the month's last day)") != std::string::npos);
    const Answer refused = command({"]C10112312312312334"});
    CHECK(refused.status == 1);
    CHECK(refused.out.find("REFUSED") == 0);
    CHECK(refused.out.find("bad_check_digit") != std::string::npos);
    CHECK(refused.out.find("at byte 18") != std::string::npos);
}

TEST_CASE("a script gets one JSON object", "[barcode][command]") {
    const Answer answer = command({"--json",
                                   "]d20112312312312333"
                                   "10aB\\x1d21{GS}"
                                   "3103001750"});
    CHECK(answer.status == 1);
    const auto good = object_in(command({"--json",
                                         "]d20112312312312333"
                                         "10aB\\x1d21s{GS}3103001750"})
                                    .out);
    CHECK(good.at("ok").as_bool());
    CHECK(good.at("full_ok").as_bool());
    CHECK(boost::json::serialize(good.at("elements")) ==
          R"([["01","12312312312333"],["10","aB"],["21","s"],["3103","001750"]])");
    const auto& identity = good.at("identity").as_object();
    CHECK(identity.at("gtin").as_string() == "12312312312333");
    CHECK(good.at("digital_link").as_string().starts_with("https://id.gs1.org/01/"));
    CHECK(identity.at("native_length").as_int64() == 14);
    CHECK(identity.at("lot_key").as_string() == "ab");
    CHECK(identity.at("serial_key").as_string() == "s");
    const auto& weight = identity.at("quantities").as_array().at(0).as_object();
    CHECK(weight.at("units").as_int64() == 1750);
    CHECK(weight.at("scale").as_int64() == 3);
    const auto bad = object_in(answer.out);
    CHECK(bad.at("error").as_string() == "value_empty");
    CHECK(bad.at("position").as_int64() == 26);
    CHECK(bad.at("elements").as_array().empty());
}

TEST_CASE("each line in is one object out", "[barcode][command]") {
    const Answer answer = command({"--jsonl"},
                                  "{\"input\":\"10A\",\"aim\":\"]d2\"}\n"
                                  "]C110A\x1d"
                                  "21B\r\n"
                                  "\n"
                                  "{not json\n"
                                  "{\"input\":\"17221231\",\"form\":\"bracketed\"}\n"
                                  "{\"input\":\"(89)A\",\"opts\":{\"permit_unknown_ais\":true}}\n"
                                  "]Q1\xff\xe9\n");
    CHECK(answer.status == 0);
    std::istringstream lines(answer.out);
    std::vector<boost::json::object> objects;
    for (std::string line; std::getline(lines, line);) objects.push_back(object_in(line));
    REQUIRE(objects.size() == 7);
    CHECK(boost::json::serialize(objects[0].at("elements")) == R"([["10","A"]])");
    CHECK(boost::json::serialize(objects[1].at("elements")) == R"([["10","A"],["21","B"]])");
    CHECK_FALSE(objects[1].at("full_ok").as_bool());
    CHECK(objects[1].at("full_error").as_string() == "ai_required_missing");
    CHECK(objects[2].at("error").as_string() == "value_empty");
    CHECK(objects[3].at("kind").as_string() == "plain");
    CHECK(objects[4].at("error").as_string() == "malformed_brackets");
    CHECK(boost::json::serialize(objects[5].at("elements")) == R"([["89","A"]])");
    CHECK(objects[6].at("identity").as_object().at("plain").as_string() == "\xc3\xbf\xc3\xa9");
    CHECK(command({"--jsonl", "--strict"}, "]C199\n").status == 1);
}

TEST_CASE("every warning has its place and its sentence", "[barcode][command]") {
    const auto object = object_in(command({"--json", "]C1\\x1d17261100<GS><GS>10A"}).out);
    CHECK(boost::json::serialize(object.at("warnings")) ==
          R"(["leading_separator","double_separator","required_ai_missing","day_zero"])");
    const auto& details = object.at("warning_details").as_array();
    REQUIRE(details.size() == 4);
    const auto place_of = [&](std::size_t i) {
        return details.at(i).as_object().at("position").as_int64();
    };
    CHECK(place_of(0) == 3);
    CHECK(place_of(1) == 13);
    CHECK(place_of(3) == 6);
    CHECK(details.at(3).as_object().at("message").as_string().find("day 00") !=
          boost::json::string::npos);
    CHECK(command({"]C117261100"}).out.find("day 00") != std::string::npos);
    CHECK(place_of(2) > 0);
}

TEST_CASE("bytes that are no text are shown exactly, beside a text", "[barcode][command]") {
    const auto code_page = object_in(command({"--json", "]Q1A\xe9"}).out);
    CHECK(code_page.at("raw_hex").as_string() == "5d513141e9");
    const auto& details = code_page.at("warning_details").as_array();
    CHECK(details.at(0).as_object().at("position").as_int64() == 4);
    // Two, three and four bytes, the first and last of each kind.
    for (const char* text :
         {"\xc3\xa9", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
        const auto object = object_in(command({"--json", "]Q1" + std::string(text)}).out);
        CHECK_FALSE(object.contains("raw_hex"));
        CHECK(object.at("identity").as_object().at("plain").as_string() == text);
    }
    for (const char* bytes : {"\xc0\x80",
                              "\xe0\x9f\xbf",
                              "\xed\xa0\x80",
                              "\xf0\x8f\xbf\xbf",
                              "\xf4\x90\x80\x80",
                              "\xe2\x82",
                              "\xff"})
        CHECK(object_in(command({"--json", "]Q1" + std::string(bytes)}).out).contains("raw_hex"));
}

TEST_CASE("a text with a backslash and an x can be given", "[barcode][command]") {
    CHECK(cli::unescaped_argument(R"(A\x1dB)") ==
          "A\x1d"
          "B");
    CHECK(cli::unescaped_argument(R"(A\\x1dB)") == R"(A\x1dB)");
}

TEST_CASE("options reach the decoder", "[barcode][command]") {
    CHECK(command({"--capture", "10ABC"}).status == 1);
    CHECK(command({"--gs1", "--capture", "10ABC"}).status == 0);
    CHECK(command({"--aim", "]d2", "10ABC"}).out.find("element_string") != std::string::npos);
    CHECK(command({"--separator", "~", "]C110A~21B"}).out.find("(21) SERIAL") != std::string::npos);
    CHECK(command({"--unknown-ais", "(89)A"}).status == 0);
    CHECK(command({"--old-links", "https://a/gtin/9520123456788"}).status == 0);
    CHECK(command({"https://a/gtin/9520123456788"}).status == 1);
    CHECK(command({"--", "--10"}).out.find("plain") != std::string::npos);
}

TEST_CASE("a wrong call is told how it goes", "[barcode][command]") {
    for (const std::vector<std::string>& wrong : std::vector<std::vector<std::string>>{
             {}, {"a", "b"}, {"--nosuch", "a"}, {"--aim"}, {"--jsonl", "a"}}) {
        const Answer answer = command(wrong);
        CHECK(answer.status == 2);
        CHECK(answer.err.find("usage: lotgate decode") != std::string::npos);
        CHECK(answer.out.empty());
    }
    const Answer missing = command({"--dictionary", "/nonexistent/file", "10A"});
    CHECK(missing.status == 2);
    CHECK(missing.err.find("cannot read the file") != std::string::npos);
}
