#include "tests/kit/settings_text.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace lotgate::kit {

namespace {

std::string trimmed(const std::string& text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

SettingsNode node_of(const std::string& text, const SourcePlace& place);

/// 'raw' or "with \\ and \" escaped"; `at` moves behind the closing quote.
std::string quoted(const std::string& text, std::size_t& at) {
    const char quote = text.at(at++);
    std::string value;
    while (text.at(at) != quote) {
        if (quote == '"' && text[at] == '\\') ++at;
        value.push_back(text.at(at++));
    }
    ++at;
    return value;
}

SettingsNode list_of(const std::string& text, const SourcePlace& place) {
    SettingsItems items;
    for (std::size_t at = 1; at < text.size(); ++at) {
        if (text[at] != '"' && text[at] != '\'') continue;
        SettingsNode item{place, place, quoted(text, at)};
        items.push_back(std::move(item));
        --at;
    }
    return {place, place, std::move(items)};
}

SettingsNode node_of(const std::string& text, const SourcePlace& place) {
    if (text.empty()) throw std::runtime_error("no value");
    std::size_t at = 0;
    if (text.front() == '"' || text.front() == '\'') return {place, place, quoted(text, at)};
    if (text.front() == '[') return list_of(text, place);
    if (text == "true" || text == "false") return {place, place, text == "true"};
    return {place, place, static_cast<std::int64_t>(std::stoll(text))};
}

}  // namespace

SettingsText::SettingsText(const std::string& text, std::string name) : name_(std::move(name)) {
    SettingsMembers members;
    std::istringstream lines(text);
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        const std::string content = trimmed(line);
        if (content.empty() || content.front() == '#' || content.front() == '[') continue;
        const std::size_t equals = content.find('=');
        if (equals == std::string::npos) throw std::runtime_error("not a setting: " + content);
        const SourcePlace place{"test", number, 1};
        members[trimmed(content.substr(0, equals))] =
            node_of(trimmed(content.substr(equals + 1)), place);
    }
    node_ = SettingsNode{{"test", 1, 1}, {"test", 1, 1}, std::move(members)};
}

std::vector<std::string> optional_settings(const std::string& sample) {
    std::vector<std::string> settings;
    std::istringstream lines(sample);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("# ")) settings.push_back(line.substr(2) + "\n");
    }
    return settings;
}

std::string text_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw std::runtime_error("cannot read " + file.string());
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

std::string SettingsText::complaints() const {
    std::string all;
    for (const SettingsProblem& problem : problems_) {
        all += problem.message;
        if (!problem.hint.empty()) all += " (" + problem.hint + ")";
        all += '\n';
    }
    return all;
}

}  // namespace lotgate::kit
