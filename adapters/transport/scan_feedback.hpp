#pragma once

// What a scanner is told after the verdict: its beep, lamp or good-read output. Configured texts;
// empty = say nothing.

#include "adapters/scan.hpp"
#include "store/model/settings.hpp"

#include <string>

namespace lotgate::adapters {

struct ScanFeedback {
    std::string good;
    std::string attention;
    std::string bad;
    std::string unavailable;

    /// The bytes for this answer, with {code} and {told} filled in; control bytes in those become
    /// spaces. Empty = say nothing.
    [[nodiscard]] std::string text_for(const ScanAnswer& answer) const;
};

/// Keys answer_good, answer_attention, answer_bad, answer_unavailable; escapes as in frames.
[[nodiscard]] ScanFeedback parse_scan_feedback(SettingsTable& table, ScanFeedback usual = {});

}  // namespace lotgate::adapters
