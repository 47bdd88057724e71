#pragma once

// What a person keys in beside a code that lacks it (rules ): it joins the label as a
// code of its own, so that it is checked, and compared with what was read, like any other.

#include "store/model/keyed_text.hpp"

#include <string>
#include <utility>
#include <vector>

namespace lotgate::adapters {

/// The codes of one read event: the code itself, and element strings for serial and lot. Empty
/// where nothing was keyed in: then the code stands alone.
[[nodiscard]] inline std::vector<std::string> with_keyed_parts(const std::string& code,
                                                               const std::string& serial,
                                                               const std::string& lot) {
    std::vector<std::string> codes;
    for (const auto& [identifier, typed] : {std::pair("21", &serial), std::pair("10", &lot)}) {
        const std::string text = keyed_text(*typed);
        if (text.empty()) continue;
        if (codes.empty()) codes.push_back(code);
        codes.push_back(std::string("]d2") + identifier + text);
    }
    return codes;
}

}  // namespace lotgate::adapters
