#include "daemon/cli/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <utility>

namespace lotgate::cli {

namespace {

std::string two_digits(std::int64_t number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

/// Code points: good enough for the widths of names and sentences in Latin letters.
std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

}  // namespace

const Json* member(const Json& root, Path path) {
    const Json* at = &root;
    for (const std::string_view name : path) {
        const auto* const object = at->if_object();
        at = object == nullptr ? nullptr : object->if_contains(name);
        if (at == nullptr) return nullptr;
    }
    return at->is_null() ? nullptr : at;
}

std::string text_at(const Json& root, Path path) {
    const Json* const found = member(root, path);
    if (found == nullptr) return {};
    if (found->is_string()) return printable(found->get_string());
    return printable(boost::json::serialize(*found));
}

std::int64_t number_at(const Json& root, Path path) {
    const Json* const found = member(root, path);
    if (found == nullptr || !found->is_number()) return 0;
    boost::json::error_code error;
    const auto number = found->to_number<std::int64_t>(error);
    return error ? 0 : number;
}

std::vector<const Json*> items_at(const Json& root, Path path) {
    std::vector<const Json*> items;
    const Json* const found = member(root, path);
    if (found == nullptr || !found->is_array()) return items;
    for (const Json& item : found->get_array()) items.push_back(&item);
    return items;
}

std::string printable(std::string_view text) {
    static constexpr std::string_view hex = "0123456789abcdef";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        // 0x80 to 0x9f steer terminals too when they stand alone; in UTF-8 they follow a lead byte.
        const bool follows_lead = !out.empty() && (static_cast<unsigned char>(out.back()) & 0x80U);
        if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && byte < 0xa0 && !follows_lead)) {
            out += {'\\', 'x', hex[byte >> 4U], hex[byte & 15U]};
        } else {
            out += c;
        }
    }
    return out;
}

std::string csv_cell(std::string_view text) {
    if (text.empty()) return {};
    const bool is_formula = std::string_view("=+-@\t\r").find(text.front()) != std::string::npos;
    std::string quoted = is_formula ? "\"'" : "\"";
    for (const char c : text) {
        if (c == '"') quoted.push_back('"');
        quoted.push_back(c);
    }
    return quoted + "\"";
}

std::string counts_text(const Json& root, Path path) {
    const Json* const found = member(root, path);
    if (found == nullptr || !found->is_object()) return {};
    std::vector<std::pair<std::int64_t, std::string>> counts;
    for (const auto& [name, count] : found->get_object()) {
        if (count.is_int64()) counts.emplace_back(count.get_int64(), printable(name));
    }
    std::stable_sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
        return a.first > b.first;
    });
    std::string text;
    for (const auto& [count, name] : counts) {
        text += (text.empty() ? "" : ", ") + name + " " + grouped(count);
    }
    return text;
}

std::string duration_text(std::int64_t seconds) {
    const std::int64_t whole = std::max<std::int64_t>(0, seconds);
    if (whole < 60) return std::to_string(whole) + " s";
    if (whole < 3600) return std::to_string(whole / 60) + ":" + two_digits(whole % 60);
    if (whole < 86'400) {
        return std::to_string(whole / 3600) + " h " + std::to_string(whole % 3600 / 60) + " min";
    }
    return std::to_string(whole / 86'400) + " d " + std::to_string(whole % 86'400 / 3600) + " h";
}

std::string ago_text(const std::string& instant, const std::string& now) {
    const auto then = parse_instant(instant);
    const auto present = parse_instant(now);
    if (!then || !present) return "never";
    return duration_text((present->us - then->us) / 1'000'000) + " ago";
}

std::string grouped(std::int64_t number) {
    std::string digits = std::to_string(number);
    const std::size_t first = digits.front() == '-' ? 1 : 0;
    for (std::size_t at = digits.size(); at > first + 3;) {
        at -= 3;
        digits.insert(at, 1, ',');
    }
    return digits;
}

std::string joined(std::initializer_list<std::string> words, std::string_view between) {
    std::string text;
    for (const std::string& word : words) {
        if (word.empty()) continue;
        if (!text.empty()) text += between;
        text += word;
    }
    return text;
}

Table::Table(std::vector<std::string> heads) {
    rows_.push_back(std::move(heads));
}

void Table::add(std::vector<std::string> cells) {
    rows_.push_back(std::move(cells));
}

std::string Table::text() const {
    std::vector<std::size_t> widths(rows_.front().size());
    for (const auto& row : rows_) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], width_of(row[i]));
        }
    }
    std::string out;
    for (const auto& row : rows_) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i] + std::string(widths[i] - width_of(row[i]) + 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

}  // namespace lotgate::cli
