#include "adapters/transport/scan_feedback.hpp"

#include "adapters/transport/frame.hpp"

namespace lotgate::adapters {

namespace {

void read_text(SettingsTable& table, const char* key, std::string& text) {
    if (!table.has(key)) return;
    text = table.text(key, "");
    if (!unescape(text)) table.problem(key, "an escape is not \\r, \\n, \\t, \\\\ or \\xHH");
}

void fill_in(std::string& text, const std::string& placeholder, const std::string& value) {
    std::string harmless = value;
    for (char& letter : harmless) {
        if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F) letter = ' ';
    }
    for (std::size_t at = text.find(placeholder); at != std::string::npos;
         at = text.find(placeholder, at + harmless.size())) {
        text.replace(at, placeholder.size(), harmless);
    }
}

}  // namespace

ScanFeedback parse_scan_feedback(SettingsTable& table, ScanFeedback usual) {
    read_text(table, "answer_good", usual.good);
    read_text(table, "answer_attention", usual.attention);
    read_text(table, "answer_bad", usual.bad);
    read_text(table, "answer_unavailable", usual.unavailable);
    return usual;
}

std::string ScanFeedback::text_for(const ScanAnswer& answer) const {
    std::string text;
    switch (answer.light) {
        case Light::good:
            text = good;
            break;
        case Light::attention:
            text = attention;
            break;
        case Light::bad:
            text = bad;
            break;
        case Light::unavailable:
            text = unavailable;
            break;
    }
    if (text.empty()) return text;
    fill_in(text, "{told}", answer.told);
    fill_in(text, "{code}", answer.code);
    return text;
}

}  // namespace lotgate::adapters
