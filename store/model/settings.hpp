#pragma once

// Configuration as it was read: values with the place they stand in. daemon/config reads the file
// into this tree; every part of the program takes its own table and asks for its keys. Asking
// records problems instead of stopping, so that a person sees all of them at once.

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lotgate {

struct SourcePlace {
    std::string file;
    int line = 0;
    int column = 0;
};

struct SettingsProblem {
    SourcePlace place;
    std::string message;  ///< what is wrong and what was expected
    std::string hint;     ///< what to write instead, or empty
};

using SettingsProblems = std::vector<SettingsProblem>;

struct SettingsNode;
using SettingsMembers = std::map<std::string, SettingsNode, std::less<>>;
using SettingsItems = std::vector<SettingsNode>;

/// One value of the tree. Made by the reader only.
struct SettingsNode {
    SourcePlace place;      ///< of the value
    SourcePlace key_place;  ///< of its key, where it has one
    std::variant<std::string, std::int64_t, double, bool, SettingsMembers, SettingsItems> value;
};

/// The value with its members in order and without its places.
[[nodiscard]] std::string canonical_text(const SettingsNode& node);

/// The unit of asking: one table of the file. Cheap to copy; the tree and the list of problems
/// outlive it. Single-threaded.
class SettingsTable {
public:
    /// `node` holds SettingsMembers. `name` is how errors call it: "[[device]] \"D1\"".
    SettingsTable(const SettingsNode& node, std::string name, SettingsProblems& problems);

    struct IntegerRange {
        std::int64_t min;
        std::int64_t max;
    };

    struct DurationRange {
        std::chrono::milliseconds min;
        std::chrono::milliseconds max;
    };

    [[nodiscard]] bool has(std::string_view key) const;
    [[nodiscard]] std::string text(std::string_view key, std::string fallback);
    [[nodiscard]] std::string required_text(std::string_view key);
    [[nodiscard]] std::int64_t integer(std::string_view key,
                                       std::int64_t fallback,
                                       IntegerRange range);
    [[nodiscard]] bool flag(std::string_view key, bool fallback);
    /// Written with its unit: "1500ms", "2s", "5min", "1h".
    [[nodiscard]] std::chrono::milliseconds duration(std::string_view key,
                                                     std::chrono::milliseconds fallback,
                                                     DurationRange range);
    /// One of the words; the first is the fallback.
    [[nodiscard]] std::string one_of(std::string_view key, const std::vector<std::string>& words);
    [[nodiscard]] std::vector<std::string> texts(std::string_view key);
    [[nodiscard]] std::map<std::string, std::int64_t> integers_by_name(std::string_view key,
                                                                       IntegerRange range);
    /// A table whose values are each one of the words.
    [[nodiscard]] std::map<std::string, std::string> words_by_name(
        std::string_view key, const std::vector<std::string>& words);
    [[nodiscard]] std::optional<SettingsTable> table(std::string_view key);
    [[nodiscard]] std::vector<SettingsTable> tables(std::string_view key);

    /// Call last: every key nobody asked for is a problem, with the nearest spelling as its hint.
    void no_other_keys();
    /// A problem at a key (or at the table, where the key is absent).
    void problem(std::string_view key, std::string message, std::string hint = {});

    [[nodiscard]] const std::string& name() const { return name_; }

    [[nodiscard]] const SourcePlace& place() const { return node_->place; }

    /// All that is written in the table, in one canonical text: equal texts, equal settings.
    [[nodiscard]] std::string fingerprint() const { return canonical_text(*node_); }

private:
    [[nodiscard]] const SettingsNode* find(std::string_view key);

    const SettingsNode* node_;
    std::string name_;
    SettingsProblems* problems_;
    std::shared_ptr<std::vector<std::string>> asked_;
};

/// The word nearest to `text`, if it is near enough to be meant.
[[nodiscard]] std::optional<std::string> nearest_spelling(std::string_view text,
                                                          const std::vector<std::string>& words);

/// "1500ms", "2s", "5min", "1h"; nothing where the text is not of the form.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace lotgate
