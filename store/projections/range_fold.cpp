#include "store/projections/range_fold.hpp"

#include "store/ranges.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace lotgate::store {

namespace json = boost::json;

namespace {

constexpr std::size_t sscc_digits = 17;
constexpr std::size_t number_chars_max = 20;  // AI 21 and AI 10
constexpr std::size_t width_max = 15;

std::string text_of(const json::object& body, std::string_view name) {
    const json::value* value = body.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string().c_str())
                                                  : std::string();
}

std::optional<std::int64_t> digits_of(const std::string& text, std::size_t most) {
    if (text.empty() || text.size() > most) return std::nullopt;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
    return number;
}

/// A number as JSON writes it, or as digits.
std::optional<std::int64_t> number_of_member(const json::object& body, std::string_view name) {
    const json::value* value = body.if_contains(name);
    if (value == nullptr) return std::nullopt;
    if (value->is_int64() && value->get_int64() >= 0) return value->get_int64();
    return digits_of(text_of(body, name), width_max);
}

/// The tenth part, where the cloud does not say.
std::int64_t low_of(const json::object& body, std::int64_t first, std::int64_t last) {
    return number_of_member(body, "low").value_or((last - first + 1) / 10);
}

bool is_label_text(const std::string& text) {
    // What AI 10 and 21 take, without what a file name or a target could not.
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               c == '-' || c == '.' || c == '_';
    });
}

}  // namespace

RangeFold::RangeFold(sqlite::Database& db)
    : sscc_(db,
            "INSERT INTO sscc_range(id,first,last,next,seq,low) VALUES(?1,?2,?3,?2,?4,?5) "
            "ON CONFLICT(id) DO NOTHING"),
      sscc_overlap_(db, "SELECT 1 FROM sscc_range WHERE id<>?1 AND first<=?3 AND last>=?2 LIMIT 1"),
      sscc_take_(db, "UPDATE sscc_range SET next=? WHERE id=?"),
      number_(db,
              "INSERT INTO number_range(kind,id,gtin,prefix,width,first,last,next,low,seq) "
              "VALUES(?1,?2,?3,?4,?5,?6,?7,?6,?8,?9) ON CONFLICT DO NOTHING"),
      // The same prefix and width for another product is another number only for serials.
      number_overlap_(db,
                      "SELECT 1 FROM number_range WHERE kind=?1 AND id<>?2 AND prefix=?4 "
                      "AND width=?5 AND first<=?7 AND last>=?6 "
                      "AND (?1='lot' OR gtin=?3 OR gtin='' OR ?3='') LIMIT 1"),
      number_take_(db, "UPDATE number_range SET next=? WHERE kind=? AND id=?"),
      // Unknown: an empty range of that id, so that the one that comes finds its place taken.
      sscc_end_(db,
                "INSERT INTO sscc_range(id,first,last,next,seq,low) VALUES(?1,0,-1,0,?2,0) "
                "ON CONFLICT(id) DO UPDATE SET next=last+1"),
      number_end_(db,
                  "INSERT INTO number_range(kind,id,gtin,prefix,width,first,last,next,low,seq) "
                  "VALUES(?1,?2,'','',0,0,-1,0,0,?3) ON CONFLICT(kind,id) DO UPDATE SET "
                  "next=last+1"),
      case_close_(db,
                  "UPDATE \"case\" SET status='closed',decision='refilled',decided_by='cloud',"
                  "reason='a new range came',closed_seq=? WHERE kind='RANGE_LOW' AND subject=? "
                  "AND status='open'") {}

bool RangeFold::put(std::int64_t seq, std::string_view kind, const json::object& body) {
    if (kind == "sscc_range") return put_sscc(seq, body);
    return put_number(seq, kind == "serial_range" ? "serial" : "lot", body);
}

bool RangeFold::put_sscc(std::int64_t seq, const json::object& body) {
    const std::string id = text_of(body, "id");
    const std::string first_text = text_of(body, "first");
    const std::string last_text = text_of(body, "last");
    const auto first = digits_of(first_text, sscc_digits);
    const auto last = digits_of(last_text, sscc_digits);
    const bool is_whole = first_text.size() == sscc_digits && last_text.size() == sscc_digits;
    if (id.empty() || !first || !last || !is_whole || *last < *first) return false;
    if (sscc_overlap_(id, *first, *last).next()) return false;
    sscc_.run(id, *first, *last, seq, low_of(body, *first, *last));
    refilled(seq, "sscc");
    return true;
}

bool RangeFold::put_number(std::int64_t seq, std::string_view kind, const json::object& body) {
    const std::string id = text_of(body, "id");
    const std::string prefix = text_of(body, "prefix");
    const std::string gtin = text_of(body, "gtin");
    const auto first = number_of_member(body, "first");
    const auto last = number_of_member(body, "last");
    const auto width = number_of_member(body, "width");
    if (id.empty() || !first || !last || *last < *first || !is_label_text(prefix)) return false;
    const auto digits = static_cast<std::int64_t>(std::to_string(*last).size());
    const std::int64_t wide = width.value_or(digits);
    if (wide < digits || wide > static_cast<std::int64_t>(width_max)) return false;
    if (prefix.size() + static_cast<std::size_t>(wide) > number_chars_max) return false;
    if (number_overlap_(kind, id, gtin, prefix, wide, *first, *last).next()) return false;
    number_.run(kind, id, gtin, prefix, wide, *first, *last, low_of(body, *first, *last), seq);
    refilled(seq, kind);
    return true;
}

bool RangeFold::end(std::int64_t seq, const json::object& body) {
    const std::string id = text_of(body, "id");
    const std::string kind = text_of(body, "kind");
    if (id.empty() || (kind != "sscc" && kind != "serial" && kind != "lot")) return false;
    if (kind == "sscc")
        sscc_end_.run(id, seq);
    else
        number_end_.run(kind, id, seq);
    return true;
}

void RangeFold::refilled(std::int64_t seq, std::string_view kind) {
    case_close_.run(seq, range_subject(kind));
}

void RangeFold::take(const SsccTaken& taken) {
    sscc_take_.run(taken.number + 1, taken.range);
}

void RangeFold::take(const NumberTaken& taken) {
    number_take_.run(taken.number + 1, taken.kind, taken.range);
}

}  // namespace lotgate::store
