#pragma once

// Reads the members of one JSON object, of the warehouse file or of a request. Each problem names
// the key and what was expected; all problems of an object are reported together, and a key that
// nobody asked for is one of them.

#include "store/model/result.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::sim {

namespace json = boost::json;

struct Range {
    std::int64_t least;
    std::int64_t most;
};

class Fields {
public:
    /// `where` begins every problem: "devices[2] (printer_zpl P1)". The object must outlive this.
    Fields(const json::object& object, std::string where);

    [[nodiscard]] bool has(std::string_view key);

    std::string text(std::string_view key);
    std::string text(std::string_view key, std::string_view otherwise);
    /// A string, or null, which is nothing; the key must be there.
    std::optional<std::string> text_or_null(std::string_view key);
    std::int64_t number(std::string_view key, Range range);
    std::int64_t number(std::string_view key, Range range, std::int64_t otherwise);
    double decimal(std::string_view key, double otherwise);
    bool flag(std::string_view key, bool otherwise);
    std::uint16_t port(std::string_view key);
    std::vector<std::int64_t> numbers(std::string_view key, Range range);
    /// Empty where the key is absent.
    std::vector<std::string> texts(std::string_view key);
    /// One of `words`; the first of them where the key is absent.
    std::string word(std::string_view key, const std::vector<std::string_view>& words);
    /// The raw value, or nullptr.
    const json::value* raw(std::string_view key);

    void problem(std::string_view key, std::string_view expected);
    /// All problems so far, one a line; or nothing.
    [[nodiscard]] Result<> finish();

private:
    const json::value* find(std::string_view key, std::string_view expected);
    std::optional<std::int64_t> number_in(const json::value& value, Range range);

    const json::object& object_;
    std::string where_;
    std::vector<std::string> asked_;
    std::vector<std::string> problems_;
};

}  // namespace lotgate::sim
