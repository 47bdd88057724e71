#pragma once

// Phrases for the barcode tests.

#include "adapters/barcode/decode.hpp"
#include "adapters/barcode/identity.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace lotgate::barcode {

/// The day of all these tests.
inline constexpr Date today{std::chrono::year{2026}, std::chrono::month{11}, std::chrono::day{22}};

/// "01=06141412345212 10=LOT42"
inline std::string elements_in(const Decoded& decoded) {
    std::string text;
    for (const Element element : decoded.elements()) {
        if (!text.empty()) text += ' ';
        text += std::string(element.ai) + "=" + std::string(element.value);
    }
    return text;
}

/// "ok", or the class of the error.
inline std::string verdict_on(const Decoded& decoded) {
    return decoded.ok() ? "ok" : std::string(name_of(decoded.error().error));
}

inline Decoded scanned(std::string_view raw) {
    DecodeOptions options;
    options.form = Form::scan;
    return decode(raw, options);
}

inline Decoded typed(std::string_view bracketed) {
    DecodeOptions options;
    options.form = Form::bracketed;
    return decode(bracketed, options);
}

inline Decoded link_read(std::string_view uri) {
    DecodeOptions options;
    options.form = Form::digital_link;
    return decode(uri, options);
}

inline bool warns(const Decoded& decoded, WarningClass warning) {
    for (const Warning& given : decoded.warnings()) {
        if (given.warning == warning) return true;
    }
    return false;
}

inline Identity identity_of(std::string_view raw) {
    return identify(scanned(raw), today);
}

}  // namespace lotgate::barcode
