#include "tests/tidy/tree.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace lotgate::tidy {

namespace {

bool starts(const std::string& text, std::string_view with) {
    return text.rfind(with, 0) == 0;
}

bool ends(const std::string& text, std::string_view with) {
    return text.size() >= with.size() &&
           text.compare(text.size() - with.size(), with.size(), with) == 0;
}

bool is_source(const std::string& path) {
    return ends(path, ".cpp") || ends(path, ".hpp");
}

template <class Visit>
void each_line(const std::string& text, const Visit& visit) {
    std::istringstream stream(text);
    std::string line;
    for (int number = 1; std::getline(stream, line); ++number) visit(number, line);
}

/// The room a file lives in, finest first.
std::string room_of(const std::string& path) {
    static const std::array<std::string, 8> rooms{"store/model/",
                                                  "store/rules/",
                                                  "store/",
                                                  "adapters/",
                                                  "sync/hub/",
                                                  "sync/",
                                                  "daemon/",
                                                  "tests/"};
    for (const auto& room : rooms)
        if (starts(path, room)) return room;
    return {};
}

/// Which rooms each room may include from, besides itself.
const std::map<std::string, std::set<std::string>>& law() {
    static const std::map<std::string, std::set<std::string>> rooms{
        {"store/model/", {}},
        {"store/rules/", {"store/model/"}},
        {"store/", {"store/model/", "store/rules/"}},
        {"adapters/", {"store/model/"}},
        {"sync/", {"store/model/", "store/rules/", "store/", "adapters/"}},
        {"sync/hub/", {"store/model/", "sync/", "adapters/"}},
        {"daemon/", {"store/model/", "store/rules/", "store/", "adapters/", "sync/"}},
    };
    return rooms;
}

struct Ban {
    std::regex word;
    std::string instead;
    std::vector<std::string> allowed_in;  ///< prefixes of paths
};

const std::vector<Ban>& bans() {
    static const std::vector<Ban> list{
        {std::regex("sleep_for|this_thread::sleep|\\busleep\\("),
         "wait on a condition with a deadline",
         {"adapters/sim/"}},
        {std::regex("system_clock::now"), "ask the injected Clock", {"store/model/time.cpp"}},
        {std::regex("\\.detach\\(\\)"), "own the thread and join it", {}},
        {std::regex("\\bsqlite3_"),
         "store/sqlite is the only user of SQLite's C interface",
         {"store/sqlite/", "tests/"}},
        {std::regex("\\bmodbus_[a-z]+\\("),
         "adapters/transport/modbus_bus is the only user of libmodbus",
         {"adapters/transport/modbus_", "tests/"}},
        {std::regex("<toml\\+\\+/"),
         "daemon/config/toml_reader.cpp is the only user of toml++",
         {"daemon/config/toml_reader.cpp"}},
        {std::regex("<mqtt/"),
         "adapters/transport/mqtt_session is the only user of Paho",
         {"adapters/transport/mqtt_", "tests/"}},
        {std::regex("<boost/asio\\.hpp>"), "include the narrow Asio headers", {}},
        {std::regex("\\b(TODO|FIXME|XXX|HACK)\\b"), "do it, or open an issue", {}},
    };
    return list;
}

bool is_allowed(const Ban& ban, const std::string& path) {
    if (starts(path, "tests/tidy/")) return true;
    for (const auto& prefix : ban.allowed_in)
        if (starts(path, prefix)) return true;
    return false;
}

}  // namespace

Tree read_tree(const std::string& root) {
    Tree tree;
    const std::string command =
        fmt::format("git -C '{}' ls-files --cached --others --exclude-standard", root);
    FILE* listing = popen(command.c_str(), "r");
    if (listing == nullptr) return tree;
    std::array<char, 4096> line{};
    while (std::fgets(line.data(), static_cast<int>(line.size()), listing) != nullptr) {
        std::string path(line.data());
        while (!path.empty() && path.back() == '\n') path.pop_back();
        std::ifstream file(root + "/" + path, std::ios::binary);
        if (!file) continue;
        std::stringstream text;
        text << file.rdbuf();
        tree.emplace(path, text.str());
    }
    pclose(listing);
    return tree;
}

Findings include_direction(const Tree& tree) {
    static const std::regex include("^#include \"([^\"]+)\"");
    Findings findings;
    for (const auto& [path, text] : tree) {
        const std::string from = room_of(path);
        if (!is_source(path) || !law().contains(from)) continue;
        each_line(text, [&, &file = path](int number, const std::string& line) {
            std::smatch match;
            if (!std::regex_search(line, match, include)) return;
            const std::string to = room_of(match[1].str());
            if (to.empty() || to == from || law().at(from).contains(to)) return;
            findings.push_back(fmt::format("{}:{}: {} may not include {}", file, number, from, to));
        });
    }
    return findings;
}

Findings banned_words(const Tree& tree) {
    Findings findings;
    for (const auto& [path, text] : tree) {
        if (!is_source(path)) continue;
        each_line(text, [&, &file = path](int number, const std::string& line) {
            for (const auto& ban : bans())
                if (!is_allowed(ban, file) && std::regex_search(line, ban.word))
                    findings.push_back(fmt::format("{}:{}: {}", file, number, ban.instead));
        });
    }
    return findings;
}

Findings long_files(const Tree& tree) {
    constexpr int lines_max = 500;
    Findings findings;
    for (const auto& [path, text] : tree) {
        if (!is_source(path) && !ends(path, ".mjs") && !ends(path, ".py")) continue;
        if (path.find("/vendor/") != std::string::npos) continue;
        int lines = 0;
        each_line(text, [&](int number, const std::string&) { lines = number; });
        if (lines > lines_max)
            findings.push_back(
                fmt::format("{}: {} lines; name what it became, and split it", path, lines));
    }
    return findings;
}

Findings unused_headers(const Tree& tree) {
    std::set<std::string> included;
    static const std::regex include("^#include \"([^\"]+)\"");
    for (const auto& [path, text] : tree) {
        if (!is_source(path)) continue;
        each_line(text, [&](int, const std::string& line) {
            std::smatch match;
            if (std::regex_search(line, match, include)) included.insert(match[1].str());
        });
    }
    Findings findings;
    for (const auto& [path, text] : tree)
        if (ends(path, ".hpp") && !included.contains(path))
            findings.push_back(path + ": no file includes it");
    return findings;
}

Findings headers_without_pragma_once(const Tree& tree) {
    Findings findings;
    for (const auto& [path, text] : tree)
        if (ends(path, ".hpp") && text.find("#pragma once") == std::string::npos)
            findings.push_back(path + ": has no #pragma once");
    return findings;
}

Findings broken_links(const Tree& tree) {
    static const std::regex link("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");
    Findings findings;
    for (const auto& [path, text] : tree) {
        if (!ends(path, ".md")) continue;
        const auto folder = std::filesystem::path(path).parent_path();
        each_line(text, [&, &file = path](int number, const std::string& line) {
            for (std::sregex_iterator it(line.begin(), line.end(), link), end; it != end; ++it) {
                const std::string target = (*it)[1].str();
                if (target.find("://") != std::string::npos || starts(target, "mailto:")) continue;
                const std::string wanted = (folder / target).lexically_normal().string();
                bool is_there = tree.contains(wanted);
                const std::string as_folder = ends(wanted, "/") ? wanted : wanted + "/";
                const auto below = tree.lower_bound(as_folder);
                is_there = is_there || (below != tree.end() && starts(below->first, as_folder));
                if (!is_there)
                    findings.push_back(fmt::format(
                        "{}:{}: links to {}, which is not there", file, number, target));
            }
        });
    }
    return findings;
}

Findings incomplete_adapters(const Tree& tree) {
    Findings findings;
    for (const auto& [path, text] : tree) {
        if (!starts(path, "adapters/") || !ends(path, "/sample.toml")) continue;
        const std::string folder = path.substr(0, path.size() - std::string("sample.toml").size());
        if (!tree.contains(folder + "README.md"))
            findings.push_back(folder + ": has a sample.toml and no README.md");
    }
    static const std::regex row("\\{\"([a-z_]+)\", *Capability::");
    const auto registry = tree.find("adapters/registry/registry.cpp");
    if (registry == tree.end()) return findings;
    for (std::sregex_iterator it(registry->second.begin(), registry->second.end(), row), end;
         it != end;
         ++it) {
        const std::string folder = "adapters/" + (*it)[1].str() + "/";
        for (const char* needed : {"README.md", "sample.toml"})
            if (!tree.contains(folder + needed))
                findings.push_back(folder + needed + ": every kind of device has one");
    }
    return findings;
}

}  // namespace lotgate::tidy
