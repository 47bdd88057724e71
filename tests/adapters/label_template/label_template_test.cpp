#include "adapters/label_template/label_template.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <unistd.h>

using lotgate::FaultCode;
using lotgate::adapters::LabelFields;
using lotgate::adapters::LabelLanguage;
using lotgate::adapters::LabelTemplate;
using lotgate::adapters::LabelTemplates;
using lotgate::adapters::TemplateProblem;

namespace {

struct Parsed {
    std::vector<TemplateProblem> problems;
    LabelTemplate label;
};

Parsed parsed(const std::string& text) {
    Parsed result;
    result.label = LabelTemplate::parse(text, result.problems);
    return result;
}

/// A label with one line of text.
std::string label_with(const std::string& text) {
    return "^XA\n^CI28\n^FO10,10^A0N,20,20^FH_^FD" + text + "^FS\n^XZ\n";
}

std::string rendered(const std::string& text, const LabelFields& fields) {
    const auto one = parsed(text);
    REQUIRE(one.problems.empty());
    const auto label = one.label.render(fields);
    REQUIRE(label);
    return *label;
}

/// The commands a printer would see, in order: a caret or tilde starts one wherever it stands.
std::vector<std::string> commands_in(const std::string& label) {
    std::vector<std::string> commands;
    for (std::size_t at = 0; at < label.size(); ++at)
        if (label[at] == '^' || label[at] == '~') commands.push_back(label.substr(at, 3));
    return commands;
}

LabelFields carton() {
    return {{"sscc", "095060001343520017"},
            {"order", "SO-4711"},
            {"customer", "Müller & Söhne"},
            {"route", "R12"},
            {"lines", "3 x Tablets lot L-88\n2 x Drops"},
            {"count", "5"}};
}

std::unique_ptr<LabelTemplates> shipped() {
    auto templates = LabelTemplates::load(std::string(LOTGATE_SOURCE_DIR) + "/config/labels");
    REQUIRE(templates);
    return std::move(*templates);
}

}  // namespace

TEST_CASE("a field is put into its place", "[label]") {
    CHECK(rendered(label_with("Order {order}"), {{"order", "SO-4711"}}) ==
          "^XA^JZN\n^CI28\n^FO10,10^A0N,20,20^FH_^FDOrder SO-4711^FS\n^PQ1^XZ\n");
}

TEST_CASE("scanned text cannot become a command of the printer", "[label]") {
    const auto plain = commands_in(rendered(label_with("{order}"), {{"order", "SO-4711"}}));
    const auto text = GENERATE(as<std::string>(),
                               "^XA^FDsecond label^FS^XZ",
                               "~JA",
                               "LOT^FS~JA",
                               "_5EXZ",
                               "a_b",
                               "^CC+",
                               "\x10\x1b^XZ",
                               "{order}{{",
                               "\n^XZ\r\n",
                               "\xc3\xa9\xff^");
    INFO(text);
    const auto label = rendered(label_with("{order}"), {{"order", text}});
    CHECK(commands_in(label) == plain);
    CHECK(std::all_of(
        label.begin(), label.end(), [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); }));
}

TEST_CASE("the check on commands sees a label that was not escaped", "[label]") {
    // what plain concatenation would have made of it
    const std::string raw = "^XA\n^FD" + std::string("^XA^FDsecond label^FS^XZ") + "^FS\n^XZ";
    CHECK(commands_in(raw).size() > commands_in("^XA\n^FDx^FS\n^XZ").size());
}

TEST_CASE("lines of a block stay lines, and nothing else gets through", "[label]") {
    const std::string block = "^XA^CI28^FO1,1^A0N,20,20^FB500,6^FH_^FD{block lines}^FS^XZ";
    const auto label = rendered(block, {{"lines", "3 x A\n2 x B\\&C^XZ"}});
    CHECK(label.find("3 x A\\&2 x B/") != std::string::npos);
    CHECK(commands_in(label).back() == "^XZ");
    CHECK(std::count(label.begin(), label.end(), '\\') == 1);
}

TEST_CASE("a template that cannot be right is refused with its line", "[label]") {
    struct Row {
        const char* what;
        std::string text;
        int line;
        const char* says;
    };

    const std::string before = "^XA\n^CI28\n";
    const auto row = GENERATE_COPY(
        Row{"unknown field", label_with("{custommer}"), 3, "did you mean \"customer\"?"},
        Row{"no such shape", label_with("{blok lines}"), 3, "did you mean \"block\"?"},
        Row{"place outside a field", before + "{order}\n^XZ", 3, "between ^FD and ^FS"},
        Row{"field as a parameter", before + "^PQ{count}\n^XZ", 3, "^PQ other than 1"},
        Row{"text without ^FH", before + "^FD{order}^FS^XZ", 3, "needs ^FH_"},
        Row{"text in a barcode", before + "^BCN^FH_^FD{order}^FS^XZ", 3, "name its shape"},
        Row{"GS1 data with the wrong ^FH",
            before + "^BCN,9,N,N,N,N^FH_^FD{code128 00=sscc}^FS^XZ",
            3,
            "needs ^FH\\"},
        Row{"DataMatrix without its escape character",
            before + "^BXN,6,200^FH\\^FD{datamatrix 00=sscc}^FS^XZ",
            3,
            "escape character @"},
        Row{"no identifier",
            before + "^BCN,9,N,N,N,N^FH\\^FD{code128 sscc}^FS^XZ",
            3,
            "application identifier"},
        Row{"identifier that does not fit the field",
            before + "^BCN,9,N,N,N,N^FH\\^FD{code128 00=order}^FS^XZ",
            3,
            "cannot be printed"},
        Row{"^BC that reads its data differently",
            before + "^BCN,9,N,N,N,D^FH\\^FD{code128 00=sscc}^FS^XZ",
            3,
            "mode other than N"},
        Row{"command characters changed", before + "^CC+\n^XZ", 3, "^CC"},
        Row{"format prefix changed", before + "\n^CT+\n^XZ", 4, "^CT"},
        Row{"delimiter changed", before + "^CD;\n^XZ", 3, "^CD"},
        Row{"the same with a tilde", before + "~CC+\n^XZ", 3, "immediate"},
        Row{"immediate command", before + "~JA\n^XZ", 3, "immediate"},
        Row{"the printer counts", before + "^FD1^SN1,1^FS\n^XZ", 3, "^SN"},
        Row{"two labels for one job", before + "^PQ2\n^XZ", 3, "^PQ"},
        Row{"printed again by itself", before + "^JZY\n^XZ", 3, "^JZ"},
        Row{"two labels", before + "^XZ\n^XA\n^XZ", 5, "one label"},
        Row{"no end", before, 3, "one label"},
        Row{"place without end", label_with("{order"), 3, "without \"}\""},
        Row{"brace alone", label_with("}"), 3, "without \"{\""},
        Row{"accents would be garbled", "^XA\n^FH_^FD{order}^FS\n^XZ", 3, "^CI28"});
    INFO(row.what);

    const auto result = parsed(row.text);
    REQUIRE_FALSE(result.problems.empty());
    INFO(result.problems.front().message);
    CHECK(result.problems.front().message.find(row.says) != std::string::npos);
    CHECK(result.problems.front().line == row.line);
}

TEST_CASE("a label without a field that it needs is not printed", "[label]") {
    const auto label = parsed(label_with("{order}")).label;
    CHECK(label.render({}).error().code() == FaultCode::invalid_input);
    CHECK(label.render({{"order", ""}}).error().detail() ==
          "the label needs \"order\" and was given none");
    CHECK(parsed(label_with("{order?}")).label.render({}));
}

TEST_CASE("an SSCC with a wrong check digit is never printed", "[label]") {
    const auto templates = shipped();
    auto fields = carton();
    CHECK(templates->render("carton", LabelLanguage::zpl, fields));
    fields[0].second = "095060001343520018";
    CHECK(templates->render("carton", LabelLanguage::zpl, fields).error().code() ==
          FaultCode::invalid_input);
}

TEST_CASE("a carton of one product carries its contents in the DataMatrix", "[label]") {
    const auto templates = shipped();
    const auto mixed = templates->render("carton", LabelLanguage::zpl, carton());
    REQUIRE(mixed);
    CHECK(mixed->find("(00) 095060001343520017") != std::string::npos);
    CHECK(mixed->find("@100095060001343520017^FS") != std::string::npos);

    auto fields = carton();
    fields.emplace_back("gtin", "09506000134352");
    fields.emplace_back("lot", "L-88");
    const auto one_product = templates->render("carton", LabelLanguage::zpl, fields);
    REQUIRE(one_product);
    CHECK(one_product->find("0209506000134352") != std::string::npos);
    CHECK(one_product->find("10L-88^FS") != std::string::npos);
}

TEST_CASE("the labels that come with lotgate print one label each", "[label]") {
    const auto templates = shipped();
    LabelFields all;
    for (const auto& field : lotgate::adapters::label_field_names())
        all.emplace_back(std::string(field.name), std::string(field.example));
    CHECK(templates->names().size() >= 2);
    for (const auto& name : templates->names()) {
        INFO(name);
        const auto label = templates->render(name, LabelLanguage::zpl, all);
        REQUIRE(label);
        const auto commands = commands_in(*label);
        CHECK(commands.front() == "^XA");
        CHECK(std::count(commands.begin(), commands.end(), "^XA") == 1);
        CHECK(std::count(commands.begin(), commands.end(), "^JZ") == 1);
        CHECK(std::count(commands.begin(), commands.end(), "^PQ") == 1);
        CHECK(commands.back() == "^XZ");
    }
}

TEST_CASE("every fault of every template is told with file and line", "[label]") {
    namespace fs = std::filesystem;
    const auto folder = fs::temp_directory_path() / fmt::format("lotgate-labels-{}", ::getpid());
    fs::create_directory(folder);
    std::ofstream(folder / "a.zpl") << label_with("{custommer}") << "~JA";
    std::ofstream(folder / "b.zpl") << label_with("{oder}");
    std::ofstream(folder / "notes.txt") << "{not a template}";

    const auto loaded = LabelTemplates::load(folder.string());
    fs::remove_all(folder);
    REQUIRE_FALSE(loaded);
    const auto& detail = loaded.error().detail();
    CHECK(detail.find("a.zpl:3:26: unknown field") != std::string::npos);
    CHECK(detail.find("a.zpl:5:1: ~JA") != std::string::npos);
    CHECK(detail.find("b.zpl:3:26: unknown field \"oder\"") != std::string::npos);

    CHECK(LabelTemplates::load(folder.string()).error().code() == FaultCode::unavailable);
}

TEST_CASE("a template that does not exist is named with the nearest one", "[label]") {
    const auto label = shipped()->render("cartn", LabelLanguage::zpl, carton());
    REQUIRE_FALSE(label);
    CHECK(label.error().detail() ==
          "there is no label template \"cartn\"; did you mean \"carton\"?");
}
