#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::rules {

// Bytes beyond ASCII are kept exactly; two spellings that look alike would be two lots.
Verdict identifiers_are_plain(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit) return {};
    const auto is_plain = [](const std::string& text) {
        return std::all_of(
            text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    };
    const ScannedIdentity& what = attempt.what;
    const bool all_plain = (!what.serial || is_plain(what.serial->as_labelled())) &&
                           (!what.lot || is_plain(what.lot->as_labelled()));
    if (all_plain) return {};
    return warned("NONASCII_ID",
                  fmt::format("{} has characters that no GS1 label may have. It is taken as it is; "
                              "have the label checked.",
                              subject_of(facts, attempt)));
}

}  // namespace lotgate::rules
