#include "adapters/transport/code_reading.hpp"

#include "adapters/transport/flight_recorder.hpp"
#include "adapters/transport/frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace lotgate::adapters {

namespace {

constexpr std::size_t gs_texts_max = 8;
constexpr std::size_t gs_text_bytes_max = 16;
constexpr std::size_t data_identifiers_max = 32;
constexpr std::size_t affix_bytes_max = 64;

bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// A single sign that lots and serials may hold would be cut out of the middle of them; a longer
// text of letters and digits, as well.
bool may_be_in_a_value(std::string_view text) {
    constexpr std::string_view signs = "!\"%&'()*+,-./:;<=>?_";
    const auto is_plain = [](char c) { return is_letter(c) || is_digit(c); };
    if (std::all_of(text.begin(), text.end(), is_plain)) return true;
    return text.size() == 1 && signs.find(text.front()) != std::string_view::npos;
}

std::string unescaped(SettingsTable& table, std::string_view key, std::string text) {
    if (!unescape(text)) table.problem(key, "an escape is not \\r, \\n, \\t, \\\\ or \\xHH");
    return text;
}

void judge_gs_text(SettingsTable& table, const std::string& text) {
    if (text.empty() || text.size() > gs_text_bytes_max) {
        table.problem("gs_texts",
                      fmt::format("a text for GS has 1 to {} bytes", gs_text_bytes_max),
                      "gs_texts = [\"<GS>\"]");
    } else if (text.find('\x1D') != std::string::npos) {
        table.problem("gs_texts", "GS itself (1D) is always known and needs no text");
    } else if (may_be_in_a_value(text)) {
        table.problem("gs_texts",
                      fmt::format("\"{}\" may stand in a lot or serial, which would be cut there",
                                  escaped(text)),
                      "let the scanner send GS, or a text in brackets: \"<GS>\"");
    }
}

std::vector<std::string> gs_texts_of(SettingsTable& table) {
    std::vector<std::string> texts = table.texts("gs_texts");
    if (texts.size() > gs_texts_max) {
        table.problem("gs_texts", fmt::format("at most {} texts", gs_texts_max));
    }
    for (std::string& text : texts) {
        text = unescaped(table, "gs_texts", std::move(text));
        judge_gs_text(table, text);
    }
    // "<GS>>" before "<GS>": the longer one is meant where both fit.
    std::stable_sort(texts.begin(), texts.end(), [](const std::string& a, const std::string& b) {
        return a.size() > b.size();
    });
    return texts;
}

bool is_data_identifier(std::string_view text) {
    if (text.empty() || text.size() > 4 || text.back() < 'A' || text.back() > 'Z') return false;
    return std::all_of(text.begin(), text.end() - 1, is_digit);
}

std::vector<std::string> data_identifiers_of(SettingsTable& table) {
    std::vector<std::string> words = table.texts("data_identifiers");
    if (words.size() > data_identifiers_max) {
        table.problem("data_identifiers", fmt::format("at most {}", data_identifiers_max));
    }
    for (const std::string& word : words) {
        if (is_data_identifier(word)) continue;
        table.problem("data_identifiers",
                      fmt::format("\"{}\" is no data identifier: up to 3 digits and one capital "
                                  "letter",
                                  escaped(word)),
                      "data_identifiers = [\"S\", \"1T\", \"Q\"]");
    }
    return words;
}

std::string affix_of(SettingsTable& table, std::string_view key) {
    std::string text = unescaped(table, key, table.text(key, ""));
    if (text.size() > affix_bytes_max) {
        table.problem(key, fmt::format("at most {} bytes", affix_bytes_max));
    }
    return text;
}

}  // namespace

std::shared_ptr<const CodeReading> parse_code_reading(SettingsTable& table) {
    CodeReading reading;
    reading.gs_texts = gs_texts_of(table);
    reading.data_identifiers = data_identifiers_of(table);
    reading.prefix = affix_of(table, "code_prefix");
    reading.suffix = affix_of(table, "code_suffix");
    reading.expects_gs1 = table.flag("expects_gs1", false);
    const bool is_usual = reading.gs_texts.empty() && reading.data_identifiers.empty() &&
                          reading.prefix.empty() && reading.suffix.empty() && !reading.expects_gs1;
    if (is_usual) return nullptr;
    return std::make_shared<const CodeReading>(std::move(reading));
}

OnScan with_reading(OnScan on_scan, std::shared_ptr<const CodeReading> reading) {
    if (!reading) return on_scan;
    return [on_scan = std::move(on_scan), reading = std::move(reading)](Scan scan) {
        scan.reading = reading;
        return on_scan(std::move(scan));
    };
}

}  // namespace lotgate::adapters
