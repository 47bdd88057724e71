#include "daemon/import/nesting_watch.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <string>

namespace lotgate::import {

namespace {

std::uint64_t number_at(const boost::json::object& fields, std::string_view column) {
    const boost::json::value* value = fields.if_contains(column);
    if (value == nullptr || !value->is_string()) return 0;
    const std::string_view digits = value->get_string();
    std::uint64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

std::string text_of(std::uint64_t sscc) {
    constexpr std::size_t sscc_digits = 18;
    std::string digits = std::to_string(sscc);
    digits.insert(0, sscc_digits - std::min(sscc_digits, digits.size()), '0');
    return digits;
}

Problem wrong(std::int64_t line, std::uint64_t pallet, std::string told) {
    return {line, "pallet", text_of(pallet), "IMPORT_NESTING", std::move(told)};
}

}  // namespace

void NestingWatch::see(std::int64_t line, const boost::json::object& fields) {
    const Row row{number_at(fields, "sscc"), number_at(fields, "pallet"), line};
    has_pallets_ = has_pallets_ || row.pallet != 0;
    if (row.sscc == 0 && row.pallet == 0) return;
    // A row for each serial of a case says the same again.
    if (!rows_.empty() && rows_.back().sscc == row.sscc && rows_.back().pallet == row.pallet)
        return;
    rows_.push_back(row);
}

void NestingWatch::tell(const Tell& tell) {
    if (!has_pallets_) return;
    std::sort(rows_.begin(), rows_.end());
    const auto case_of = [this](std::uint64_t number) {
        return std::lower_bound(rows_.begin(), rows_.end(), Row{number, 0, 0});
    };
    const Row* before = nullptr;
    for (const Row& row : rows_) {
        if (row.pallet == 0) continue;
        if (row.pallet == row.sscc) {
            tell(wrong(row.line, row.pallet, "the case would stand on itself."));
            continue;
        }
        if (const auto found = case_of(row.pallet);
            found != rows_.end() && found->sscc == row.pallet)
            tell(wrong(row.line,
                       row.pallet,
                       "it is a case (sscc) on line " + std::to_string(found->line) +
                           ", and no pallet. Goods that stand on a pallet loose have no sscc."));
        if (row.sscc != 0 && before != nullptr && before->sscc == row.sscc &&
            before->pallet != row.pallet) {
            const Row& later = before->line > row.line ? *before : row;
            const Row& first = before->line > row.line ? row : *before;
            tell(wrong(later.line,
                       later.pallet,
                       "case " + text_of(row.sscc) + " stands on pallet " + text_of(first.pallet) +
                           " by line " + std::to_string(first.line) +
                           ", and on one pallet alone."));
        }
        before = &row;
    }
}

}  // namespace lotgate::import
