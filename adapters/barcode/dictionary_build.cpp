#include "adapters/barcode/dictionary_build.hpp"

#include "adapters/barcode/digits.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace lotgate::barcode {

namespace {

constexpr std::array<std::pair<std::string_view, Linter>, 34> linter_names{{
    {"csum", Linter::csum},
    {"csumalpha", Linter::csumalpha},
    {"gcppos1", Linter::gcppos1},
    {"gcppos2", Linter::gcppos2},
    {"yymmd0", Linter::yymmd0},
    {"yymmdd", Linter::yymmdd},
    {"yyyymmdd", Linter::yyyymmdd},
    {"hh", Linter::hh},
    {"mi", Linter::mi},
    {"ss", Linter::ss},
    {"hhmi", Linter::hhmi},
    {"iso3166", Linter::iso3166},
    {"iso3166999", Linter::iso3166999},
    {"iso3166alpha2", Linter::iso3166alpha2},
    {"iso4217", Linter::iso4217},
    {"iso5218", Linter::iso5218},
    {"iban", Linter::iban},
    {"pcenc", Linter::pcenc},
    {"pieceoftotal", Linter::pieceoftotal},
    {"posinseqslash", Linter::posinseqslash},
    {"importeridx", Linter::importeridx},
    {"latitude", Linter::latitude},
    {"longitude", Linter::longitude},
    {"mediatype", Linter::mediatype},
    {"packagetype", Linter::packagetype},
    {"nonzero", Linter::nonzero},
    {"nozeroprefix", Linter::nozeroprefix},
    {"zero", Linter::zero},
    {"yesno", Linter::yesno},
    {"winding", Linter::winding},
    {"hyphen", Linter::hyphen},
    {"hasnondigit", Linter::hasnondigit},
    {"couponcode", Linter::couponcode},
    {"couponposoffer", Linter::couponposoffer},
}};

// "31nn" -> 3100 to 3199.
std::optional<Term> term_of(std::string_view pattern) {
    const std::size_t digits = std::min(pattern.find('n'), pattern.size());
    if (digits < 2 || pattern.size() > 4 || !all_digits(pattern.substr(0, digits))) return {};
    if (pattern.find_first_not_of('n', digits) != std::string_view::npos) return {};
    Term term;
    term.first = ai_code(pattern.substr(0, digits));
    unsigned span = 1;
    for (std::size_t i = digits; i < pattern.size(); ++i) span *= 10;
    for (std::size_t i = pattern.size(); i < 4; ++i) {
        if (digits < pattern.size()) span *= 10;
    }
    term.last = static_cast<AiCode>(term.first + span - 1);
    return term;
}

std::optional<Charset> charset_of(char letter) {
    switch (letter) {
        case 'N':
            return Charset::digits;
        case 'X':
            return Charset::cset82;
        case 'Y':
            return Charset::cset39;
        case 'Z':
            return Charset::base64url;
        default:
            return {};
    }
}

std::optional<std::string> read_component(const ComponentWords& words, Component& component) {
    const auto charset = charset_of(words.charset);
    if (!charset) return "unknown kind of characters";
    if (words.min < 1 || words.max < words.min || words.max > 90) return "length out of 1 to 90";
    if (words.linters.size() > component.linters.size()) return "more than 3 checks";
    component.charset = *charset;
    component.min = static_cast<std::uint8_t>(words.min);
    component.max = static_cast<std::uint8_t>(words.max);
    component.optional = words.optional;
    for (std::size_t k = 0; k < words.linters.size(); ++k) {
        const auto linter = linter_named(words.linters[k]);
        if (!linter) return "unknown check '" + std::string(words.linters[k]) + "'";
        component.linters[k] = *linter;
    }
    return {};
}

}  // namespace

AiCode ai_code(std::string_view ai) {
    unsigned code = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        code = code * 10 + (i < ai.size() ? static_cast<unsigned>(ai[i] - '0') : 0U);
    }
    return static_cast<AiCode>(code);
}

std::optional<Linter> linter_named(std::string_view name) {
    // Names of releases before 2025, still met in files of that age.
    if (name == "key") return Linter::gcppos1;
    if (name == "keyoff1") return Linter::gcppos2;
    if (name == "hhmm") return Linter::hhmi;
    for (const auto& [known, linter] : linter_names) {
        if (known == name) return linter;
    }
    return {};
}

std::string_view name_of(Linter linter) {
    for (const auto& [name, known] : linter_names) {
        if (known == linter) return name;
    }
    return "none";
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return parts;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
        text.remove_suffix(1);
    }
    return text;
}

std::optional<std::string> DictionaryBuilder::add(const LineWords& line) {
    const std::string_view last = line.last.empty() ? line.first : line.last;
    if (!all_digits(line.first) || line.first.size() < 2 || line.first.size() > 4) {
        return "an identifier has 2 to 4 digits";
    }
    const std::size_t stem = line.first.size() - 1;
    if (!all_digits(last) || last.size() != line.first.size() ||
        last.substr(0, stem) != line.first.substr(0, stem) || last < line.first) {
        return "a range differs in the last digit only and ascends";
    }

    AiEntry entry;
    entry.ai_size = static_cast<std::uint8_t>(line.first.size());
    entry.predefined_length = line.predefined_length;
    entry.link_attribute = line.link_attribute;
    entry.link_key = line.link_key;
    entry.title = line.title;
    if (auto reason = add_components(line, entry)) return reason;
    if (auto reason = add_terms(line, entry)) return reason;

    for (char digit = line.first.back(); digit <= last.back(); ++digit) {
        std::copy(line.first.begin(), line.first.end(), entry.ai.begin());
        entry.ai[stem] = digit;
        if (!entries.empty() && entries.back().name() >= entry.name()) {
            return "identifiers must ascend";
        }
        if (!entries.empty() && entries.back().name().substr(0, 2) == entry.name().substr(0, 2) &&
            entries.back().ai_size != entry.ai_size) {
            return "identifiers with the same first two digits have the same length";
        }
        entries.push_back(entry);
    }
    return {};
}

std::optional<std::string> DictionaryBuilder::add_components(const LineWords& line,
                                                             AiEntry& entry) {
    if (line.components.empty()) return "no component";
    if (line.components.size() > entry.components.size()) return "more than 6 components";
    int min = 0;
    int max = 0;
    for (std::size_t i = 0; i < line.components.size(); ++i) {
        const ComponentWords& words = line.components[i];
        if (auto reason = read_component(words, entry.components[i])) return reason;
        if (words.min != words.max && i + 1 != line.components.size()) {
            return "only the last component may vary in length";
        }
        if (i > 0 && entry.components[i - 1].optional && !words.optional) {
            return "a component that must be there follows an optional one";
        }
        min += words.optional ? 0 : words.min;
        max += words.max;
    }
    if (max > 90) return "value longer than 90";
    if (line.predefined_length && min != max) return "a predefined length must be one length";
    entry.component_count = static_cast<std::uint8_t>(line.components.size());
    entry.value_min = static_cast<std::uint8_t>(min);
    entry.value_max = static_cast<std::uint8_t>(max);
    return {};
}

std::optional<std::string> DictionaryBuilder::add_terms(const LineWords& line, AiEntry& entry) {
    const auto mark = [this] { return static_cast<std::uint16_t>(terms.size()); };
    const auto close = [&mark](TermRange& range) {
        range.size = static_cast<std::uint16_t>(mark() - range.first);
    };
    entry.needs.first = mark();
    for (const auto group : line.needs) {
        if (auto reason = add_group(group, false)) return reason;
    }
    close(entry.needs);
    entry.excludes.first = mark();
    for (const auto pattern : line.excludes) {
        if (auto reason = add_group(pattern, false)) return reason;
    }
    close(entry.excludes);
    entry.qualifiers.first = mark();
    for (const auto sequence : line.qualifiers) {
        if (auto reason = add_group(sequence, true)) return reason;
    }
    close(entry.qualifiers);
    if (terms.size() > 60000) return "too many pairings";
    return {};
}

// "01+21,02": alternatives; with `all_of_them` the list is one sequence.
std::optional<std::string> DictionaryBuilder::add_group(std::string_view alternatives,
                                                        bool all_of_them) {
    const char between = alternatives.find('/') != std::string_view::npos ? '/' : ',';
    const auto parts = split(alternatives, between);
    if (parts.empty()) return "empty pairing";
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto names = split(parts[i], '+');
        if (names.empty()) return "empty pairing";
        for (std::size_t k = 0; k < names.size(); ++k) {
            auto term = term_of(names[k]);
            if (!term) return "'" + std::string(names[k]) + "' is no identifier or pattern";
            term->ends_alternative = !all_of_them && k + 1 == names.size();
            term->ends_group = i + 1 == parts.size() && k + 1 == names.size();
            terms.push_back(*term);
        }
    }
    return {};
}

}  // namespace lotgate::barcode
