#include "adapters/label_template/place_reader.hpp"

#include "store/model/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace lotgate::adapters {

namespace {

using Shape = LabelTemplate::Shape;

const std::vector<std::string>& shape_words() {
    static const std::vector<std::string> words{"block", "code128", "datamatrix", "plain128", "qr"};
    return words;
}

std::optional<Shape> shape_named(std::string_view word) {
    if (word == "block") return Shape::block;
    if (word == "code128") return Shape::code128;
    if (word == "datamatrix") return Shape::datamatrix;
    if (word == "plain128") return Shape::plain128;
    if (word == "qr") return Shape::qr;
    return std::nullopt;
}

/// Words, with "[" and "]" as words of their own.
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    const auto end_word = [&] {
        if (!word.empty()) words.push_back(std::move(word));
        word.clear();
    };
    for (const char c : text) {
        if (c == ' ' || c == '[' || c == ']') end_word();
        if (c == '[' || c == ']') words.emplace_back(1, c);
        if (c != ' ' && c != '[' && c != ']') word += c;
    }
    end_word();
    return words;
}

void read_item(std::string word, int group, PlaceRead& read) {
    LabelTemplate::Element element;
    element.group = group;
    if (!word.empty() && word.back() == '?') {
        element.is_optional = true;
        word.pop_back();
    }
    const auto equals = word.find('=');
    if (equals != std::string::npos) {
        element.ai = word.substr(0, equals);
        word.erase(0, equals + 1);
    }
    const bool is_digits = element.ai.find_first_not_of("0123456789") == std::string::npos;
    const bool wants_ai = takes_elements(read.place.shape);
    if (wants_ai && (element.ai.size() < 2 || element.ai.size() > 4 || !is_digits))
        read.problems.push_back(
            fmt::format("\"{}\" needs its application identifier, as in \"00=sscc\"", word));
    if (!wants_ai && !element.ai.empty())
        read.problems.emplace_back("only code128 and datamatrix take application identifiers");
    if (!is_label_field(word))
        read.problems.push_back(
            fmt::format("unknown field \"{}\"{}", word, nearest_label_field(word)));
    element.field = std::move(word);
    read.place.elements.push_back(std::move(element));
}

void read_items(const std::vector<std::string>& words, PlaceRead& read) {
    int groups = 0;
    int group = 0;
    for (const auto& word : words) {
        if (word == "[" && group == 0) {
            group = ++groups;
        } else if (word == "]" && group != 0) {
            group = 0;
        } else if (word == "[" || word == "]") {
            read.problems.emplace_back("[ ] do not match");
        } else {
            read_item(word, group, read);
        }
    }
    if (group != 0) read.problems.emplace_back("[ without ]");
    if (read.place.elements.empty()) read.problems.emplace_back("names no field");
    if (!takes_elements(read.place.shape) && (read.place.elements.size() > 1 || groups > 0))
        read.problems.emplace_back("takes one field");
}

}  // namespace

bool takes_elements(Shape shape) {
    return shape == Shape::code128 || shape == Shape::datamatrix;
}

bool is_label_field(const std::string& name) {
    const auto& names = label_field_names();
    return std::any_of(names.begin(), names.end(), [&](const LabelFieldName& known) {
        return known.name == name;
    });
}

std::string nearest_label_field(const std::string& name) {
    std::vector<std::string> names;
    for (const auto& known : label_field_names()) names.emplace_back(known.name);
    const auto nearest = nearest_spelling(name, names);
    return nearest ? fmt::format("; did you mean \"{}\"?", *nearest) : std::string();
}

PlaceRead read_place(std::string_view inside) {
    PlaceRead read;
    const auto words = words_of(inside);
    if (words.empty()) {
        read.problems.emplace_back("{} names no field");
        return read;
    }
    const auto shape = shape_named(words.front());
    if (shape) read.place.shape = *shape;
    if (!shape && words.size() > 1) {
        const auto nearest = nearest_spelling(words.front(), shape_words());
        read.problems.push_back(
            fmt::format("\"{}\" is no shape{}",
                        words.front(),
                        nearest ? fmt::format("; did you mean \"{}\"?", *nearest) : ""));
        return read;
    }
    read.is_place = true;
    read_items(std::vector<std::string>(words.begin() + (shape ? 1 : 0), words.end()), read);
    return read;
}

}  // namespace lotgate::adapters
