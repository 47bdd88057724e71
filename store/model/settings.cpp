#include "store/model/settings.hpp"

#include "store/model/assert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>

namespace lotgate {

namespace {

// Two neighbours swapped count as one slip, not two: "evne" is nearer to "even" than to "none".
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before;
    std::vector<std::size_t> above(b.size() + 1);
    std::iota(above.begin(), above.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::vector<std::size_t> row(b.size() + 1, i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substitution = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, substitution});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before = std::move(above);
        above = std::move(row);
    }
    return above[b.size()];
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

}  // namespace

std::optional<std::string> nearest_spelling(std::string_view text,
                                            const std::vector<std::string>& words) {
    std::optional<std::string> best;
    std::size_t best_distance = std::max<std::size_t>(2, text.size() / 3) + 1;
    for (const auto& word : words) {
        const std::size_t distance = edit_distance(text, word);
        if (distance < best_distance) {
            best_distance = distance;
            best = word;
        }
    }
    return best;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || count < 0 || count > 1'000'000'000) return std::nullopt;
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    if (unit == "ms") return std::chrono::milliseconds(count);
    if (unit == "s") return std::chrono::seconds(count);
    if (unit == "min") return std::chrono::minutes(count);
    if (unit == "h") return std::chrono::hours(count);
    return std::nullopt;
}

std::string canonical_text(const SettingsNode& node) {
    struct Writer {
        std::string operator()(const std::string& text) const {
            return fmt::format("{}:{}", text.size(), text);
        }

        std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }

        std::string operator()(double number) const { return fmt::format("{}", number); }

        std::string operator()(bool flag) const { return flag ? "true" : "false"; }

        std::string operator()(const SettingsMembers& members) const {
            std::string text = "{";
            for (const auto& [key, member] : members)
                text += key + "=" + canonical_text(member) + ";";
            return text + "}";
        }

        std::string operator()(const SettingsItems& items) const {
            std::string text = "[";
            for (const auto& item : items) text += canonical_text(item) + ";";
            return text + "]";
        }
    };

    return std::visit(Writer{}, node.value);
}

SettingsTable::SettingsTable(const SettingsNode& node, std::string name, SettingsProblems& problems)
    : node_(&node),
      name_(std::move(name)),
      problems_(&problems),
      asked_(std::make_shared<std::vector<std::string>>()) {
    LG_ASSERT(std::holds_alternative<SettingsMembers>(node.value));
}

const SettingsNode* SettingsTable::find(std::string_view key) {
    asked_->emplace_back(key);
    const auto& members = std::get<SettingsMembers>(node_->value);
    const auto it = members.find(key);
    return it == members.end() ? nullptr : &it->second;
}

bool SettingsTable::has(std::string_view key) const {
    return std::get<SettingsMembers>(node_->value).contains(key);
}

void SettingsTable::problem(std::string_view key, std::string message, std::string hint) {
    const auto& members = std::get<SettingsMembers>(node_->value);
    const auto it = members.find(key);
    const SourcePlace& place = it == members.end() ? node_->place : it->second.place;
    problems_->push_back({place, std::move(message), std::move(hint)});
}

std::string SettingsTable::text(std::string_view key, std::string fallback) {
    const SettingsNode* node = find(key);
    if (node == nullptr) return fallback;
    if (const auto* value = std::get_if<std::string>(&node->value)) return *value;
    problem(key,
            fmt::format("\"{}\" in {} is a text", key, name_),
            fmt::format("write it in quotes: {} = \"...\"", key));
    return fallback;
}

std::string SettingsTable::required_text(std::string_view key) {
    if (!has(key)) {
        static_cast<void>(find(key));
        problem(
            key, fmt::format("{} has no \"{}\"", name_, key), fmt::format("add {} = \"...\"", key));
        return {};
    }
    std::string value = text(key, {});
    if (value.empty()) problem(key, fmt::format("\"{}\" in {} is empty", key, name_));
    return value;
}

std::int64_t SettingsTable::integer(std::string_view key,
                                    std::int64_t fallback,
                                    IntegerRange range) {
    const SettingsNode* node = find(key);
    if (node == nullptr) return fallback;
    const auto* value = std::get_if<std::int64_t>(&node->value);
    if (value == nullptr || *value < range.min || *value > range.max) {
        problem(
            key,
            fmt::format(
                "\"{}\" in {} is a whole number from {} to {}", key, name_, range.min, range.max));
        return fallback;
    }
    return *value;
}

bool SettingsTable::flag(std::string_view key, bool fallback) {
    const SettingsNode* node = find(key);
    if (node == nullptr) return fallback;
    if (const auto* value = std::get_if<bool>(&node->value)) return *value;
    problem(key, fmt::format("\"{}\" in {} is true or false", key, name_));
    return fallback;
}

std::chrono::milliseconds SettingsTable::duration(std::string_view key,
                                                  std::chrono::milliseconds fallback,
                                                  DurationRange range) {
    const SettingsNode* node = find(key);
    if (node == nullptr) return fallback;
    const auto* written = std::get_if<std::string>(&node->value);
    const auto value = written == nullptr ? std::nullopt : parse_duration(*written);
    if (!value || *value < range.min || *value > range.max) {
        problem(key,
                fmt::format("\"{}\" in {} is a duration from \"{}ms\" to \"{}ms\"",
                            key,
                            name_,
                            range.min.count(),
                            range.max.count()),
                "write it with its unit, like \"1500ms\", \"2s\" or \"5min\"");
        return fallback;
    }
    return *value;
}

std::string SettingsTable::one_of(std::string_view key, const std::vector<std::string>& words) {
    LG_ASSERT(!words.empty());
    const std::string value = text(key, words.front());
    if (std::find(words.begin(), words.end(), value) != words.end()) return value;
    const auto meant = nearest_spelling(value, words);
    problem(key,
            fmt::format("\"{}\" in {} is one of: {}", key, name_, joined(words)),
            meant ? fmt::format("did you mean \"{}\"?", *meant) : std::string());
    return words.front();
}

std::vector<std::string> SettingsTable::texts(std::string_view key) {
    const SettingsNode* node = find(key);
    if (node == nullptr) return {};
    std::vector<std::string> values;
    if (const auto* items = std::get_if<SettingsItems>(&node->value)) {
        for (const auto& item : *items)
            if (const auto* value = std::get_if<std::string>(&item.value)) values.push_back(*value);
        if (values.size() == items->size()) return values;
    }
    problem(key,
            fmt::format("\"{}\" in {} is a list of texts", key, name_),
            fmt::format("write {} = [\"...\", \"...\"]", key));
    return values;
}

std::map<std::string, std::string> SettingsTable::words_by_name(
    std::string_view key, const std::vector<std::string>& words) {
    std::map<std::string, std::string> values;
    const SettingsNode* node = find(key);
    if (node == nullptr) return values;
    std::string list;
    for (const std::string& word : words) list += (list.empty() ? "" : ", ") + word;
    const auto* members = std::get_if<SettingsMembers>(&node->value);
    if (members == nullptr) {
        problem(key,
                fmt::format("\"{}\" in {} is a table of names and words", key, name_),
                fmt::format("write {} = {{ NORTH = \"{}\" }}", key, words.front()));
        return values;
    }
    for (const auto& [name, member] : *members) {
        const auto* value = std::get_if<std::string>(&member.value);
        if (value != nullptr && std::find(words.begin(), words.end(), *value) != words.end()) {
            values.emplace(name, *value);
            continue;
        }
        const auto meant = value == nullptr ? std::nullopt : nearest_spelling(*value, words);
        problems_->push_back({member.place,
                              fmt::format("\"{}\" in {} {} is one of: {}", name, name_, key, list),
                              meant ? fmt::format("did you mean \"{}\"?", *meant) : std::string()});
    }
    return values;
}

std::map<std::string, std::int64_t> SettingsTable::integers_by_name(std::string_view key,
                                                                    IntegerRange range) {
    std::map<std::string, std::int64_t> values;
    const SettingsNode* node = find(key);
    if (node == nullptr) return values;
    const auto* members = std::get_if<SettingsMembers>(&node->value);
    if (members == nullptr) {
        problem(key,
                fmt::format("\"{}\" in {} is a table of names and numbers", key, name_),
                fmt::format("write {} = {{ NORTH = 1, SOUTH = 2 }}", key));
        return values;
    }
    for (const auto& [name, member] : *members) {
        const auto* value = std::get_if<std::int64_t>(&member.value);
        if (value != nullptr && *value >= range.min && *value <= range.max)
            values.emplace(name, *value);
        else
            problems_->push_back({member.place,
                                  fmt::format("\"{}\" in {} {} is a whole number from {} to {}",
                                              name,
                                              name_,
                                              key,
                                              range.min,
                                              range.max),
                                  {}});
    }
    return values;
}

std::optional<SettingsTable> SettingsTable::table(std::string_view key) {
    const SettingsNode* node = find(key);
    if (node == nullptr) return std::nullopt;
    if (std::holds_alternative<SettingsMembers>(node->value))
        return SettingsTable(*node, fmt::format("[{}]", key), *problems_);
    problem(key, fmt::format("\"{}\" in {} is a table", key, name_));
    return std::nullopt;
}

std::vector<SettingsTable> SettingsTable::tables(std::string_view key) {
    const SettingsNode* node = find(key);
    std::vector<SettingsTable> found;
    if (node == nullptr) return found;
    const auto* items = std::get_if<SettingsItems>(&node->value);
    if (items == nullptr) {
        problem(key,
                fmt::format("\"{}\" in {} is a list of tables", key, name_),
                fmt::format("write [[{}]]", key));
        return found;
    }
    for (const auto& item : *items) {
        const auto* members = std::get_if<SettingsMembers>(&item.value);
        if (members == nullptr) {
            problems_->push_back(
                {item.place, fmt::format("each \"{}\" in {} is a table", key, name_), {}});
            continue;
        }
        std::string name = fmt::format("[[{}]]", key);
        const auto id = members->find("id");
        if (id != members->end())
            if (const auto* value = std::get_if<std::string>(&id->second.value))
                name += " \"" + *value + "\"";
        found.emplace_back(item, std::move(name), *problems_);
    }
    return found;
}

void SettingsTable::no_other_keys() {
    for (const auto& [key, node] : std::get<SettingsMembers>(node_->value)) {
        if (std::find(asked_->begin(), asked_->end(), key) != asked_->end()) continue;
        const auto meant = nearest_spelling(key, *asked_);
        problems_->push_back({node.key_place,
                              fmt::format("unknown key \"{}\" in {}", key, name_),
                              meant ? fmt::format("did you mean \"{}\"?", *meant)
                                    : fmt::format("known here: {}", joined(*asked_))});
    }
}

}  // namespace lotgate
