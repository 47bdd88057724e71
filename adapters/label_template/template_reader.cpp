#include "adapters/label_template/template_reader.hpp"

#include "adapters/label_template/place_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace lotgate::adapters {

namespace {

using Shape = LabelTemplate::Shape;

/// The n-th parameter, counted from 0; empty where it is not given.
std::string parameter(std::string_view parameters, std::size_t n) {
    for (; n > 0; --n) {
        const auto comma = parameters.find(',');
        if (comma == std::string_view::npos) return {};
        parameters.remove_prefix(comma + 1);
    }
    const auto text = parameters.substr(0, parameters.find(','));
    const auto end = text.find_last_not_of(" \r\n");
    return end == std::string_view::npos ? std::string() : std::string(text.substr(0, end + 1));
}

}  // namespace

LabelTemplate TemplateReader::read() {
    if (text_.size() > template_bytes_max) {
        problem("a template of more than 64 KiB");
        return std::move(label_);
    }
    while (at_ < text_.size()) {
        const char c = text_[at_];
        const bool is_double = at_ + 1 < text_.size() && text_[at_ + 1] == c;
        if (c == '^' || c == '~') {
            command();
        } else if ((c == '{' || c == '}') && is_double) {
            literal(text_.substr(at_, 1));
            at_ += 2;
        } else if (c == '{') {
            place();
        } else {
            if (c == '}') problem("\"}\" without \"{\" (write \"}}\" for the character)");
            literal(text_.substr(at_, 1));
            if (c == '\n') end_line();
            ++at_;
        }
    }
    finish();
    return std::move(label_);
}

void TemplateReader::problem(std::string message) {
    problems_.push_back({line_, column(), std::move(message)});
}

void TemplateReader::literal(std::string_view text) {
    literal_ += text;
}

// A command is two letters (a digit may be the second) and goes on to the next one; what follows
// ^FD is the field's data, in which places stand.
void TemplateReader::command() {
    const char start = text_[at_];
    std::string name(text_.substr(at_ + 1, 2));
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
        return static_cast<char>(std::toupper(c));
    });
    const auto from = std::min(at_ + 3, text_.size());
    const auto end = std::min(text_.find_first_of("^~{", from), text_.size());
    const std::string parameters(text_.substr(from, end - from));
    if (start == '~') {
        problem(fmt::format("~{}: immediate commands have no place in a label", name));
    } else {
        forbid(name, parameters);
        // Ours go in beside the frame; the template's own are the same or were refused.
        const bool is_end = name == "XZ";
        if (is_end && !has_quantity_) literal("^PQ1");
        note(name, parameters);
    }
    literal(text_.substr(at_, from - at_));
    if (start == '^' && name == "XA") literal("^JZN");
    at_ = from;
}

void TemplateReader::note(const std::string& name, const std::string& parameters) {
    if (name == "XA") ++starts_;
    if (name == "XZ") ++ends_;
    if (name == "XA" || name == "FS") field_ = {};
    if (name == "FH")
        field_.hex = parameters.empty() || parameters[0] == '\n' ? '_' : parameters[0];
    if (name == "FB") field_.is_block = true;
    if (name == "FD" || name == "FV") field_.is_open = true;
    if (name == "CI" && parameter(parameters, 0) == "28") has_utf8_ = true;
    if (name == "PQ") has_quantity_ = true;
    if (name[0] == 'B' && name != "BY") {
        field_.barcode = name;
        field_.parameters = parameters;
    }
}

void TemplateReader::forbid(const std::string& name, const std::string& parameters) {
    static constexpr std::array changes_commands{"CC", "CT", "CD"};
    static constexpr std::array counts_by_itself{"SN", "SF"};
    static constexpr std::array stores{"JU", "DF", "XF", "ID", "IS", "EG"};
    const auto is_in = [&](const auto& list) {
        return std::find(list.begin(), list.end(), name) != list.end();
    };
    if (is_in(changes_commands))
        problem(fmt::format("^{} changes the command characters: escaping would fail", name));
    if (is_in(counts_by_itself))
        problem(fmt::format("^{} lets the printer count: numbers come from the gateway", name));
    if (is_in(stores))
        problem(
            fmt::format("^{} changes or uses what the printer stores: a label is complete", name));
    if (name == "PQ" && parameter(parameters, 0) != "1")
        problem("^PQ other than 1: one label a job, so that each can be accounted for");
    if (name == "JZ" && parameter(parameters, 0) != "N")
        problem("^JZ other than N: the printer must not print a label again by itself");
    if (name == "BC" && !parameter(parameters, 5).empty() && parameter(parameters, 5) != "N")
        problem("^BC in a mode other than N: its field data would be understood differently");
    const bool is_command =
        name.size() == 2 && std::isalpha(static_cast<unsigned char>(name[0])) != 0;
    if (!is_command && name != "A0") problem(fmt::format("\"^{}\" is no command", name));
}

void TemplateReader::place() {
    const auto end = text_.find_first_of("}\n", at_);
    if (end == std::string_view::npos || text_[end] == '\n') {
        problem("\"{\" without \"}\" on its line (write \"{{\" for the character)");
        at_ += 1;
        return;
    }
    const auto inside = text_.substr(at_ + 1, end - at_ - 1);
    if (inside.starts_with("if ")) {
        begin_condition(inside.substr(3));
        at_ = end + 1;
        return;
    }
    PlaceRead read = read_place(inside);
    read.place.line = line_;
    read.place.column = column();
    for (auto& message : read.problems) problem(std::move(message));
    if (read.is_place) {
        check_place(read.place);
        flush(std::move(read.place));
    }
    at_ = end + 1;
}

void TemplateReader::flush(std::optional<LabelTemplate::Place> place) {
    LabelTemplate::Piece piece;
    piece.literal = std::move(literal_);
    piece.place = std::move(place);
    piece.only_if = condition_;
    label_.pieces_.push_back(std::move(piece));
    literal_.clear();
}

// {if lot} at the beginning of a line: the line is there only where the field is.
void TemplateReader::begin_condition(std::string_view field) {
    if (at_ != line_begin_) problem("{if ...} stands at the beginning of its line");
    const std::string name(field);
    if (!is_label_field(name))
        problem(fmt::format("unknown field \"{}\"{}", name, nearest_label_field(name)));
    if (field_.is_open) problem("{if ...} inside a field: ^FS comes first");
    flush(std::nullopt);
    condition_ = name;
}

void TemplateReader::end_line() {
    ++line_;
    line_begin_ = at_ + 1;
    if (condition_.empty()) return;
    if (field_.is_open) problem("a line with {if ...} ends its field on the same line");
    flush(std::nullopt);
    condition_.clear();
}

void TemplateReader::check_place(const LabelTemplate::Place& place) {
    if (!field_.is_open) {
        problem("a field may stand only between ^FD and ^FS");
        return;
    }
    const bool is_gs1 = takes_elements(place.shape);
    if (is_gs1 && field_.hex != '\\') problem("needs ^FH\\ before ^FD: GS1 data may hold \"_\"");
    if (!is_gs1 && field_.hex != '_')
        problem("needs ^FH_ before ^FD: its text is escaped with \"_\"");
    const bool is_128 = place.shape == Shape::code128 || place.shape == Shape::plain128;
    if (is_128 && field_.barcode != "BC") problem("needs ^BC before ^FD");
    if (place.shape == Shape::datamatrix &&
        (field_.barcode != "BX" || parameter(field_.parameters, 6) != "@"))
        problem("needs ^BX with the escape character @ before ^FD, as in ^BXN,6,200,,,,@,1");
    if (place.shape == Shape::qr && field_.barcode != "BQ") problem("needs ^BQ before ^FD");
    if (place.shape == Shape::block && !field_.is_block) problem("needs ^FB before ^FD");
    const bool is_plain = place.shape == Shape::text || place.shape == Shape::block;
    if (is_plain && !field_.barcode.empty())
        problem(
            fmt::format("text in a ^{} field: name its shape (code128, datamatrix, qr, plain128)",
                        field_.barcode));
    has_text_ = has_text_ || is_plain;
}

void TemplateReader::finish() {
    flush(std::nullopt);
    if (starts_ != 1 || ends_ != 1)
        problem(fmt::format("{} ^XA and {} ^XZ: a template is one label", starts_, ends_));
    if (has_text_ && !has_utf8_) problem("no ^CI28: names with accents would be garbled");
}

}  // namespace lotgate::adapters
