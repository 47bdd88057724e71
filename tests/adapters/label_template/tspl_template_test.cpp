#include "adapters/label_template/label_template.hpp"
#include "adapters/label_template/tspl_field.hpp"
#include "adapters/tspl_printer/replies.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <unistd.h>

using namespace lotgate;
using namespace lotgate::adapters;

namespace {

struct Parsed {
    std::vector<TemplateProblem> problems;
    LabelTemplate label;
};

Parsed parsed(const std::string& text) {
    Parsed result;
    result.label = LabelTemplate::parse(text, result.problems, LabelLanguage::tspl);
    return result;
}

std::string with_line(const std::string& line) {
    return "SIZE 50 mm,25 mm\nCODEPAGE UTF-8\nCLS\n" + line + "\nPRINT 1\n";
}

std::string filled(const std::string& line, const LabelFields& fields) {
    const auto one = parsed(with_line(line));
    REQUIRE(one.problems.empty());
    const auto label = one.label.render(fields);
    REQUIRE(label);
    return *label;
}

/// The lines a printer would see: a line end ends a command wherever it stands.
std::vector<std::string> lines_of(const std::string& label) {
    std::vector<std::string> lines;
    std::string line;
    for (const char c : label) {
        if (c == '\r' || c == '\n') {
            if (!line.empty()) lines.push_back(line);
            line.clear();
        } else {
            line += c;
        }
    }
    return lines;
}

}  // namespace

TEST_CASE("a scanned text is data on a TSPL label, whatever it holds", "[printer][bad-input]") {
    const std::string scanned = GENERATE(std::string("a\"\r\nPRINT 99\r\nKILL \"*\""),
                                         std::string("\x1b!R\x1b!."),
                                         std::string("~!F ^XZ <b>&'"),
                                         std::string("\\[R]\\[L]\\"),
                                         std::string("\0\x01\x7f", 3),
                                         std::string("=cmd|' /C calc'!A1"));
    INFO(scanned);
    const auto label = filled("TEXT 1,1,\"2\",0,1,1,\"{order}\"", {{"order", scanned}});
    CHECK(lines_of(label).size() == 6);  // reprint, size, code page, clear, text, print
    CHECK(label.find('\x1b') == std::string::npos);
    CHECK(label.find("\\[R]") == std::string::npos);
    const auto one = one_tspl_label(label);
    REQUIRE(one);
    const std::string line = lines_of(*one)[4];
    // Every quote in the content is the escaped one: the text ends where the template ends it.
    const std::string content = line.substr(20, line.size() - 21);
    for (std::size_t at = content.find('"'); at != std::string::npos;
         at = content.find('"', at + 1)) {
        REQUIRE(at >= 2);
        CHECK(content.substr(at - 2, 4) == "\\[\"]");
    }
}

TEST_CASE("GS1 symbols of TSPL hold FNC1 where GS1 wants it", "[printer]") {
    const LabelFields fields{{"gtin", "09506000134352"}, {"lot", "L\"8~8"}, {"serial", "100"}};
    CHECK(filled("DMATRIX 1,1,99,99,c126,x5,\"{datamatrix 01=gtin 21=serial}\"", fields)
              .find("\"~10109506000134352"
                    "21100\"") != std::string::npos);
    CHECK(filled("BARCODE 1,1,\"128M\",80,0,0,2,2,\"{code128 00=sscc}\"",
                 {{"sscc", "095060001343520017"}})
              .find("\"!105!10200095060001343520017\"") != std::string::npos);
    CHECK(filled("BARCODE 1,1,\"128M\",80,0,0,2,2,\"{code128 01=gtin 21=serial}\"", fields)
              .find("\"!105!1020109506000134352211"
                    "0!1000\"") != std::string::npos);
    CHECK(filled("QRCODE 1,1,M,5,A,0,\"{qr order}\"", {{"order", "a\"b"}}).find("\"a\\[\"]b\"") !=
          std::string::npos);
}

TEST_CASE("what a TSPL barcode cannot print is refused with a reason", "[printer]") {
    const std::vector<barcode::LabelElement> lot{{"10", "A!B"}};
    CHECK(tspl_code128(lot).error().detail().find("print a DataMatrix") != std::string::npos);
    CHECK(tspl_datamatrix(lot));
    CHECK_FALSE(tspl_shaped(LabelTemplate::Shape::qr, "\\[L]"));
    CHECK_FALSE(tspl_shaped(LabelTemplate::Shape::plain128, "Ä"));
}

TEST_CASE("each fault of a TSPL template is found", "[printer]") {
    struct Row {
        std::string text;
        const char* told;
        int line;
        int column;
    };

    const auto row = GENERATE(values<Row>(
        {{with_line("TEXT 1,1,\"2\",0,1,1,\"{oder}\""), "did you mean \"order\"", 4, 21},
         {with_line("TEXT 1,1,\"2\",0,1,1,{order}"), "only between quotes", 4, 20},
         {with_line("TEXT 1,1,\"2\",0,1,1,\"{code128 00=sscc}\""), "BARCODE", 4, 21},
         {with_line("BARCODE 1,1,\"128\",9,0,0,2,2,\"{code128 00=sscc}\""), "128M", 4, 30},
         {with_line("DMATRIX 1,1,9,9,\"{datamatrix 00=sscc}\""), "c126", 4, 18},
         {with_line("QRCODE 1,1,M,5,A,0,\"{order}\""), "name the shape", 4, 21},
         {with_line("TEXT 1,1,\"2\",0,1,1,@1"), "variable of the printer", 4, 20},
         {with_line("DOWNLOAD \"A.BAS\""), "no place in a label", 4, 1},
         {with_line("TEXTT 1,1"), "did you mean \"TEXT\"", 4, 1},
         {with_line("SET REPRINT ON"), "SET REPRINT", 4, 1},
         {with_line("SET COUNTER @1 1"), "lets the printer count", 4, 1},
         {with_line("TEXT 1,1,\"2\",0,1,1,\"{order"), "without \"}\"", 4, 21},
         {with_line("{if oder}BOX 1,1,2,2,3"), "unknown field \"oder\"", 4, 1},
         {"SIZE 1 mm,1 mm\nCLS\nPRINT 2\n", "PRINT other than 1", 3, 1},
         {"SIZE 1 mm,1 mm\nCLS\nPRINT 1\nPRINT 1\n", "something follows PRINT", 4, 1},
         {"CLS\nPRINT 1\n", "no SIZE", 2, 1},
         {"SIZE 1 mm,1 mm\nPRINT 1\n", "no CLS", 2, 1},
         {"SIZE 1 mm,1 mm\nCLS\nTEXT 1,1,\"2\",0,1,1,\"{order}\"\n", "CODEPAGE", 3, 1}}));
    INFO(row.text);
    const auto result = parsed(row.text);
    REQUIRE_FALSE(result.problems.empty());
    const auto& problem = result.problems.front();
    INFO(problem.message);
    CHECK(problem.message.find(row.told) != std::string::npos);
    CHECK(problem.line == row.line);
    CHECK(problem.column == row.column);
}

TEST_CASE("a conditional line is there only where its field is, in both languages", "[printer]") {
    const std::string line = "{if lot}TEXT 1,1,\"2\",0,1,1,\"LOT {lot}\"";
    CHECK(filled(line, {}).find("LOT") == std::string::npos);
    CHECK(filled(line, {{"lot", "L-88"}}).find("\"LOT L-88\"") != std::string::npos);

    std::vector<TemplateProblem> problems;
    const auto zpl = LabelTemplate::parse(
        "^XA\n^CI28\n{if lot}^FO1,1^A0N,20,20^FH_^FDLOT {lot}^FS\n^FO1,9^GB9,9,1^FS\n^XZ\n",
        problems);
    REQUIRE(problems.empty());
    CHECK(zpl.render({})->find("LOT") == std::string::npos);
    CHECK(zpl.render({})->find("^GB9,9,1^FS") != std::string::npos);
    CHECK(zpl.render({{"lot", "L-88"}})->find("^FDLOT L-88^FS") != std::string::npos);

    static_cast<void>(
        LabelTemplate::parse("^XA\n^CI28\n{if lot}^FO1,1^FH_^FD{lot}\n^FS^XZ", problems));
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].message.find("ends its field on the same line") != std::string::npos);
}

TEST_CASE("a template that cannot be verified, or hides a reprint, is not loaded", "[printer]") {
    const auto folder =
        std::filesystem::temp_directory_path() / ("lotgate-labels-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "plain.tspl") << with_line("TEXT 1,1,\"2\",0,1,1,\"{order}\"");
    const auto loaded = LabelTemplates::load(folder.string());
    std::filesystem::remove_all(folder);
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().detail().find("plain.tspl:1:1: no symbol carries sscc, serial or lot") !=
          std::string::npos);
    CHECK(loaded.error().detail().find("no {copy?}") != std::string::npos);
}

TEST_CASE("the shipped templates are there in both languages, and print one label", "[printer]") {
    const auto all = LabelTemplates::load(std::string(LOTGATE_SOURCE_DIR) + "/config/labels");
    REQUIRE(all);
    CHECK((*all)->names() == std::vector<std::string>{"carton", "lot", "unit"});
    for (const auto& name : (*all)->names()) {
        INFO(name);
        CHECK((*all)->has(name, LabelLanguage::zpl));
        const auto tspl = (*all)->render(name, LabelLanguage::tspl, example_label_fields());
        REQUIRE(tspl);
        CHECK(one_tspl_label(*tspl));
        CHECK(tspl->find("COPY 1") != std::string::npos);
    }
    CHECK((*all)->render("cartn", LabelLanguage::tspl, {}).error().detail().find("\"carton\"") !=
          std::string::npos);
}
