// A decoded scan as JSON. The names of kinds and classes are part of the interface.

#include "adapters/barcode/digital_link.hpp"
#include "adapters/barcode/identity.hpp"
#include "daemon/cli/decode/decode_command.hpp"

#include <boost/json.hpp>

namespace lotgate::cli {

namespace json = boost::json;
using namespace barcode;

namespace {

// The bytes of the UTF-8 character at `i`; 0 where none stands there (RFC 3629, section 4).
std::size_t character_size(std::string_view bytes, std::size_t i) {
    const auto byte = [&](std::size_t k) {
        return i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U;
    };
    const auto is_continuation = [&](std::size_t k) { return (byte(k) & 0xc0U) == 0x80; };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    const bool starts = first >= 0xc2 && first <= 0xf4 && is_continuation(1);
    // Spelt longer than need be, half of a pair of UTF-16, or beyond the last character.
    const bool is_none = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) > 0x9f) ||
                         (first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) > 0x8f);
    if (!starts || is_none) return 0;
    if (first < 0xe0) return 2;
    if (!is_continuation(2)) return 0;
    if (first < 0xf0) return 3;
    return is_continuation(3) ? 4 : 0;
}

bool is_text(std::string_view bytes) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < bytes.size(); i += size) {
        size = character_size(bytes, i);
        if (size == 0) return false;
    }
    return true;
}

// Bytes that are no UTF-8 (a scanner's code page) become U+00NN, so that JSON stays valid.
json::string as_utf8(std::string_view bytes) {
    json::string text;
    for (std::size_t i = 0; i < bytes.size();) {
        const std::size_t size = character_size(bytes, i);
        if (size > 0) {
            text.append(bytes.substr(i, size));
            i += size;
            continue;
        }
        const auto byte = static_cast<unsigned char>(bytes[i++]);
        text.push_back(static_cast<char>(0xc0U | (byte >> 6U)));
        text.push_back(static_cast<char>(0x80U | (byte & 0x3fU)));
    }
    return text;
}

json::string as_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    json::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text.push_back(digits[byte >> 4U]);
        text.push_back(digits[byte & 15U]);
    }
    return text;
}

json::array elements_of(const Decoded& decoded) {
    json::array elements;
    for (const Element element : decoded.elements()) {
        elements.push_back(json::array{as_utf8(element.ai), as_utf8(element.value)});
    }
    return elements;
}

json::object date_of(const LabelDate& date) {
    json::object object{{"date", to_string(date.date)}, {"raw", date.raw}};
    if (date.day_zero) object["day_zero"] = true;
    if (date.minutes_of_day) object["minutes_of_day"] = *date.minutes_of_day;
    return object;
}

json::object quantity_of(const NamedQuantity& named) {
    json::object object{
        {"ai", named.ai}, {"units", named.quantity.units}, {"scale", named.quantity.scale}};
    if (!named.quantity.unit.empty()) object["unit"] = named.quantity.unit;
    return object;
}

void put_keys(json::object& object, const Identity& identity) {
    if (identity.gtin) {
        object["gtin"] = identity.gtin->text();
        object["native_length"] = identity.gtin->native_length();
    }
    if (identity.content_gtin) object["content_gtin"] = identity.content_gtin->text();
    if (identity.sscc) object["sscc"] = identity.sscc->text();
    if (identity.serial) {
        object["serial"] = as_utf8(identity.serial->as_labelled());
        object["serial_key"] = as_utf8(identity.serial->key());
    }
    if (identity.lot) {
        object["lot"] = as_utf8(identity.lot->as_labelled());
        object["lot_key"] = as_utf8(identity.lot->key());
    }
    const auto put_text = [&object](const char* name, const std::string& text) {
        if (!text.empty()) object[name] = as_utf8(text);
    };
    json::array codes;
    for (const std::string& code : identity.product_codes) codes.emplace_back(code);
    if (!codes.empty()) object["product_codes"] = std::move(codes);
    put_text("hibc_item", identity.hibc_item);
    put_text("supplier_item", identity.supplier_item);
    put_text("licence_plate", identity.licence_plate);
    put_text("pack_type", identity.pack_type);
    put_text("plain", identity.plain);
}

json::object identity_object(const Identity& identity) {
    json::object object;
    put_keys(object, identity);
    const auto put_date = [&object](const char* name, const std::optional<LabelDate>& date) {
        if (date) object[name] = date_of(*date);
    };
    put_date("expiry", identity.expiry);
    put_date("best_before", identity.best_before);
    put_date("sell_by", identity.sell_by);
    put_date("produced", identity.produced);
    put_date("packed", identity.packed);
    if (identity.count) object["count"] = *identity.count;
    json::array quantities;
    for (const NamedQuantity& quantity : identity.quantities) {
        quantities.push_back(quantity_of(quantity));
    }
    if (!quantities.empty()) object["quantities"] = std::move(quantities);
    json::array dates;
    for (const NamedDate& named : identity.dates) {
        json::object date = date_of(named.date);
        date["ai"] = named.ai;
        dates.push_back(std::move(date));
    }
    if (!dates.empty()) object["dates"] = std::move(dates);
    if (identity.lot_or_serial_withheld) object["lot_or_serial_withheld"] = true;
    return object;
}

}  // namespace

std::string decoded_as_json(const Decoded& decoded, Date today) {
    const Identity identity = identify(decoded, today);
    json::object object{{"ok", decoded.ok()},
                        {"full_ok", decoded.full_ok()},
                        {"kind", std::string(name_of(decoded.kind()))},
                        {"aim", as_utf8(decoded.aim())},
                        {"input", as_utf8(decoded.raw())},
                        {"elements", elements_of(decoded)}};
    if (!is_text(decoded.raw())) object["raw_hex"] = as_hex(decoded.raw());
    if (!decoded.full_ok()) {
        const Problem& problem = decoded.full_error();
        const std::string_view name = name_of(problem.error);
        object[decoded.ok() ? "full_error" : "error"] = std::string(name);
        object["position"] = problem.position;
        object["message"] = explain(decoded, problem);
    }
    if (decoded.is_ambiguous()) object["ambiguous"] = true;
    object["identity"] = identity_object(identity);
    if (decoded.ok()) {
        // The canonical name of what was read, where it has a GS1 key.
        if (auto link = digital_link_uri(decoded)) object["digital_link"] = *link;
    }
    json::array warnings;
    for (const WarningClass warning : identity.warnings) {
        warnings.push_back(json::string(name_of(warning)));
    }
    object["warnings"] = std::move(warnings);
    json::array details;
    for (const Warning& warning : warnings_of(decoded, identity)) {
        details.push_back(json::object{{"class", name_of(warning.warning)},
                                       {"position", warning.position},
                                       {"message", explain(decoded, warning)}});
    }
    if (!details.empty()) object["warning_details"] = std::move(details);
    return json::serialize(object);
}

}  // namespace lotgate::cli
