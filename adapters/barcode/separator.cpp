#include "adapters/barcode/separator.hpp"

#include "adapters/barcode/writer.hpp"

#include <algorithm>
#include <array>

namespace lotgate::barcode {

namespace {

constexpr std::size_t readings_max = 16;

// What follows a lot or serial on real labels. Anything else in the middle of a value is far more
// likely part of it: every lot with "91" in it would otherwise be in doubt.
bool is_companion(std::string_view ai) {
    constexpr std::array<std::string_view, 14> companions{
        "00", "01", "02", "10", "11", "13", "15", "16", "17", "21", "30", "37", "240", "7003"};
    const bool measured = ai.size() == 4 && ai[0] == '3' && ai[1] >= '1' && ai[1] <= '3';
    return measured || std::find(companions.begin(), companions.end(), ai) != companions.end();
}

// The remainder of a value as elements of its own; empty where it is none.
OtherReading elements_of(std::string_view remainder, const Decoded& decoded) {
    DecodeOptions options;
    options.form = Form::scan;
    options.aim = "]d2";
    const Decoded read = decode(remainder, options);
    if (!read.ok() || read.element_count() == 0) return {};
    OtherReading elements;
    for (const Element element : read.elements()) {
        // An identifier that the label has already would be there twice.
        if (decoded.find(element.ai) || !is_companion(element.ai)) return {};
        elements.emplace_back(element.ai, element.value);
    }
    return elements;
}

using Pattern = std::function<bool(std::string_view)>;

const Pattern& pattern_of(const ProductPatterns& patterns, std::string_view ai) {
    static const Pattern unknown;
    if (ai == "10") return patterns.lot;
    return ai == "21" ? patterns.serial : unknown;
}

// Whether every lot and serial in it is of the product's form.
bool fits(const OtherReading& elements, const ProductPatterns& patterns) {
    return std::all_of(elements.begin(), elements.end(), [&](const auto& element) {
        const Pattern& pattern = pattern_of(patterns, element.first);
        return !pattern || pattern(element.second);
    });
}

OtherReading whole_scan_with(const Decoded& decoded, std::size_t index, OtherReading parts) {
    OtherReading whole;
    for (std::size_t i = 0; i < decoded.element_count(); ++i) {
        const Element element = decoded.element(i);
        if (i == index) {
            whole.insert(whole.end(), parts.begin(), parts.end());
        } else {
            whole.emplace_back(element.ai, element.value);
        }
    }
    return whole;
}

struct Readings {
    std::vector<OtherReading> fitting;
    std::vector<OtherReading> valid;
};

Readings readings_of(const Decoded& decoded, std::size_t index, const ProductPatterns& patterns) {
    Readings readings;
    const Element element = decoded.element(index);
    for (std::size_t cut = 1; cut + 2 < element.value.size(); ++cut) {
        OtherReading parts = elements_of(element.value.substr(cut), decoded);
        if (parts.empty()) continue;
        parts.insert(parts.begin(),
                     {std::string(element.ai), std::string(element.value.substr(0, cut))});
        const bool good = fits(parts, patterns);
        auto& list = good ? readings.fitting : readings.valid;
        if (list.size() < readings_max) list.push_back(whole_scan_with(decoded, index, parts));
    }
    return readings;
}

SeparatorVerdict weighed(bool has_pattern, bool fits_as_read, const Readings& readings) {
    if (!has_pattern) {
        return readings.fitting.empty() ? SeparatorVerdict::none : SeparatorVerdict::possible;
    }
    if (readings.fitting.empty()) return SeparatorVerdict::none;
    return fits_as_read ? SeparatorVerdict::ambiguous : SeparatorVerdict::lost;
}

}  // namespace

SeparatorFinding find_lost_separator(const Decoded& decoded, const ProductPatterns& patterns) {
    SeparatorFinding worst;
    if (!decoded.ok() || decoded.kind() != Kind::element_string) return worst;
    for (std::size_t i = 0; i < decoded.element_count(); ++i) {
        const Element element = decoded.element(i);
        if (element.ai != "10" && element.ai != "21") continue;
        const Pattern& pattern = pattern_of(patterns, element.ai);
        const bool fits_as_read = pattern && pattern(element.value);
        Readings readings = readings_of(decoded, i, patterns);
        const SeparatorVerdict verdict =
            weighed(static_cast<bool>(pattern), fits_as_read, readings);
        if (verdict <= worst.verdict) continue;
        worst = {verdict, std::string(element.ai), element.position, std::move(readings.fitting)};
    }
    return worst;
}

}  // namespace lotgate::barcode
