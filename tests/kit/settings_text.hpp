#pragma once

// Settings for tests, written as in the configuration file: one `key = value` a line, values being
// texts, whole numbers, true, false and lists of texts. (The real reader lives with the daemon,
// which adapters and their tests do not see.)

#include "store/model/settings.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace lotgate::kit {

/// A table and its problems, which live together.
class SettingsText {
public:
    explicit SettingsText(const std::string& text, std::string name = "[[device]]");

    [[nodiscard]] SettingsTable table() { return {node_, name_, problems_}; }

    [[nodiscard]] const SettingsProblems& problems() const { return problems_; }

    /// All messages, one a line: empty means no problem.
    [[nodiscard]] std::string complaints() const;

private:
    std::string name_;
    SettingsNode node_;
    SettingsProblems problems_;
};

/// The optional settings of a sample ("# key = value"), one each.
[[nodiscard]] std::vector<std::string> optional_settings(const std::string& sample);

/// A whole text file.
[[nodiscard]] std::string text_of(const std::filesystem::path& file);

}  // namespace lotgate::kit
