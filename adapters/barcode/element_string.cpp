// GS1 element strings, as scanned and as people write them (GenSpecs 7.8, 5.8.4):
//   scanned   := { GS } element { [ GS ] element } [ GS ];  element := identifier value
//   bracketed := "(" identifier ")" value { … };  "\(" is a bracket that belongs to the value
// GS must stand after a value whose length the table does not fix, unless it is the last.

#include "adapters/barcode/linters.hpp"
#include "adapters/barcode/writer.hpp"

#include <algorithm>

namespace lotgate::barcode {

namespace {

constexpr char group_separator = '\x1d';

struct Mark {
    std::size_t at = std::string_view::npos;
    std::size_t size = 0;
};

// GenSpecs 3.5.15: delivery dates without a time carry 9999.
constexpr std::string_view no_time = "9999";

bool may_lack_time(const AiEntry& entry) {
    return entry.name() == "4324" || entry.name() == "4325";
}

// The next separator: GS, or one of the texts that this scanner sends for it.
Mark next_separator(const DecodeOptions& options, std::string_view text) {
    Mark mark{text.find(group_separator), 1};
    for (const std::string_view replacement : options.separators) {
        if (replacement.empty()) continue;
        const std::size_t at = text.find(replacement);
        if (at < mark.at) mark = {at, replacement.size()};
    }
    if (mark.at == std::string_view::npos) mark = {text.size(), 0};
    return mark;
}

// Jumps over separators at the start. `expected` of them are as the standard wants.
void skip_separators(Reading& reading, Slice& rest, int expected, WarningClass excess) {
    int seen = 0;
    while (!rest.text.empty()) {
        const Mark mark = next_separator(reading.options, rest.text);
        if (mark.at != 0 || mark.size == 0) return;
        if (!rest.text.starts_with(group_separator))
            reading.writer.warn(WarningClass::separator_replaced, rest.at);
        if (++seen > expected) reading.writer.warn(excess, rest.at);
        rest = rest.from(mark.size);
    }
}

// The made-up entry of an identifier that no table knows: its length of value is fixed where the
// first two digits fix it. One per thread: it lives until the next call.
const AiEntry* unknown_entry(std::string_view ai) {
    thread_local AiEntry entry;
    entry = {};
    std::copy(ai.begin(), ai.end(), entry.ai.begin());
    entry.ai_size = static_cast<std::uint8_t>(ai.size());
    const int fixed = predefined_value_length(ai);
    Component& component = entry.components[0];
    component.charset = Charset::cset82;
    component.min = static_cast<std::uint8_t>(std::max(fixed, 1));
    component.max = fixed == 0 ? std::uint8_t{value_bytes_max} : static_cast<std::uint8_t>(fixed);
    entry.component_count = 1;
    entry.value_min = component.min;
    entry.value_max = component.max;
    entry.predefined_length = fixed != 0;
    return &entry;
}

// The identifier at the start of scanned data. Unknown ones only where the length is known.
const AiEntry* entry_at(const Reading& reading, std::string_view data) {
    const AiEntry* entry = reading.dictionary.match(data);
    if (entry != nullptr || !reading.options.permit_unknown_ais) return entry;
    const auto length = static_cast<std::size_t>(reading.dictionary.ai_length(data));
    if (length == 0 || data.size() < length) return nullptr;
    return entry_named(reading, data.substr(0, length));
}

bool read_element(Reading& reading, Slice& rest) {
    const AiEntry* entry = entry_at(reading, rest.text);
    if (entry == nullptr) {
        return reading.writer.refuse(
            ErrorClass::unknown_ai,
            rest.at,
            rest.text.substr(0, std::min<std::size_t>(rest.text.size(), 4)));
    }
    rest = rest.from(entry->ai_size);
    const Mark mark = next_separator(reading.options, rest.text);
    const Slice value = rest.first(mark.at);
    if (value.text.empty()) {
        return reading.writer.refuse(ErrorClass::value_empty, rest.at, entry->name());
    }
    const std::size_t consumed = read_value(reading, *entry, value);
    if (consumed == 0) return false;
    if (!reading.writer.add(entry->name(), value.first(consumed))) return false;
    if (consumed < value.text.size() && !entry->predefined_length) {
        return reading.writer.refuse(ErrorClass::value_too_long,
                                     value.at + static_cast<std::uint32_t>(consumed),
                                     entry->name());
    }
    rest = rest.from(consumed);
    skip_separators(reading, rest, 1, WarningClass::double_separator);
    return true;
}

struct BracketedElement {
    const AiEntry* entry = nullptr;
    Slice value;  // as written, escapes included
    bool escaped = false;
};

// One "(identifier)value" off the front of `rest`.
bool split_bracketed(Reading& reading, Slice& rest, BracketedElement& element) {
    Writer& writer = reading.writer;
    const std::size_t close = rest.text.find(')');
    if (rest.text.front() != '(' || close == std::string_view::npos) {
        return writer.refuse(ErrorClass::malformed_brackets, rest.at);
    }
    const std::string_view ai = rest.text.substr(1, close - 1);
    element.entry = entry_named(reading, ai);
    if (element.entry == nullptr) {
        return writer.refuse(ErrorClass::unknown_ai, rest.at + 1, ai.substr(0, 8));
    }
    rest = rest.from(close + 1);
    if (rest.text.empty()) {
        return writer.refuse(ErrorClass::malformed_brackets, rest.at, ai);
    }
    std::size_t open = rest.text.find('(');
    while (open != std::string_view::npos && open > 0 && rest.text[open - 1] == '\\') {
        element.escaped = true;
        open = rest.text.find('(', open + 1);
    }
    element.value = rest.first(std::min(open, rest.text.size()));
    rest = rest.from(element.value.text.size());
    return true;
}

// Writes the value without its escapes; its size as meant.
bool add_bracketed(Reading& reading, const BracketedElement& element) {
    if (!element.escaped) return reading.writer.add(element.entry->name(), element.value);
    std::string plain;
    for (std::size_t i = 0; i < element.value.text.size(); ++i) {
        const char c = element.value.text[i];
        const bool escape =
            c == '\\' && i + 1 < element.value.text.size() && element.value.text[i + 1] == '(';
        if (!escape) plain += c;
    }
    return reading.writer.add_own(element.entry->name(), plain, element.value.at);
}

bool check_written_length(Reading& reading, const AiEntry& entry, const Element& element) {
    const auto refuse = [&](ErrorClass error, std::size_t offset) {
        return reading.writer.refuse(
            error, element.position + static_cast<std::uint32_t>(offset), entry.name());
    };
    if (element.value.size() < entry.value_min) {
        return refuse(ErrorClass::value_too_short, element.value.size());
    }
    if (element.value.size() > entry.value_max) {
        return refuse(ErrorClass::value_too_long, entry.value_max);
    }
    const std::size_t caret = element.value.find('^');
    if (caret != std::string_view::npos) return refuse(ErrorClass::illegal_character, caret);
    return true;
}

LintFinding check_part(Reading& reading,
                       const AiEntry& entry,
                       const Component& component,
                       const Slice& part) {
    if (part.text.size() < component.min) {
        return {ErrorClass::value_bad_length, static_cast<std::uint32_t>(part.text.size())};
    }
    LintFinding finding = check_charset(component.charset, part.text);
    for (const Linter linter : component.linters) {
        if (finding.error != ErrorClass::none || linter == Linter::none) break;
        if (linter == Linter::hhmi && part.text == no_time && may_lack_time(entry)) {
            reading.writer.warn(WarningClass::no_time, part.at);
        } else {
            finding = check(linter, part.text);
        }
    }
    return finding;
}

}  // namespace

const AiEntry* entry_named(const Reading& reading, std::string_view ai) {
    const AiEntry* entry = reading.dictionary.find(ai);
    if (entry != nullptr || !reading.options.permit_unknown_ais) return entry;
    if (ai.size() < 2 || ai.size() > 4 || !all_digits(ai)) return nullptr;
    const auto length = static_cast<std::size_t>(reading.dictionary.ai_length(ai));
    if (length != 0 && length != ai.size()) return nullptr;
    reading.writer.warn(WarningClass::unknown_ai_kept, 0);
    return unknown_entry(ai);
}

std::size_t read_value(Reading& reading, const AiEntry& entry, const Slice& value) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < entry.component_count; ++i) {
        const Component& component = entry.components[i];
        const Slice part = value.from(at).first(component.max);
        if (part.text.empty() && component.optional) continue;
        const LintFinding finding = check_part(reading, entry, component, part);
        if (finding.error != ErrorClass::none) {
            reading.writer.refuse(finding.error, part.at + finding.offset, entry.name());
            return 0;
        }
        at += part.text.size();
    }
    return at;
}

bool read_element_string(Reading& reading, const Slice& data) {
    reading.writer.kind(Kind::element_string);
    // '^' stands for FNC1 in too many systems to be let through as data.
    const std::size_t caret = data.text.find('^');
    if (caret != std::string_view::npos) {
        return reading.writer.refuse(ErrorClass::illegal_character,
                                     data.at + static_cast<std::uint32_t>(caret));
    }
    Slice rest = data;
    skip_separators(reading, rest, 0, WarningClass::leading_separator);
    if (rest.text.empty()) return reading.writer.refuse(ErrorClass::value_empty, rest.at);
    while (!rest.text.empty()) {
        if (!read_element(reading, rest)) return false;
    }
    return true;
}

bool check_elements(Reading& reading) {
    const Decoded& decoded = reading.writer.decoded();
    for (std::size_t i = 0; i < decoded.element_count(); ++i) {
        const Element element = decoded.element(i);
        const AiEntry* entry = entry_named(reading, element.ai);
        if (entry == nullptr) {
            return reading.writer.refuse(ErrorClass::unknown_ai, element.position, element.ai);
        }
        const Slice value{element.value, element.position};
        const std::size_t consumed = read_value(reading, *entry, value);
        if (consumed == 0) return false;
        if (consumed < element.value.size()) {
            return reading.writer.refuse(ErrorClass::value_too_long,
                                         element.position + static_cast<std::uint32_t>(consumed),
                                         entry->name());
        }
    }
    return true;
}

bool read_bracketed(Reading& reading, const Slice& data) {
    reading.writer.kind(Kind::element_string);
    if (data.text.empty()) return reading.writer.refuse(ErrorClass::value_empty, data.at);
    // The form first, over the whole text, then the contents: a person who forgot a bracket is
    // not helped by a check digit error.
    Slice rest = data;
    while (!rest.text.empty()) {
        BracketedElement element;
        if (!split_bracketed(reading, rest, element)) return false;
        if (!add_bracketed(reading, element)) return false;
        const Decoded& decoded = reading.writer.decoded();
        const Element last = decoded.element(decoded.element_count() - 1);
        if (!check_written_length(reading, *element.entry, last)) return false;
    }
    return check_elements(reading);
}

}  // namespace lotgate::barcode
