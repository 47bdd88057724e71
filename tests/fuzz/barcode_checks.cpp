#include "tests/fuzz/barcode_checks.hpp"

#include "adapters/barcode/dictionary.hpp"
#include "adapters/barcode/digital_link.hpp"
#include "adapters/barcode/identity.hpp"
#include "adapters/barcode/label.hpp"
#include "adapters/barcode/separator.hpp"
#include "adapters/barcode/zpl_field.hpp"
#include "store/model/assert.hpp"

#include <vector>

namespace lotgate::fuzz {

using namespace barcode;

namespace {

constexpr Date today{std::chrono::year{2026}, std::chrono::month{11}, std::chrono::day{22}};

std::vector<LabelElement> elements_of(const Decoded& decoded) {
    std::vector<LabelElement> elements;
    for (const Element element : decoded.elements()) {
        elements.push_back({element.ai, element.value});
    }
    return elements;
}

bool same_elements(const Decoded& a, const Decoded& b) {
    if (a.element_count() != b.element_count()) return false;
    for (std::size_t i = 0; i < a.element_count(); ++i) {
        if (a.element(i).ai != b.element(i).ai) return false;
        if (a.element(i).value != b.element(i).value) return false;
    }
    return true;
}

bool all_known_to_gs1(const std::vector<LabelElement>& elements) {
    for (const LabelElement& element : elements) {
        if (built_in_dictionary().find(element.ai) == nullptr) return false;
    }
    return !elements.empty();
}

void check_borders(const Decoded& decoded, std::string_view bytes) {
    LG_ASSERT(decoded.raw() == bytes.substr(0, raw_bytes_max));
    LG_ASSERT(decoded.error().position <= decoded.raw().size());
    LG_ASSERT(decoded.full_error().position <= decoded.raw().size());
    LG_ASSERT(decoded.element_count() <= elements_max);
    LG_ASSERT(decoded.ok() || decoded.element_count() == 0);
    for (const Element element : decoded.elements()) {
        LG_ASSERT(!element.ai.empty() && !element.value.empty());
        LG_ASSERT(element.position <= decoded.raw().size());
    }
    for (const Warning& warning : decoded.warnings()) {
        LG_ASSERT(warning.position <= decoded.raw().size());
        LG_ASSERT(!explain(decoded, warning).empty());
    }
    LG_ASSERT(!explain(decoded, decoded.full_error()).empty());
}

// Written again, in every form there is, it says the same.
void check_written_again(const Decoded& decoded) {
    const std::vector<LabelElement> elements = elements_of(decoded);
    if (!decoded.ok() || !all_known_to_gs1(elements)) return;
    const auto written = element_string(elements);
    if (!written) return;
    DecodeOptions scan;
    scan.aim = "]C1";
    LG_ASSERT(same_elements(decoded, decode(*written, scan)));
    DecodeOptions keyed;
    keyed.form = Form::bracketed;
    const std::string bracketed = bracketed_string(elements);
    // A value that ends with a backslash cannot be told from an escaped bracket behind it.
    if (bracketed.find("\\(") == std::string::npos) {
        LG_ASSERT(same_elements(decoded, decode(bracketed, keyed)));
    }
    const auto link = digital_link_uri(elements);
    if (link) {
        DecodeOptions as_link;
        as_link.form = Form::digital_link;
        const Decoded again = decode(*link, as_link);
        LG_ASSERT(again.ok() || again.error().error == ErrorClass::dl_bad_query);
    }
    const auto field = datamatrix_field(elements);
    LG_ASSERT(field && field->find_first_of("^~") == std::string::npos);
    const auto linear = code128_field(elements);
    LG_ASSERT(!linear || linear->find_first_of("^~") == std::string::npos);
}

}  // namespace

void check_decoding(std::string_view bytes, const DecodeOptions& options) {
    const Decoded decoded = decode(bytes, options);
    check_borders(decoded, bytes);
    const Identity identity = identify(decoded, today);
    LG_ASSERT(!decoded.is_ambiguous() || (!identity.lot && !identity.serial));
    const std::vector<Decoded> scans{decoded, decoded};
    const Label label = merge_label(scans, today);
    LG_ASSERT(label.refused_scans == (decoded.ok() ? 0U : 2U));
    check_written_again(decoded);
    if (decoded.raw().size() < 400) {
        static_cast<void>(find_lost_separator(decoded, {}));
    }
}

}  // namespace lotgate::fuzz
