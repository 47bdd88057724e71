#include "adapters/label_template/tspl_template_reader.hpp"

#include "adapters/label_template/place_reader.hpp"
#include "store/model/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace lotgate::adapters {

namespace {

using Shape = LabelTemplate::Shape;

const std::vector<std::string>& commands() {
    static const std::vector<std::string> words{
        "SIZE",      "GAP",   "BLINE",    "OFFSET", "SPEED",    "DENSITY", "DIRECTION",
        "REFERENCE", "SHIFT", "CODEPAGE", "SET",    "CLS",      "BAR",     "BARCODE",
        "BLOCK",     "BOX",   "CIRCLE",   "TEXT",   "DIAGONAL", "DMATRIX", "QRCODE",
        "ELLIPSE",   "ERASE", "REVERSE",  "PRINT"};
    return words;
}

std::string upper_word(std::string_view text) {
    std::string word;
    for (const char c : text) {
        if (std::isalpha(static_cast<unsigned char>(c)) == 0) break;
        word += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return word;
}

std::string without_spaces(std::string_view text) {
    std::string packed;
    for (const char c : text)
        if (c != ' ') packed += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return packed;
}

bool is_inside_quotes(std::string_view before) {
    return std::count(before.begin(), before.end(), '"') % 2 == 1;
}

/// What is wrong with a place of that shape after these words, or empty.
std::string misplaced(Shape shape, const std::string& word, std::string_view before) {
    const std::string packed = without_spaces(before);
    const auto has = [&](const char* part) { return packed.find(part) != std::string::npos; };
    switch (shape) {
        case Shape::text:
            if (word == "TEXT" || word == "BLOCK") return {};
            return "text stands in TEXT or BLOCK: name the shape of a symbol (code128, …)";
        case Shape::block:
            return word == "BLOCK" ? "" : "{block …} stands in BLOCK";
        case Shape::code128:
            return word == "BARCODE" && has("\"128M\"")
                       ? ""
                       : "{code128 …} stands in BARCODE with the type \"128M\"";
        case Shape::plain128:
            return word == "BARCODE" && has("\"128\"")
                       ? ""
                       : "{plain128 …} stands in BARCODE with the type \"128\"";
        case Shape::datamatrix:
            return word == "DMATRIX" && has(",C126,")
                       ? ""
                       : "{datamatrix …} stands in DMATRIX with the escape character ~, c126";
        case Shape::qr:
            return word == "QRCODE" ? "" : "{qr …} stands in QRCODE";
    }
    return {};
}

}  // namespace

LabelTemplate TsplTemplateReader::read() {
    if (text_.size() > template_bytes_max) {
        line_ = 1;
        problem("a template of more than 64 KiB");
        return std::move(label_);
    }
    literal_ = "SET REPRINT OFF\r\n";
    while (!text_.empty()) {
        ++line_;
        column_ = 1;
        const auto end = std::min(text_.find('\n'), text_.size());
        auto one = text_.substr(0, end);
        text_.remove_prefix(std::min(end + 1, text_.size()));
        if (!one.empty() && one.back() == '\r') one.remove_suffix(1);
        line(one);
    }
    finish();
    return std::move(label_);
}

void TsplTemplateReader::problem(std::string message) {
    problems_.push_back({line_, column_, std::move(message)});
}

void TsplTemplateReader::flush(std::optional<LabelTemplate::Place> place) {
    LabelTemplate::Piece piece;
    piece.literal = std::move(literal_);
    piece.place = std::move(place);
    piece.only_if = condition_;
    label_.pieces_.push_back(std::move(piece));
    literal_.clear();
}

void TsplTemplateReader::line(std::string_view text) {
    if (text.find_first_not_of(" \t") == std::string_view::npos || text.front() == ';') return;
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    if (std::any_of(text.begin(), text.end(), is_control)) problem("a control character");
    text = condition(text);
    command(text);
    content(text);
    literal_ += "\r\n";
    if (condition_.empty()) return;
    flush(std::nullopt);
    condition_.clear();
}

std::string_view TsplTemplateReader::condition(std::string_view text) {
    constexpr std::string_view begin = "{if ";
    if (!text.starts_with(begin)) return text;
    const auto end = text.find('}');
    if (end == std::string_view::npos) {
        problem("\"{\" without \"}\" on its line");
        return {};
    }
    const std::string name(text.substr(begin.size(), end - begin.size()));
    if (!is_label_field(name))
        problem(fmt::format("unknown field \"{}\"{}", name, nearest_label_field(name)));
    flush(std::nullopt);
    condition_ = name;
    column_ += static_cast<int>(end) + 1;
    return text.substr(end + 1);
}

void TsplTemplateReader::command(std::string_view text) {
    word_ = upper_word(text);
    const std::string packed = without_spaces(text);
    const auto& known = commands();
    if (std::find(known.begin(), known.end(), word_) == known.end()) {
        const auto nearest = nearest_spelling(word_, known);
        problem(fmt::format("\"{}\" has no place in a label{}",
                            word_,
                            nearest ? fmt::format("; did you mean \"{}\"?", *nearest) : ""));
    }
    if (prints_ > 0) problem("something follows PRINT: a template is one label");
    has_size_ = has_size_ || word_ == "SIZE";
    has_clear_ = has_clear_ || word_ == "CLS";
    has_utf8_ = has_utf8_ || packed == "CODEPAGEUTF-8";
    if (word_ == "SET" && packed.starts_with("SETREPRINT") && packed != "SETREPRINTOFF")
        problem("SET REPRINT other than OFF: the printer must not print a label again by itself");
    if (word_ == "SET" && packed.starts_with("SETCOUNTER"))
        problem("SET COUNTER lets the printer count: numbers come from the gateway");
    if (word_ != "PRINT") return;
    ++prints_;
    if (packed != "PRINT1" && packed != "PRINT1,1")
        problem("PRINT other than 1: one label a job, so that each can be accounted for");
    if (!condition_.empty()) problem("PRINT cannot depend on a field");
}

void TsplTemplateReader::content(std::string_view text) {
    const int begin = column_;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::string_view before = text.substr(0, text.size() - rest.size());
        column_ = begin + static_cast<int>(before.size());
        const char c = rest.front();
        const bool is_double = rest.size() > 1 && rest[1] == c;
        if ((c == '{' || c == '}') && is_double) {
            literal_ += c;
            rest.remove_prefix(2);
        } else if (c == '{') {
            const auto end = rest.find('}');
            if (end == std::string_view::npos) {
                problem("\"{\" without \"}\" on its line (write \"{{\" for the character)");
                return;
            }
            place(rest.substr(1, end - 1), before);
            rest.remove_prefix(end + 1);
        } else {
            if (c == '}') problem("\"}\" without \"{\" (write \"}}\" for the character)");
            if (c == '@' && !is_inside_quotes(before))
                problem("\"@\" is a variable of the printer: numbers come from the gateway");
            literal_ += c;
            rest.remove_prefix(1);
        }
    }
}

void TsplTemplateReader::place(std::string_view inside, std::string_view before) {
    PlaceRead read = read_place(inside);
    read.place.line = line_;
    read.place.column = column_;
    for (auto& message : read.problems) problem(std::move(message));
    if (!read.is_place) return;
    if (!is_inside_quotes(before)) problem("a field may stand only between quotes");
    const auto wrong = misplaced(read.place.shape, word_, before);
    if (!wrong.empty()) problem(wrong);
    has_text_ = has_text_ || read.place.shape == Shape::text || read.place.shape == Shape::block;
    flush(std::move(read.place));
}

void TsplTemplateReader::finish() {
    column_ = 1;
    if (prints_ == 0) literal_ += "PRINT 1\r\n";
    flush(std::nullopt);
    if (!has_size_) problem("no SIZE: the printer would use that of the label before");
    if (!has_clear_) problem("no CLS: the label before would shine through");
    if (has_text_ && !has_utf8_) problem("no CODEPAGE UTF-8: names with accents would be garbled");
}

}  // namespace lotgate::adapters
