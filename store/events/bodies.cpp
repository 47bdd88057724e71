#include "store/events/bodies.hpp"

#include "store/events/archive.hpp"

#include <array>

namespace lotgate::store {

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

template <class T>
struct IsVector : std::false_type {};

template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

template <class T>
struct IsOptional : std::false_type {};

template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <class T>
constexpr bool is_word = std::same_as<T, UnitState> || std::same_as<T, rules::Decision> ||
                         std::same_as<T, rules::OverrideClass>;

std::optional<UnitState> word_named(std::string_view name, UnitState) {
    return rules::unit_state_named(name);
}

template <class Word>
std::optional<Word> first_named(std::string_view name, std::initializer_list<Word> words) {
    for (const Word word : words)
        if (rules::name_of(word) == name) return word;
    return std::nullopt;
}

std::optional<rules::Decision> word_named(std::string_view name, rules::Decision) {
    using enum rules::Decision;
    return first_named(name, {accept, warn, hold, divert, reject});
}

std::optional<rules::OverrideClass> word_named(std::string_view name, rules::OverrideClass) {
    using enum rules::OverrideClass;
    return first_named(name, {never, supervisor, two_people, operator_confirms});
}

// Changes are told apart by their name in the field "do".
template <std::size_t index = 0>
bool read_change(std::string_view name, const boost::json::object& object, Change& change) {
    if constexpr (index < std::variant_size_v<Change>) {
        using One = std::variant_alternative_t<index, Change>;
        if (One::name != name) return read_change<index + 1>(name, object, change);
        One one;
        FieldReader reader(object);
        describe(reader, one);
        change = std::move(one);
        return reader.is_complete();
    }
    return false;
}

template <class Body>
Result<Body> read_body(std::string_view json) {
    boost::system::error_code error;
    const boost::json::value value = boost::json::parse(json, error);
    Body body;
    if (error || !FieldReader::get(value, body))
        return fail(FaultCode::corrupt, "an event's body cannot be read", std::string(json));
    return body;
}

template <class Body>
std::string write_body(const Body& body) {
    std::string out;
    out.reserve(1024);
    {
        FieldWriter writer(out);
        describe(writer, body);
    }
    return out;
}

// Bytes of the first character, or 0 where it is none (RFC 3629, section 3).
std::size_t utf8_character(std::string_view bytes) {
    const auto lead = static_cast<unsigned char>(bytes.front());
    if (lead < 0x80) return 1;
    if (lead < 0xc2 || lead > 0xf4) return 0;
    std::size_t more = 1;
    if (lead >= 0xe0) more = lead >= 0xf0 ? 3 : 2;
    if (more >= bytes.size()) return 0;
    std::uint32_t code = lead & (0x3fU >> more);
    for (const char c : bytes.substr(1, more)) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xc0U) != 0x80) return 0;
        code = (code << 6U) | (byte & 0x3fU);
    }
    static constexpr std::array<std::uint32_t, 4> least = {0, 0x80, 0x800, 0x10000};
    const bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
    return code < least[more] || code > 0x10ffff || is_surrogate ? 0 : more + 1;
}

}  // namespace

void append_json_text(std::string& out, std::string_view text) {
    static constexpr std::string_view hex = "0123456789abcdef";
    out.push_back('"');
    std::size_t done = 0;  // up to here it is written
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte >= 0x20 && byte != 0x7f && byte != '"' && byte != '\\') continue;
        out.append(text.substr(done, i - done));
        done = i + 1;
        if (byte == '"' || byte == '\\') {
            out.push_back('\\');
            out.push_back(text[i]);
        } else {
            out.append("\\u00");
            out.push_back(hex[byte >> 4U]);
            out.push_back(hex[byte & 0x0fU]);
        }
    }
    out.append(text.substr(done));
    out.push_back('"');
}

template <class T>
void FieldWriter::put(const T& value) {
    if constexpr (std::same_as<T, bool>) {
        out_->append(value ? "true" : "false");
    } else if constexpr (std::integral<T>) {
        const fmt::format_int digits(value);
        out_->append(digits.data(), digits.size());
    } else if constexpr (std::same_as<T, std::string>) {
        append_json_text(*out_, value);
    } else if constexpr (is_word<T>) {
        append_json_text(*out_, rules::name_of(value));
    } else if constexpr (std::same_as<T, Date> || std::same_as<T, Instant>) {
        append_json_text(*out_, to_string(value));
    } else if constexpr (IsOptional<T>::value) {
        put(*value);
    } else if constexpr (std::same_as<T, Fields>) {
        FieldWriter object(*out_);
        for (const auto& [name, text] : value) {
            object.begin(name);
            object.put(text);
        }
    } else if constexpr (IsVector<T>::value) {
        out_->push_back('[');
        bool is_first = true;
        for (const auto& item : value) {
            if (!is_first) out_->push_back(',');
            is_first = false;
            put(item);
        }
        out_->push_back(']');
    } else if constexpr (std::same_as<T, Change>) {
        std::visit(
            [this](const auto& one) {
                FieldWriter object(*out_);
                object("do", std::string(one.name));
                describe(object, one);
            },
            value);
    } else {
        FieldWriter object(*out_);
        describe(object, value);
    }
}

bool read_text(std::string_view text, std::string& value) {
    value = text;
    return true;
}

template <class T>
bool take(T& value, const std::optional<T>& read) {
    if (read) value = *read;
    return read.has_value();
}

template <class T>
bool take(T& value, const Result<T>& read) {
    if (read) value = *read;
    return read.has_value();
}

bool read_text(std::string_view text, Date& value) {
    return take(value, parse_date(text));
}

bool read_text(std::string_view text, Instant& value) {
    return take(value, parse_instant(text));
}

template <class T>
requires is_word<T>

bool read_text(std::string_view text, T& value) {
    return take(value, word_named(text, T{}));
}

bool read_fields(const boost::json::value& json, Fields& value) {
    if (!json.is_object()) return false;
    for (const auto& [name, text] : json.get_object())
        if (text.is_string()) value.emplace_back(name, text.get_string());
    return true;
}

bool read_any_change(const boost::json::value& json, Change& value) {
    const auto* object = json.if_object();
    const auto* name = object == nullptr ? nullptr : object->if_contains("do");
    if (name == nullptr || !name->is_string()) return false;
    return read_change(name->get_string(), *object, value);
}

template <class T>
bool FieldReader::get(const boost::json::value& json, T& value) {
    if constexpr (std::same_as<T, bool>) {
        if (json.is_bool()) value = json.get_bool();
        return json.is_bool();
    } else if constexpr (std::integral<T>) {
        boost::system::error_code error;
        value = json.to_number<T>(error);
        return !error;
    } else if constexpr (IsOptional<T>::value) {
        value.emplace();
        return get(json, *value);
    } else if constexpr (std::same_as<T, Fields>) {
        return read_fields(json, value);
    } else if constexpr (IsVector<T>::value) {
        if (!json.is_array()) return false;
        bool all_read = true;
        for (const auto& item : json.get_array())
            all_read = get(item, value.emplace_back()) && all_read;
        return all_read;
    } else if constexpr (std::same_as<T, Change>) {
        return read_any_change(json, value);
    } else if constexpr (requires { value.size(); } || is_word<T> || std::same_as<T, Date> ||
                         std::same_as<T, Instant>) {
        return json.is_string() && read_text(json.get_string(), value);
    } else {
        if (!json.is_object()) return false;
        FieldReader reader(json.get_object());
        describe(reader, value);
        return reader.is_complete();
    }
}

std::string to_json(const AttemptBody& body) {
    return write_body(body);
}

std::string to_json(const OperationBody& body) {
    return write_body(body);
}

std::string to_json(const ReportBody& body) {
    return write_body(body);
}

std::string to_json(const EffectBody& body) {
    return write_body(body);
}

std::string to_json(const FeedBody& body) {
    std::string out;
    out.reserve(body.item.size() + 128);
    {
        FieldWriter writer(out);
        writer("lane", body.lane);
        writer("dseq", body.dseq);
        writer("kind", body.kind);
        writer("item", body.item);
        writer("refused", body.refused);
    }
    return out;
}

Result<AttemptBody> read_attempt_body(std::string_view json) {
    return read_body<AttemptBody>(json);
}

Result<OperationBody> read_operation_body(std::string_view json) {
    return read_body<OperationBody>(json);
}

Result<ReportBody> read_report_body(std::string_view json) {
    return read_body<ReportBody>(json);
}

Result<EffectBody> read_effect_body(std::string_view json) {
    return read_body<EffectBody>(json);
}

Result<FeedBody> read_feed_body(std::string_view json) {
    boost::system::error_code error;
    const boost::json::value value = boost::json::parse(json, error);
    FeedBody body;
    if (!error && value.is_object()) {
        FieldReader reader(value.get_object());
        reader("lane", body.lane);
        reader("dseq", body.dseq);
        reader("kind", body.kind);
        reader("item", body.item);
        reader("refused", body.refused);
        if (reader.is_complete()) return body;
    }
    return fail(FaultCode::corrupt, "an event's body cannot be read", std::string(json));
}

bool is_utf8(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t size = utf8_character(bytes);
        if (size == 0) return false;
        bytes.remove_prefix(size);
    }
    return true;
}

}  // namespace lotgate::store
