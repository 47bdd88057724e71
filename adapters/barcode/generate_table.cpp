// Turns application_identifiers.csv into the C++ arrays of the built-in table. A build tool: it
// runs once a build, and what it cannot read stops the build with the line.

#include "adapters/barcode/dictionary_build.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <string>

namespace lotgate::barcode {

namespace {

constexpr std::size_t columns = 9;

// "digits13 csum gcppos1", "text1-17?": see the head of the file.
std::optional<ComponentWords> component_words(std::string_view text) {
    const auto words = split(trimmed(text), ' ');
    if (words.empty()) return {};
    ComponentWords component;
    std::string_view form = words.front();
    const std::size_t digit = std::min(form.find_first_of("0123456789"), form.size());
    const std::string_view kind = form.substr(0, digit);
    form.remove_prefix(digit);
    if (kind == "digits") component.charset = 'N';
    if (kind == "text") component.charset = 'X';
    if (kind == "part") component.charset = 'Y';
    if (kind == "base") component.charset = 'Z';
    if (!form.empty() && form.back() == '?') {
        component.optional = true;
        form.remove_suffix(1);
    }
    const auto lengths = split(form, '-');
    if (lengths.empty()) return {};
    component.min = std::stoi(std::string(lengths.front()));
    component.max = std::stoi(std::string(lengths.back()));
    component.linters.assign(words.begin() + 1, words.end());
    return component;
}

/// "22 10 21|254" -> "22,10,21", "254"
std::vector<std::string> qualifier_sequences(std::string_view text) {
    std::vector<std::string> sequences;
    for (const auto sequence : split(trimmed(text), '|')) {
        std::string joined(trimmed(sequence));
        std::replace(joined.begin(), joined.end(), ' ', ',');
        sequences.push_back(std::move(joined));
    }
    return sequences;
}

std::optional<std::string> read_line(std::string_view line, DictionaryBuilder& builder) {
    auto fields = split(line, ';');
    if (line.back() == ';') fields.emplace_back();  // no title
    if (fields.size() != columns) return "not 9 columns";
    LineWords words;
    words.first = fields[0];
    words.last = fields[1];
    words.predefined_length = fields[2] == "fixed";
    words.link_attribute = fields[3] == "link";
    for (const auto text : split(fields[4], '+')) {
        const auto component = component_words(text);
        if (!component) return "component not understood";
        words.components.push_back(*component);
    }
    for (const auto group : split(fields[5], '&')) words.needs.push_back(trimmed(group));
    words.excludes = split(fields[6], ' ');
    words.link_key = fields[7].substr(0, 3) == "key";
    std::vector<std::string> sequences;
    if (words.link_key) sequences = qualifier_sequences(fields[7].substr(3));
    words.qualifiers.assign(sequences.begin(), sequences.end());
    words.title = fields[8];
    return builder.add(words);
}

void print(std::ostream& out, const Component& component) {
    out << "{Charset{" << static_cast<int>(component.charset) << "}, " << int{component.min} << ", "
        << int{component.max} << ", " << (component.optional ? "true" : "false") << ", {{";
    for (const Linter linter : component.linters) {
        out << "Linter{" << static_cast<int>(linter) << "}, ";
    }
    out << "}}}, ";
}

void print(std::ostream& out, const AiEntry& entry) {
    const auto flag = [](bool value) { return value ? "true, " : "false, "; };
    const auto range = [&out](TermRange terms) {
        out << "{" << terms.first << ", " << terms.size << "}, ";
    };
    out << "    {{{";
    for (const char digit : entry.name()) out << "'" << digit << "', ";
    out << "}}, " << int{entry.ai_size} << ", " << flag(entry.predefined_length)
        << flag(entry.link_attribute) << flag(entry.link_key) << int{entry.component_count} << ", "
        << int{entry.value_min} << ", " << int{entry.value_max} << ", {{";
    for (const Component& component : entry.components) print(out, component);
    out << "}}, ";
    range(entry.needs);
    range(entry.excludes);
    range(entry.qualifiers);
    out << "\"" << entry.title << "\"},\n";
}

void print(std::ostream& out, const DictionaryBuilder& builder) {
    out << "constexpr std::array<Term, " << builder.terms.size() << "> built_in_terms = {{\n";
    for (const Term& term : builder.terms) {
        out << "    {" << term.first << ", " << term.last << ", "
            << (term.ends_alternative ? "true" : "false") << ", "
            << (term.ends_group ? "true" : "false") << "},\n";
    }
    out << "}};\nconstexpr std::array<AiEntry, " << builder.entries.size()
        << "> built_in_entries = {{\n";
    for (const AiEntry& entry : builder.entries) print(out, entry);
    out << "}};\n";
}

int generate(const char* source, const char* target) {
    std::ifstream in(source);
    std::ofstream out(target);
    std::vector<std::string> lines;  // kept: entries point into them
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    DictionaryBuilder builder;
    bool heading_seen = false;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].empty() || lines[i].front() == '#') continue;
        if (!heading_seen) {
            heading_seen = true;
            continue;
        }
        if (const auto reason = read_line(lines[i], builder)) {
            std::cerr << source << ":" << i + 1 << ": " << *reason << "\n";
            return 1;
        }
    }
    print(out, builder);
    return in.eof() && out.good() && !builder.entries.empty() ? 0 : 1;
}

}  // namespace

}  // namespace lotgate::barcode

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    return lotgate::barcode::generate(argv[1], argv[2]);
}
