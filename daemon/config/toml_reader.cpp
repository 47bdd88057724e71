#include "daemon/config/toml_reader.hpp"

#include <toml++/toml.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>

namespace lotgate::config {

namespace {

SourcePlace place_of(const toml::source_region& source, const std::string& file) {
    return {file, static_cast<int>(source.begin.line), static_cast<int>(source.begin.column)};
}

SettingsNode converted(const toml::node& node, const std::string& file);

SettingsMembers members_of(const toml::table& table, const std::string& file) {
    SettingsMembers members;
    for (const auto& [key, value] : table) {
        SettingsNode member = converted(value, file);
        member.key_place = place_of(key.source(), file);
        members.emplace(std::string(key.str()), std::move(member));
    }
    return members;
}

SettingsNode converted(const toml::node& node, const std::string& file) {
    SettingsNode made;
    made.place = place_of(node.source(), file);
    if (const auto* table = node.as_table()) {
        made.value = members_of(*table, file);
    } else if (const auto* array = node.as_array()) {
        SettingsItems items;
        for (const auto& item : *array) items.push_back(converted(item, file));
        made.value = std::move(items);
    } else if (const auto* text = node.as_string()) {
        made.value = text->get();
    } else if (const auto* integer = node.as_integer()) {
        made.value = integer->get();
    } else if (const auto* real = node.as_floating_point()) {
        made.value = real->get();
    } else if (const auto* flag = node.as_boolean()) {
        made.value = flag->get();
    } else {
        // Dates and times: no key takes one, so they read as the text they are written as.
        std::ostringstream written;
        node.visit([&](const auto& leaf) {
            if constexpr (toml::is_date<decltype(leaf)> || toml::is_time<decltype(leaf)> ||
                          toml::is_date_time<decltype(leaf)>)
                written << leaf.get();
        });
        made.value = written.str();
    }
    return made;
}

}  // namespace

std::optional<SettingsNode> read_toml_text(const std::string& text,
                                           const std::string& name,
                                           SettingsProblems& problems) {
    try {
        const toml::table root = toml::parse(std::string_view(text), std::string_view(name));
        SettingsNode node;
        node.place = {name, 1, 1};
        node.value = members_of(root, name);
        return node;
    } catch (const toml::parse_error& error) {
        problems.push_back({place_of(error.source(), name),
                            "this is not TOML: " + std::string(error.description()),
                            "each line is key = value, a [table], a [[list of tables]] or a # "
                            "comment"});
        return std::nullopt;
    }
}

std::optional<SettingsNode> read_toml_file(const std::string& path, SettingsProblems& problems) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    if (file) text << file.rdbuf();
    if (!file) {
        problems.push_back({{path, 0, 0},
                            "cannot be read: " + std::generic_category().message(errno),
                            "give the file with --config, and let the user lotgate read it"});
        return std::nullopt;
    }
    return read_toml_text(text.str(), path, problems);
}

}  // namespace lotgate::config
