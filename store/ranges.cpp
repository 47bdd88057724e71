#include "store/ranges.hpp"

#include "store/model/identity.hpp"
#include "store/rules/rule.hpp"
#include "store/sqlite/database.hpp"

#include <fmt/format.h>

namespace lotgate::store {

namespace {

constexpr std::size_t taken_max = 10'000;  // numbers that are passed over in one transaction

std::string_view called(std::string_view kind) {
    if (kind == "sscc") return "carton numbers";
    return kind == "serial" ? "serial numbers" : "lot numbers";
}

}  // namespace

std::string RangeFacts::number() const {
    if (kind != "sscc") return fmt::format("{}{:0{}}", prefix, next, width);
    std::string text = fmt::format("{:017}", next);
    text.push_back(gs1_check_digit(text));
    return text;
}

RangeFacts next_sscc(sqlite::Database& db) {
    sqlite::Statement read(
        db,
        "SELECT id,next,low,(SELECT sum(last-next+1) FROM sscc_range "
        "WHERE next<=last) FROM sscc_range WHERE next<=last ORDER BY id LIMIT 1");
    RangeFacts range;
    range.kind = "sscc";
    if (auto rows = read(); rows.next()) {
        range.id = rows.text(0);
        range.next = rows.integer(1);
        range.low = rows.integer(2);
        range.left = rows.integer(3);
    }
    return range;
}

RangeFacts next_number(sqlite::Database& db,
                       std::string_view kind,
                       const std::string& gtin,
                       const std::function<bool(const std::string&)>& is_taken) {
    sqlite::Statement read(db,
                           "SELECT id,next,low,(SELECT sum(last-next+1) FROM number_range WHERE "
                           "kind=?1 AND next<=last AND gtin IN (?2,'')),prefix,width,last "
                           "FROM number_range WHERE kind=?1 AND next<=last AND gtin IN (?2,'') "
                           "ORDER BY gtin='',id");
    std::size_t tries = 0;
    for (auto rows = read(kind, gtin); rows.next();) {
        RangeFacts range;
        range.kind = std::string(kind);
        range.id = rows.text(0);
        range.low = rows.integer(2);
        range.prefix = rows.text(4);
        range.width = rows.integer(5);
        const std::int64_t last = rows.integer(6);
        range.left = rows.integer(3);
        for (range.next = rows.integer(1); range.next <= last; ++range.next, --range.left) {
            if (++tries > taken_max) break;
            if (!is_taken(range.number())) return range;
        }
    }
    RangeFacts none;
    none.kind = std::string(kind);
    return none;
}

std::string no_number_told(std::string_view kind) {
    const std::string_view one = kind == "sscc"     ? "carton number"
                                 : kind == "serial" ? "serial number"
                                                    : "lot number";
    return fmt::format(
        "No {} is left at this site. Connect to the cloud to get a new range, then do it again.",
        one);
}

std::string range_subject(std::string_view kind) {
    return fmt::format("range:{}", kind);
}

std::optional<CaseOpened> low_water(const RangeFacts& range, std::int64_t case_id) {
    const std::int64_t left = range.left - 1;
    // Again at every tenth: the marks of two ranges may differ, and one be jumped over.
    if (left > range.low || (left != range.low && left % 10 != 0)) return std::nullopt;
    const rules::CaseKind* row = rules::case_kind_of("RANGE_LOW");
    CaseOpened opened;
    opened.id = case_id;
    opened.kind = "RANGE_LOW";
    opened.subject = range_subject(range.kind);
    opened.told = fmt::format("{} {} are left at this site. Connect to the cloud: it leases more.",
                              left,
                              called(range.kind));
    opened.who = row == nullptr ? "supervisor" : row->who;
    opened.decisions = row == nullptr ? "handled" : row->decisions;
    return opened;
}

}  // namespace lotgate::store
