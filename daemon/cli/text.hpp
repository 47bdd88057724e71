#pragma once

// Plain text for a terminal: aligned tables, ages, and members of JSON answers that may be absent.
// Whatever came from a label is shown with its control bytes spelt out: it cannot steer a terminal.

#include "store/model/time.hpp"

#include <boost/json/fwd.hpp>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::cli {

using Json = boost::json::value;
using Path = std::initializer_list<std::string_view>;

/// The member at a path of names; null where one is absent.
[[nodiscard]] const Json* member(const Json& root, Path path);
/// Texts as they are (printable), numbers with their digits; empty where absent or null.
[[nodiscard]] std::string text_at(const Json& root, Path path);
[[nodiscard]] std::int64_t number_at(const Json& root, Path path);
/// The items of a list; none where it is absent.
[[nodiscard]] std::vector<const Json*> items_at(const Json& root, Path path);

/// "a\x1db": control bytes and bytes that are no UTF-8 spelt out.
[[nodiscard]] std::string printable(std::string_view text);
/// In quotes, as RFC 4180 has it. What a spreadsheet would take for a formula begins with an
/// apostrophe. Nothing stays nothing.
[[nodiscard]] std::string csv_cell(std::string_view text);
/// "LOT_HELD 2, SHORT_LIFE 1" of an object of counts, the greatest first.
[[nodiscard]] std::string counts_text(const Json& root, Path path);

/// "3 s", "12:41", "4 h 10 min", "3 d 4 h"
[[nodiscard]] std::string duration_text(std::int64_t seconds);
/// How long ago `instant` (ISO) was at `now` (ISO); "never" where it is absent.
[[nodiscard]] std::string ago_text(const std::string& instant, const std::string& now);
/// "48221" -> "48,221"
[[nodiscard]] std::string grouped(std::int64_t number);
/// The words that are not empty, joined.
[[nodiscard]] std::string joined(std::initializer_list<std::string> words,
                                 std::string_view between);

class Table {
public:
    explicit Table(std::vector<std::string> heads);

    void add(std::vector<std::string> cells);

    [[nodiscard]] bool is_empty() const { return rows_.size() == 1; }

    /// Columns two blanks apart, the last one ragged.
    [[nodiscard]] std::string text() const;

private:
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace lotgate::cli
