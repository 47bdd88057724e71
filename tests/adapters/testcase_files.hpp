#pragma once

// A test case of a device as two readable files: wire.txt, what happens ("10ms  paper out"), and
// expect.txt, what the device makes of it. Blank lines and lines with # are passed over.

#include "store/model/settings.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace lotgate::test {

struct TimedLine {
    std::chrono::milliseconds at;
    std::vector<std::string> words;
};

inline std::vector<std::string> lines_of(const std::filesystem::path& file) {
    std::vector<std::string> lines;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line);
        std::string one;
        for (std::string word; words >> word;) one += (one.empty() ? "" : " ") + word;
        if (!one.empty() && one.front() != '#') lines.push_back(one);
    }
    return lines;
}

inline std::vector<TimedLine> script_of(const std::filesystem::path& file) {
    std::vector<TimedLine> script;
    for (const auto& line : lines_of(file)) {
        std::istringstream words(line);
        std::string word;
        words >> word;
        TimedLine timed{parse_duration(word).value_or(std::chrono::milliseconds(0)), {}};
        while (words >> word) timed.words.push_back(word);
        script.push_back(std::move(timed));
    }
    return script;
}

inline std::vector<std::filesystem::path> cases_below(const std::string& adapter) {
    std::vector<std::filesystem::path> cases;
    const std::filesystem::path folder =
        std::string(LOTGATE_SOURCE_DIR) + "/adapters/" + adapter + "/testcases";
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (std::filesystem::exists(entry.path() / "wire.txt")) cases.push_back(entry.path());
    std::sort(cases.begin(), cases.end());
    return cases;
}

inline std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return text;
}

}  // namespace lotgate::test
