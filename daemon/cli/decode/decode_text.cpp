// A decoded scan as a page for a person.

#include "adapters/barcode/dictionary.hpp"
#include "adapters/barcode/identity.hpp"
#include "daemon/cli/decode/decode_command.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>
#include <utility>

namespace lotgate::cli {

using namespace barcode;

namespace {

std::string_view title_of(std::string_view ai) {
    const AiEntry* entry = built_in_dictionary().find(ai);
    return entry == nullptr ? std::string_view() : entry->title;
}

void put_line(std::ostream& out, std::string_view name, std::string_view value) {
    constexpr std::size_t column = 16;
    out << "  " << name
        << std::string(std::max<std::size_t>(column, name.size() + 1) - name.size(), ' ')
        << printable(value) << '\n';
}

std::string decimal(const Quantity& quantity) {
    std::string digits = std::to_string(quantity.units);
    const auto scale = static_cast<std::size_t>(quantity.scale);
    if (scale == 0) return digits;
    if (digits.size() <= scale) digits.insert(0, scale + 1 - digits.size(), '0');
    return digits.insert(digits.size() - scale, 1, '.');
}

std::string shown(const LabelDate& date) {
    std::string text = to_string(date.date);
    if (date.minutes_of_day) {
        const int minutes = *date.minutes_of_day;
        const auto two = [](int n) { return std::to_string(100 + n).substr(1); };
        text += " " + two(minutes / 60) + ":" + two(minutes % 60);
    }
    return date.day_zero ? text + " (the month's last day)" : text;
}

void put_keys(std::ostream& out, const Identity& identity) {
    if (identity.gtin) {
        put_line(out,
                 "GTIN",
                 identity.gtin->text() + " (GTIN-" +
                     std::to_string(identity.gtin->native_length()) + ")");
    }
    if (identity.content_gtin) put_line(out, "content GTIN", identity.content_gtin->text());
    if (identity.sscc) put_line(out, "SSCC", identity.sscc->text());
    if (identity.lot) {
        put_line(out, "lot", identity.lot->as_labelled() + "  key " + identity.lot->key());
    }
    if (identity.serial) put_line(out, "serial", identity.serial->as_labelled());
}

void put_dates(std::ostream& out, const Identity& identity) {
    const std::array<std::pair<const char*, const std::optional<LabelDate>*>, 5> dates{
        {{"use by", &identity.expiry},
         {"best before", &identity.best_before},
         {"sell by", &identity.sell_by},
         {"produced", &identity.produced},
         {"packed", &identity.packed}}};
    for (const auto& [name, date] : dates)
        if (*date) put_line(out, name, shown(**date));
}

void put_rest(std::ostream& out, const Identity& identity) {
    if (identity.count) put_line(out, "count", std::to_string(*identity.count));
    for (const NamedQuantity& named : identity.quantities) {
        put_line(out, "(" + named.ai + ")", decimal(named.quantity) + " " + named.quantity.unit);
    }
    for (const std::string& code : identity.product_codes) put_line(out, "product code", code);
    if (!identity.hibc_item.empty()) put_line(out, "HIBC item", identity.hibc_item);
    if (!identity.supplier_item.empty()) put_line(out, "supplier item", identity.supplier_item);
    if (!identity.licence_plate.empty()) put_line(out, "licence plate", identity.licence_plate);
    if (!identity.plain.empty()) put_line(out, "text", identity.plain);
    if (identity.lot_or_serial_withheld) {
        put_line(out, "note", "read in more than one way: no lot or serial is taken from it");
    }
}

}  // namespace

std::string decoded_as_text(const Decoded& decoded, Date today) {
    std::ostringstream out;
    const bool refused = !decoded.ok();
    out << (refused ? "REFUSED" : "OK") << "  " << name_of(decoded.kind());
    if (!decoded.aim().empty()) out << "  " << printable(decoded.aim());
    out << '\n';
    put_line(out, "scanned", decoded.raw().substr(0, 400));
    if (refused) {
        put_line(out, "error", name_of(decoded.error().error));
        put_line(out, "why", explain(decoded, decoded.error()));
    }
    for (const Element element : decoded.elements()) {
        const std::string_view title = title_of(element.ai);
        put_line(out, "(" + std::string(element.ai) + ") " + std::string(title), element.value);
    }
    const Identity identity = identify(decoded, today);
    put_keys(out, identity);
    put_dates(out, identity);
    put_rest(out, identity);
    for (const Warning& warning : warnings_of(decoded, identity)) {
        put_line(out, "warning", explain(decoded, warning));
    }
    return out.str();
}

}  // namespace lotgate::cli
