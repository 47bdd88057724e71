#include "store/rules/facts.hpp"

#include "store/model/quantity.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::rules {

namespace {

constexpr std::size_t shown_length_max = 60;

void take_earlier(std::optional<Date>& earliest, const std::optional<Date>& date) {
    if (date && (!earliest || *date < *earliest)) earliest = date;
}

}  // namespace

bool ProductFacts::is_under(std::string_view regime) const {
    std::string_view rest = regimes;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        if (rest.substr(0, end) == regime) return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

std::string Facts::lot_key(const Attempt& attempt) const {
    if (attempt.what.lot) return attempt.what.lot->key();
    if (unit && !unit->lot_key.empty()) return unit->lot_key;
    if (own_lot && !own_lot->number.empty()) return lot_key_of(own_lot->number);
    return {};
}

std::optional<Date> Facts::expires_on(const Attempt& attempt) const {
    std::optional<Date> earliest = attempt.what.expires_on;
    if (unit) take_earlier(earliest, unit->expires_on);
    if (lot) take_earlier(earliest, lot->expires_on);
    if (!product || !product->best_before_blocks) return earliest;
    take_earlier(earliest, attempt.what.best_before);
    take_earlier(earliest, attempt.what.sell_by);
    if (lot) take_earlier(earliest, lot->best_before);
    if (lot) take_earlier(earliest, lot->sell_by);
    return earliest;
}

std::int64_t Facts::quantity(const Attempt& attempt) const {
    if (is_serialised()) return 1;
    if (attempt.what.exact_quantity) return *attempt.what.exact_quantity;
    const int scale = product ? product->scale : 0;
    const auto& weight = attempt.what.weight;
    if (weight && product && product->unit == "KG" && weight->scale <= scale)
        return weight->units * one_unit(scale - weight->scale);
    const std::int64_t count = std::max<std::int64_t>(attempt.what.quantity.value_or(1), 1);
    return std::min(count, quantity_max / one_unit(scale)) * one_unit(scale);
}

const std::string& Facts::place(const Attempt& attempt) const {
    return location ? location->id : attempt.station;
}

const LineFacts* Facts::line_within_tolerance(const Attempt& attempt) const {
    const std::string key = lot_key(attempt);
    for (const LineFacts& line : lines) {
        const bool lot_fits = line.lot_key.empty() || line.lot_key == key;
        const std::int64_t most = line.quantity + line.quantity / 100 * line.tolerance_percent +
                                  line.quantity % 100 * line.tolerance_percent / 100;
        if (lot_fits && line.done + quantity(attempt) <= most) return &line;
    }
    return nullptr;
}

const LineFacts* Facts::line_with_room(const Attempt& attempt) const {
    const std::string key = lot_key(attempt);
    const auto fits = [&](const LineFacts& line, bool lot_is_named) {
        const bool lot_fits =
            lot_is_named ? line.lot_key == key && !key.empty() : line.lot_key.empty();
        return lot_fits && line.done + quantity(attempt) <= line.quantity;
    };
    // A line that names the lot is served before one that takes any.
    for (const bool lot_is_named : {true, false})
        for (const LineFacts& line : lines)
            if (fits(line, lot_is_named)) return &line;
    return nullptr;
}

std::string subject_of(const Facts& facts, const Attempt& attempt) {
    const ScannedIdentity& what = attempt.what;
    if (what.sscc) return what.sscc->text();
    if (what.gtin) {
        std::string words = what.gtin->text();
        std::string lot = facts.lot ? facts.lot->raw : facts.lot_key(attempt);
        if (what.lot) lot = what.lot->as_labelled();
        if (!lot.empty()) words += " lot " + lot;
        if (what.serial) words += " serial " + what.serial->as_labelled();
        return words;
    }
    if (!what.product_codes.empty()) {
        std::string words = shown(what.product_codes.front());
        if (what.lot) words += " lot " + what.lot->as_labelled();
        if (what.serial) words += " serial " + what.serial->as_labelled();
        return words;
    }
    if (!what.plain.empty()) return shown(what.plain);
    if (attempt.observation.is_no_read) return "no read";
    return shown(attempt.observation.raw);
}

std::string held_part_of(const Facts& facts, const HoldFacts& hold) {
    if (facts.intent == Intent::take_unit || facts.contents.empty()) return {};
    const std::size_t slash = hold.target.find('/');
    if (slash == std::string::npos) return {};
    const std::string name = hold.target.substr(slash + 1);
    if (hold.target.starts_with("unit:")) return fmt::format(" (serial {})", name);
    if (!hold.target.starts_with("lot:")) return {};
    for (const ContentFacts& content : facts.contents)
        if (content.lot_key == name) return fmt::format(" (lot {})", content.lot_raw);
    return fmt::format(" (lot {})", name);
}

std::string shown(std::string_view bytes) {
    std::string text;
    for (const char c : bytes) {
        if (text.size() >= shown_length_max) {
            text += "...";
            break;
        }
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte > 0x7e)
            text += fmt::format("\\x{:02x}", byte);
        else
            text.push_back(c);
    }
    return text;
}

}  // namespace lotgate::rules
