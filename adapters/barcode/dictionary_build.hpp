#pragma once

// From the words of a table's line to entries. Used by the generator of the built-in table and
// by the loader of GS1's file, so that both mean the same.

#include "adapters/barcode/dictionary.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::barcode {

/// One component in neutral words.
struct ComponentWords {
    char charset = 'N';  ///< N, X, Y, Z
    int min = 0;
    int max = 0;
    bool optional = false;
    std::vector<std::string_view> linters;
};

/// One line in neutral words; lists use '/' or ',' for or, '+' for and.
struct LineWords {
    std::string_view first;
    std::string_view last;  ///< empty for a single identifier
    bool predefined_length = false;
    bool link_attribute = false;
    bool link_key = false;
    std::vector<ComponentWords> components;
    std::vector<std::string_view> needs;       ///< one per group: "01+21,02"
    std::vector<std::string_view> excludes;    ///< single patterns
    std::vector<std::string_view> qualifiers;  ///< one per alternative: "22,10,21"
    std::string_view title;
};

/// Collects entries; each add() gives a reason where the line is wrong.
class DictionaryBuilder {
public:
    [[nodiscard]] std::optional<std::string> add(const LineWords& line);

    std::vector<AiEntry> entries;
    std::vector<Term> terms;

private:
    [[nodiscard]] std::optional<std::string> add_components(const LineWords& line, AiEntry& entry);
    [[nodiscard]] std::optional<std::string> add_terms(const LineWords& line, AiEntry& entry);
    [[nodiscard]] std::optional<std::string> add_group(std::string_view alternatives,
                                                       bool all_of_them);
};

[[nodiscard]] std::optional<Linter> linter_named(std::string_view name);
[[nodiscard]] std::string_view name_of(Linter linter);

/// Splits at a character; no empty last field for an empty text.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace lotgate::barcode
