#include "adapters/barcode/epc_urn.hpp"

#include "adapters/barcode/linters.hpp"
#include "adapters/barcode/writer.hpp"
#include "store/model/identity.hpp"

#include <algorithm>
#include <array>

namespace lotgate::barcode {

namespace {

// How a scheme's parts become one key and at most one second identifier.
enum class Shape {
    gtin,      ///< prefix.indicator+item: the indicator first, a check digit behind
    sscc,      ///< prefix.extension+serial: the same with 18 digits
    checked,   ///< prefix.reference: digits as they stand, a check digit behind
    padded,    ///< the same with a zero before it
    verbatim,  ///< prefix.reference: characters as they stand, no check digit
    pieces,    ///< prefix.indicator+item.piece.total
};

struct Scheme {
    std::string_view name;
    Shape shape;
    std::size_t digits;  ///< of prefix and reference together; 0 = any
    std::string_view key;
    std::string_view second;  ///< identifier of the last part, "" = none
    bool joined;              ///< the last part follows the key in the same value
};

constexpr std::array schemes{
    Scheme{"sgtin", Shape::gtin, 13, "01", "21", false},
    Scheme{"lgtin", Shape::gtin, 13, "01", "10", false},
    Scheme{"upui", Shape::gtin, 13, "01", "235", false},
    Scheme{"itip", Shape::pieces, 13, "8006", "21", false},
    Scheme{"sscc", Shape::sscc, 17, "00", "", false},
    Scheme{"sgln", Shape::checked, 12, "414", "254", false},
    Scheme{"pgln", Shape::checked, 12, "417", "", false},
    Scheme{"grai", Shape::padded, 12, "8003", "", true},
    Scheme{"gdti", Shape::checked, 12, "253", "", true},
    Scheme{"sgcn", Shape::checked, 12, "255", "", true},
    Scheme{"giai", Shape::verbatim, 0, "8004", "", false},
    Scheme{"gsrn", Shape::checked, 17, "8018", "", false},
    Scheme{"gsrnp", Shape::checked, 17, "8017", "", false},
    Scheme{"gsin", Shape::checked, 16, "402", "", false},
    Scheme{"ginc", Shape::verbatim, 0, "401", "", false},
    Scheme{"cpi", Shape::verbatim, 0, "8010", "8011", false},
};

constexpr std::string_view escaped_in_urn = "\"%&/<>?";

/// 0 to 15, or -1 where there is none.
int hex_digit(std::string_view text, std::size_t at) {
    const char c = at < text.size() ? text[at] : '\0';
    if (is_digit(c)) return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool unescaped(std::string_view text, std::string& plain) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            plain += text[i];
            continue;
        }
        const int high = hex_digit(text, i + 1);
        const int low = hex_digit(text, i + 2);
        if (high < 0 || low < 0) return false;
        plain += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return true;
}

std::string escaped(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string urn;
    for (const char c : text) {
        if (escaped_in_urn.find(c) == std::string_view::npos) {
            urn += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        urn += {'%', hex[byte >> 4U], hex[byte & 15U]};
    }
    return urn;
}

struct Parts {
    std::array<std::string_view, 5> part;
    std::size_t count = 0;
};

// Dots separate; a serial may hold dots itself, so the last part takes the rest.
Parts split_parts(std::string_view text, std::size_t most) {
    Parts parts;
    while (parts.count + 1 < most) {
        const std::size_t dot = text.find('.');
        if (dot == std::string_view::npos) break;
        parts.part[parts.count++] = text.substr(0, dot);
        text.remove_prefix(dot + 1);
    }
    parts.part[parts.count++] = text;
    return parts;
}

std::size_t parts_before_last(const Scheme& scheme) {
    return scheme.shape == Shape::pieces ? 4 : 2;
}

bool has_last(const Scheme& scheme) {
    return scheme.joined || !scheme.second.empty();
}

// "" where the digits do not fit the scheme.
std::string key_value(const Scheme& scheme, const Parts& parts) {
    const std::string_view prefix = parts.part[0];
    const std::string_view reference = parts.part[1];
    if (!all_digits(prefix) || prefix.size() < 6 || prefix.size() > 12) return {};
    std::string value;
    if (scheme.shape == Shape::verbatim) {
        return unescaped(reference, value) ? std::string(prefix) + value : std::string();
    }
    const std::size_t digits = prefix.size() + reference.size();
    if (digits != scheme.digits || (!reference.empty() && !all_digits(reference))) return {};
    const bool moved =
        scheme.shape == Shape::gtin || scheme.shape == Shape::sscc || scheme.shape == Shape::pieces;
    if (moved && reference.empty()) return {};
    value = moved ? std::string(reference.substr(0, 1)) + std::string(prefix) +
                        std::string(reference.substr(1))
                  : std::string(prefix) + std::string(reference);
    value += gs1_check_digit(value);
    if (scheme.shape == Shape::padded) value.insert(0, 1, '0');
    if (scheme.shape == Shape::pieces) {
        value += std::string(parts.part[2]) + std::string(parts.part[3]);
    }
    return value;
}

bool add_elements(Reading& reading,
                  const Scheme& scheme,
                  const Slice& data,
                  std::string_view body) {
    const auto at = static_cast<std::uint32_t>(data.end() - body.size());
    const auto refuse = [&] { return reading.writer.refuse(ErrorClass::urn_malformed, at); };
    const std::size_t before = parts_before_last(scheme);
    const Parts parts = split_parts(body, before + (has_last(scheme) ? 1 : 0));
    if (parts.count < before) return refuse();
    std::string key = key_value(scheme, parts);
    if (key.empty()) return refuse();
    std::string last;
    if (parts.count > before && !unescaped(parts.part[before], last)) return refuse();
    // '*' stands for any in a pattern; an extension of "0" says that a GLN has none.
    if (last == "*" || (scheme.key == "414" && last == "0")) last.clear();
    if (scheme.joined) key += last;
    if (!reading.writer.add_own(scheme.key, key, at)) return false;
    if (scheme.joined || last.empty()) return true;
    return reading.writer.add_own(scheme.second, last, at);
}

const LabelElement* element_named(std::span<const LabelElement> elements, std::string_view ai) {
    const auto found = std::find_if(
        elements.begin(), elements.end(), [ai](const LabelElement& e) { return e.ai == ai; });
    return found == elements.end() ? nullptr : &*found;
}

}  // namespace

bool read_epc_urn(Reading& reading, const Slice& data) {
    reading.writer.kind(Kind::epc_urn);
    std::string_view body = data.text;
    bool known = false;
    for (const std::string_view start : {"urn:epc:id:", "urn:epc:idpat:", "urn:epc:class:"}) {
        if (body.substr(0, start.size()) != start) continue;
        body.remove_prefix(start.size());
        known = true;
        break;
    }
    const std::size_t colon = body.find(':');
    if (!known || colon == std::string_view::npos) {
        return reading.writer.refuse(ErrorClass::urn_malformed, data.at);
    }
    const std::string_view name = body.substr(0, colon);
    const auto scheme = std::find_if(
        schemes.begin(), schemes.end(), [name](const Scheme& s) { return s.name == name; });
    if (scheme == schemes.end()) return reading.writer.refuse(ErrorClass::urn_malformed, data.at);
    return add_elements(reading, *scheme, data, body.substr(colon + 1)) &&
           check_elements(reading) && check_associations(reading, false);
}

Result<std::string> epc_urn(std::span<const LabelElement> elements, int company_prefix_digits) {
    if (company_prefix_digits < 6 || company_prefix_digits > 12) {
        return fail(FaultCode::invalid_input, "a company prefix has 6 to 12 digits");
    }
    LG_CHECK(element_string(elements));
    const auto digits = static_cast<std::size_t>(company_prefix_digits);
    const auto body = [digits](std::string_view key) {
        return std::string(key.substr(1, digits)) + '.' + key[0] +
               std::string(key.substr(1 + digits, key.size() - digits - 2));
    };
    if (const LabelElement* sscc = element_named(elements, "00")) {
        return "urn:epc:id:sscc:" + body(sscc->value);
    }
    const LabelElement* gtin = element_named(elements, "01");
    if (gtin == nullptr) return fail(FaultCode::invalid_input, "neither (00) nor (01) among them");
    const std::string item = body(gtin->value);
    if (const LabelElement* serial = element_named(elements, "21")) {
        return "urn:epc:id:sgtin:" + item + '.' + escaped(serial->value);
    }
    if (const LabelElement* lot = element_named(elements, "10")) {
        return "urn:epc:class:lgtin:" + item + '.' + escaped(lot->value);
    }
    return "urn:epc:idpat:sgtin:" + item + ".*";
}

}  // namespace lotgate::barcode
