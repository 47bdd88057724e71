// The cases of independent implementations, where they lie beside the tree. Inputs, and what the
// standard says of them: ok, full_ok, elements and the class of the error.

#include "adapters/barcode/decode.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace json = boost::json;
using namespace lotgate::barcode;

namespace {

std::string text_of(const json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

bool flag_of(const json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_bool() && value->as_bool();
}

json::array elements_of(const Decoded& decoded) {
    json::array elements;
    for (const Element element : decoded.elements()) {
        elements.push_back(json::array{std::string(element.ai), std::string(element.value)});
    }
    return elements;
}

Decoded decoded_as(const json::object& wanted) {
    const std::string form = text_of(wanted, "form");
    DecodeOptions options;
    if (const auto* opts = wanted.if_contains("opts"); opts != nullptr && opts->is_object()) {
        options.permit_unknown_ais = flag_of(opts->as_object(), "permit_unknown_ais");
        options.permit_zero_suppressed_gtin =
            flag_of(opts->as_object(), "permit_zero_suppressed_gtin");
    }
    if (form == "bracketed") options.form = Form::bracketed;
    if (form == "dl_uri") options.form = Form::digital_link;
    if (form == "scan") options.form = Form::scan;
    return decode(text_of(wanted, "input"), options);
}

// "" when the case is as wanted, else what differs.
std::string difference(const json::object& wanted) {
    const Decoded decoded = decoded_as(wanted);
    if (decoded.ok() != flag_of(wanted, "ok")) {
        return "ok: " + std::string(decoded.ok() ? "true" : "false") + " " +
               explain(decoded, decoded.error());
    }
    const std::string error = text_of(wanted, "error");
    if (!decoded.ok() && name_of(decoded.error().error) != error) {
        return "error: " + std::string(name_of(decoded.error().error));
    }
    if (decoded.ok() && wanted.contains("full_ok") &&
        decoded.full_ok() != flag_of(wanted, "full_ok")) {
        return "full_ok differs";
    }
    const auto* elements = wanted.if_contains("elements");
    if (decoded.ok() && elements != nullptr && elements_of(decoded) != *elements) {
        return "elements: " + json::serialize(elements_of(decoded));
    }
    return {};
}

std::vector<json::object> cases_beside_the_tree() {
    const char* named = std::getenv("LOTGATE_BARCODE_CASES");
    std::ifstream file(named != nullptr ? named
                                        : LOTGATE_SOURCE_DIR "/../shared/gs1/sample-cases.jsonl");
    std::vector<json::object> cases;
    for (std::string line; std::getline(file, line);) {
        if (!line.empty()) cases.push_back(json::parse(line).as_object());
    }
    return cases;
}

bool is_for_the_decoder(const std::string& form) {
    return form == "bracketed" || form == "scan" || form == "dl_uri" || form == "element_raw" ||
           form == "date" || form == "decimal";
}

}  // namespace

TEST_CASE("five independent implementations and this decoder agree", "[barcode][sample]") {
    const auto cases = cases_beside_the_tree();
    if (cases.empty()) {
        WARN("no sample of cases beside the tree: skipped");
        return;
    }
    std::size_t tried = 0;
    std::size_t line = 0;
    for (const json::object& wanted : cases) {
        ++line;
        if (!is_for_the_decoder(text_of(wanted, "form"))) continue;
        ++tried;
        const std::string differs = difference(wanted);
        INFO("line " << line << ": " << json::serialize(wanted));
        CHECK(differs == "");
    }
    CHECK(tried > 0);
}
