#include "adapters/barcode/digital_link.hpp"

#include "adapters/barcode/digital_link_words.hpp"
#include "adapters/barcode/linters.hpp"
#include "adapters/barcode/writer.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace lotgate::barcode {

namespace {

// RFC 3986: all characters a URI may hold.
constexpr auto uri_characters = [] {
    std::array<bool, 256> members{};
    for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                         "0123456789-._~:/?#[]@!$&'()*+,;=%")) {
        members[static_cast<unsigned char>(c)] = true;
    }
    return members;
}();

bool is_uri_character(char c) {
    return uri_characters[static_cast<unsigned char>(c)];
}

constexpr std::string_view never_in_domain = "_~?#@!$&'()*+,;=%";

struct Uri {
    Slice path;   // from its first '/', without query and fragment
    Slice query;  // without '?'
};

bool split_uri(Reading& reading, const Slice& data, Uri& uri) {
    const auto refuse = [&](ErrorClass error, std::size_t offset) {
        return reading.writer.refuse(error, data.at + static_cast<std::uint32_t>(offset));
    };
    const auto bad = std::find_if_not(data.text.begin(), data.text.end(), is_uri_character);
    if (bad != data.text.end()) {
        return refuse(ErrorClass::illegal_character,
                      static_cast<std::size_t>(bad - data.text.begin()));
    }
    const std::size_t scheme = digital_link_scheme(data.text);
    if (scheme == 0) return refuse(ErrorClass::dl_bad_scheme, 0);
    const std::size_t slash = data.text.find('/', scheme);
    if (slash == std::string_view::npos || slash == scheme) {
        return refuse(ErrorClass::dl_no_domain_or_path, std::min(slash, data.text.size()));
    }
    const std::size_t bad_domain =
        data.text.substr(0, slash).find_first_of(never_in_domain, scheme);
    if (bad_domain < slash) return refuse(ErrorClass::illegal_character, bad_domain);
    Slice rest = data.from(slash);
    rest = rest.first(std::min(rest.text.find('#'), rest.text.size()));
    const std::size_t question = std::min(rest.text.find('?'), rest.text.size());
    uri.path = rest.first(question);
    uri.query = question < rest.text.size() ? rest.from(question + 1) : Slice{{}, rest.end()};
    return true;
}

const AiEntry* entry_in_path(const Reading& reading, std::string_view name) {
    if (reading.options.permit_old_digital_link) {
        const std::string_view ai = ai_of_old_word(name);
        if (!ai.empty()) return reading.dictionary.find(ai);
    }
    return entry_named(reading, name);
}

// The offset in the path of the rightmost pair whose identifier is a primary key. What precedes
// it is the stem, which may hold whatever looks like pairs.
std::optional<std::size_t> find_key(const Reading& reading, std::string_view path) {
    std::size_t end = path.size();
    while (end > 0) {
        const std::size_t value_slash = path.rfind('/', end - 1);
        if (value_slash == std::string_view::npos || value_slash == 0) return {};
        const std::size_t ai_slash = path.rfind('/', value_slash - 1);
        if (ai_slash == std::string_view::npos) return {};
        const std::string_view name = path.substr(ai_slash + 1, value_slash - ai_slash - 1);
        const AiEntry* entry = entry_in_path(reading, name);
        if (entry == nullptr) return {};
        if (entry->link_key) return ai_slash;
        end = ai_slash;
    }
    return {};
}

// What the rightmost pair of a path without a key says about it. Where it is named by neither a
// number nor a word of the older form, this is somebody's ordinary web address; where a key stands
// further left, the pairs behind it do not come out even.
ErrorClass why_no_key(const Reading& reading, std::string_view path) {
    if (looks_compressed(path)) return ErrorClass::dl_compressed;
    if (path.find("//") != std::string_view::npos || path.back() == '/') {
        return ErrorClass::dl_no_primary_key;
    }
    bool after_key = false;
    std::size_t parts = 0;  // from the key on
    std::string_view name;
    std::string_view last;
    for (std::string_view rest = path.substr(1); !rest.empty();) {
        name = last;
        last = rest.substr(0, rest.find('/'));
        rest.remove_prefix(std::min(last.size() + 1, rest.size()));
        const AiEntry* entry = entry_in_path(reading, last);
        after_key = after_key || (entry != nullptr && entry->link_key);
        if (after_key) ++parts;
    }
    if (parts > 1 && parts % 2 != 0) return ErrorClass::dl_bad_qualifier;
    const bool is_named = !name.empty() && !all_digits(name) && ai_of_old_word(name).empty();
    return is_named ? ErrorClass::dl_not_a_link : ErrorClass::dl_no_primary_key;
}

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

// The byte of "%HH" at the front of `text`, or -1.
int escaped_byte(std::string_view text) {
    if (text.size() < 3) return -1;
    const int high = hex_value(text[1]);
    const int low = hex_value(text[2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

// Percent escapes resolved; '+' is a space in the query only.
bool unescape(Reading& reading, const Slice& value, bool in_query, std::string& plain) {
    for (std::size_t i = 0; i < value.text.size(); ++i) {
        const char c = value.text[i];
        if (c != '%') {
            plain += c == '+' && in_query ? ' ' : c;
            continue;
        }
        const int byte = escaped_byte(value.text.substr(i));
        if (byte <= 0) {
            const bool is_nul = byte == 0;
            return reading.writer.refuse(
                is_nul ? ErrorClass::illegal_character : ErrorClass::dl_bad_escape,
                value.at + static_cast<std::uint32_t>(i));
        }
        plain += static_cast<char>(byte);
        i += 2;
    }
    return true;
}

bool is_short_gtin(const AiEntry& entry, std::string_view value) {
    const bool sized = value.size() == 8 || value.size() == 12 || value.size() == 13;
    return entry.name() == "01" && sized;
}

bool check_length(Reading& reading,
                  const AiEntry& entry,
                  std::string_view value,
                  std::uint32_t at) {
    ErrorClass error = ErrorClass::none;
    if (value.size() < entry.value_min) error = ErrorClass::value_too_short;
    if (value.size() > entry.value_max) error = ErrorClass::value_too_long;
    if (value.find('^') != std::string_view::npos) error = ErrorClass::illegal_character;
    return error == ErrorClass::none || reading.writer.refuse(error, at, entry.name());
}

bool add_value(Reading& reading, const AiEntry& entry, const Slice& written, bool in_query) {
    if (written.text.empty()) {
        return reading.writer.refuse(ErrorClass::value_empty, written.at, entry.name());
    }
    const std::string_view special = in_query ? "%+" : "%";
    const bool pad = is_short_gtin(entry, written.text) &&
                     (in_query || reading.options.permit_zero_suppressed_gtin);
    if (!pad && written.text.find_first_of(special) == std::string_view::npos) {
        return check_length(reading, entry, written.text, written.at) &&
               reading.writer.add(entry.name(), written);
    }
    std::string plain;
    if (!unescape(reading, written, in_query, plain)) return false;
    if (pad) {
        plain.insert(0, 14 - plain.size(), '0');
        reading.writer.warn(WarningClass::zero_suppressed_gtin, written.at);
    }
    return check_length(reading, entry, plain, written.at) &&
           reading.writer.add_own(entry.name(), plain, written.at);
}

struct PathCodes {
    std::array<AiCode, elements_max> codes;
    std::size_t count = 0;
};

bool read_path(Reading& reading, Slice pairs, const AiEntry*& key, PathCodes& qualifiers) {
    while (!pairs.text.empty()) {
        pairs = pairs.from(1);
        const std::size_t slash = pairs.text.find('/');
        const std::string_view name = pairs.text.substr(0, slash);
        const AiEntry* entry = entry_in_path(reading, name);
        if (entry == nullptr || slash == std::string_view::npos) {
            return reading.writer.refuse(ErrorClass::dl_other, pairs.at);
        }
        if (name != entry->name()) {
            reading.writer.warn(WarningClass::old_digital_link_form, pairs.at);
        }
        pairs = pairs.from(slash + 1);
        const Slice value = pairs.first(std::min(pairs.text.find('/'), pairs.text.size()));
        const AiCode code = ai_code(entry->name());
        if (!add_value(reading, *entry, value, false)) return false;
        pairs = pairs.from(value.text.size());
        if (key == nullptr) {
            key = reading.dictionary.find(entry->name());
        } else {
            qualifiers.codes[qualifiers.count++] = code;
        }
    }
    return true;
}

bool read_query(Reading& reading, Slice query) {
    while (!query.text.empty()) {
        const Slice item = query.first(std::min(query.text.find('&'), query.text.size()));
        query = query.from(std::min(item.text.size() + 1, query.text.size()));
        const std::size_t equals = item.text.find('=');
        if (equals == std::string_view::npos) continue;
        const std::string_view name = item.text.substr(0, equals);
        if (!all_digits(name)) continue;  // not ours: kept in raw() for audit
        const AiEntry* entry = entry_named(reading, name);
        if (entry == nullptr) {
            return reading.writer.refuse(ErrorClass::unknown_ai, item.at, name);
        }
        if (!add_value(reading, *entry, item.from(equals + 1), true)) return false;
    }
    return true;
}

// Whether `codes`, in this order, are a subsequence of one alternative of the key's qualifiers;
// with `extra`, also whether that alternative has room for it.
bool fits_qualifiers(const Reading& reading,
                     const AiEntry& key,
                     const PathCodes& path,
                     std::optional<AiCode> extra) {
    std::size_t matched = 0;
    bool has_extra = false;
    const auto terms = reading.dictionary.terms(key.qualifiers);
    for (const Term& term : terms) {
        if (matched < path.count && path.codes[matched] == term.first) {
            ++matched;
        } else if (extra && *extra == term.first) {
            has_extra = true;
        }
        if (!term.ends_group) continue;
        if (matched == path.count && (!extra || has_extra)) return true;
        matched = 0;
        has_extra = false;
    }
    return terms.empty() && path.count == 0 && !extra;
}

bool check_attributes(Reading& reading,
                      const AiEntry& key,
                      const PathCodes& path,
                      std::size_t path_elements) {
    const Decoded& decoded = reading.writer.decoded();
    for (std::size_t i = path_elements; i < decoded.element_count(); ++i) {
        const Element attribute = decoded.element(i);
        const auto refuse = [&] {
            return reading.writer.refuse(
                ErrorClass::dl_bad_query, attribute.position, attribute.ai);
        };
        for (std::size_t k = 0; k < i; ++k) {
            if (decoded.element(k).ai == attribute.ai) return refuse();
        }
        const AiEntry* entry = reading.dictionary.find(attribute.ai);
        if (entry == nullptr || !entry->link_attribute) return refuse();
        if (fits_qualifiers(reading, key, path, ai_code(attribute.ai))) return refuse();
    }
    return true;
}

}  // namespace

bool read_digital_link(Reading& reading, const Slice& data) {
    reading.writer.kind(Kind::digital_link);
    Uri uri;
    if (!split_uri(reading, data, uri)) return false;
    const auto key_at = find_key(reading, uri.path.text);
    if (!key_at) {
        return reading.writer.refuse(why_no_key(reading, uri.path.text), uri.path.at);
    }
    const AiEntry* key = nullptr;
    PathCodes qualifiers;
    const Slice pairs = uri.path.from(*key_at);
    if (!read_path(reading, pairs, key, qualifiers)) return false;
    const std::size_t path_elements = reading.writer.decoded().element_count();
    if (!read_query(reading, uri.query)) return false;
    if (key == nullptr || !fits_qualifiers(reading, *key, qualifiers, {})) {
        return reading.writer.refuse(ErrorClass::dl_bad_qualifier, pairs.at);
    }
    return check_attributes(reading, *key, qualifiers, path_elements) && check_elements(reading) &&
           check_associations(reading, false);
}

}  // namespace lotgate::barcode
