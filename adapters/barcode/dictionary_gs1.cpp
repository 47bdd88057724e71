// Reads the syntax dictionary file that GS1 publishes:
//   file      := { blank | "#" text | line }
//   line      := identifiers [ flags ] component { component } { attribute } [ "#" title ]
//   component := "[" type "]" | type, then { "," check };  type := (N|X|Y|Z) ( length | ".." max )
//   attribute := "req=" … | "ex=" … | "dlpkey" [ "=" … ] | others, which are skipped

#include "adapters/barcode/dictionary_build.hpp"
#include "adapters/barcode/digits.hpp"

#include <string>

namespace lotgate::barcode {

namespace {

constexpr std::size_t file_bytes_max = 1 << 20;

// -1 where it is no length.
int length_in(std::string_view text) {
    return all_digits(text) && text.size() <= 3 ? number_in(text) : -1;
}

bool looks_like_component(std::string_view word) {
    if (!word.empty() && word.front() == '[') word.remove_prefix(1);
    if (word.size() < 2) return false;
    const bool typed = std::string_view("NXYZ").find(word[0]) != std::string_view::npos;
    return typed && ((word[1] >= '0' && word[1] <= '9') || word[1] == '.');
}

std::optional<ComponentWords> component_of(std::string_view word) {
    auto parts = split(word, ',');
    std::string_view form = parts.front();
    ComponentWords component;
    if (form.front() == '[') {
        if (form.back() != ']') return {};
        component.optional = true;
        form = form.substr(1, form.size() - 2);
    }
    if (form.empty()) return {};
    component.charset = form.front();
    form.remove_prefix(1);
    const bool varies = form.substr(0, 2) == "..";
    component.max = length_in(varies ? form.substr(2) : form);
    component.min = varies ? 1 : component.max;
    if (component.max < 1) return {};
    component.linters.assign(parts.begin() + 1, parts.end());
    return component;
}

void read_attribute(std::string_view word, LineWords& words) {
    const auto value_after = [word](std::string_view key) { return word.substr(key.size()); };
    if (word.substr(0, 4) == "req=") words.needs.push_back(value_after("req="));
    if (word.substr(0, 3) == "ex=") {
        for (const auto pattern : split(value_after("ex="), ',')) words.excludes.push_back(pattern);
    }
    if (word == "dlpkey") words.link_key = true;
    if (word.substr(0, 7) == "dlpkey=") {
        words.link_key = true;
        for (const auto sequence : split(value_after("dlpkey="), '|')) {
            words.qualifiers.push_back(sequence);
        }
    }
}

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (!(text = trimmed(text)).empty()) {
        const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
        words.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return words;
}

// `titles` keeps its address: it was reserved for the whole file.
std::optional<std::string> read_line(std::string_view line,
                                     DictionaryBuilder& builder,
                                     std::string& titles) {
    const std::size_t hash = line.find(" #");
    const auto words = words_of(line.substr(0, hash));
    if (words.empty()) return "no identifier before the title";
    LineWords read;
    const std::size_t dash = words.front().find('-');
    read.first = words.front().substr(0, dash);
    if (dash != std::string_view::npos) read.last = words.front().substr(dash + 1);
    std::size_t next = 1;
    if (next < words.size() && !looks_like_component(words[next])) {
        read.predefined_length = words[next].find('*') != std::string_view::npos;
        read.link_attribute = words[next].find('?') != std::string_view::npos;
        ++next;
    }
    for (; next < words.size() && looks_like_component(words[next]); ++next) {
        const auto component = component_of(words[next]);
        if (!component) return "component '" + std::string(words[next]) + "' is not understood";
        read.components.push_back(*component);
    }
    for (; next < words.size(); ++next) read_attribute(words[next], read);
    if (hash != std::string_view::npos) {
        const std::string_view title = trimmed(line.substr(hash + 2));
        const std::size_t offset = titles.size();
        titles.append(title);
        read.title = std::string_view(titles).substr(offset);
    }
    return builder.add(read);
}

tl::unexpected<Fault> bad_line(std::size_t number, const std::string& reason) {
    return fail(FaultCode::invalid_input, "line " + std::to_string(number) + ": " + reason);
}

}  // namespace

Result<std::unique_ptr<const LoadedDictionary>> load_gs1_dictionary(std::string_view file) {
    if (file.size() > file_bytes_max) {
        return fail(FaultCode::invalid_input, "the file is larger than 1 MiB");
    }
    auto loaded = std::make_unique<LoadedDictionary>();
    loaded->titles.reserve(file.size());
    DictionaryBuilder builder;
    std::size_t number = 0;
    for (const auto raw : split(file, '\n')) {
        ++number;
        const std::string_view line = trimmed(raw);
        constexpr std::string_view release = "# Release:";
        if (line.substr(0, release.size()) == release) {
            loaded->release = std::string(trimmed(line.substr(release.size())));
        }
        if (line.empty() || line.front() == '#') continue;
        if (auto reason = read_line(line, builder, loaded->titles))
            return bad_line(number, *reason);
        if (builder.entries.size() > 5000) return bad_line(number, "more than 5000 identifiers");
    }
    if (builder.entries.empty()) return bad_line(number, "no identifier in the file");
    loaded->entries = std::move(builder.entries);
    loaded->terms = std::move(builder.terms);
    loaded->dictionary = std::make_unique<const Dictionary>(loaded->entries, loaded->terms);
    return std::unique_ptr<const LoadedDictionary>(std::move(loaded));
}

}  // namespace lotgate::barcode
