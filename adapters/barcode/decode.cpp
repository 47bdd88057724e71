// The first look at a scan: framing off, AIM identifier read, and then the one reader that the
// carrier or the first bytes call for.

#include "adapters/barcode/decode.hpp"

#include "adapters/barcode/digital_link_words.hpp"
#include "adapters/barcode/hibc.hpp"
#include "adapters/barcode/linters.hpp"
#include "adapters/barcode/writer.hpp"

#include <algorithm>
#include <array>

namespace lotgate::barcode {

namespace {

// What a symbology identifier (ISO/IEC 15424) says about the data behind it.
enum class Carrier { none, unknown, gs1, trade_item, itf, plain };

struct CarrierRow {
    char code;
    std::string_view modifiers;
    Carrier carrier;
};

constexpr std::string_view any_modifier = "0123456789ABCDEF";

// The first row that fits. FNC1 in the first position is what makes data GS1's.
constexpr std::array carrier_rows{
    CarrierRow{'C', "1", Carrier::gs1},
    CarrierRow{'d', "25", Carrier::gs1},
    CarrierRow{'Q', "34", Carrier::gs1},
    CarrierRow{'J', "14", Carrier::gs1},
    CarrierRow{'z', "14", Carrier::gs1},
    CarrierRow{'e', any_modifier, Carrier::gs1},
    CarrierRow{'E', "034", Carrier::trade_item},
    CarrierRow{'I', "1", Carrier::trade_item},
    CarrierRow{'I', any_modifier, Carrier::itf},
};

Carrier carrier_of(char code, char modifier) {
    constexpr std::string_view codes = "ABCDEFGHIJKLMNOPQRSTUXZcdehopz";
    if (codes.find(code) == std::string_view::npos) return Carrier::unknown;
    if (any_modifier.find(modifier) == std::string_view::npos) return Carrier::unknown;
    for (const CarrierRow& row : carrier_rows) {
        const bool fits = row.modifiers.find(modifier) != std::string_view::npos;
        if (row.code == code && fits) return row.carrier;
    }
    return Carrier::plain;
}

// Bytes that scanners and terminals put around a code (rule N-01).
bool is_framing(char c) {
    return c == '\r' || c == '\n' || c == '\x02' || c == '\x03' || c == '\x16';
}

Slice without_framing(Writer& writer, Slice data) {
    const Slice given = data;
    while (!data.text.empty() && is_framing(data.text.front())) data = data.from(1);
    while (!data.text.empty() && is_framing(data.text.back())) {
        data = data.first(data.text.size() - 1);
    }
    if (data.text.size() != given.text.size()) writer.warn(WarningClass::framing_removed, given.at);
    return data;
}

bool is_plain_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\x1d') || byte == 0x7f;
}

bool read_plain(Reading& reading, const Slice& data) {
    reading.writer.kind(Kind::plain);
    const auto control = std::find_if(data.text.begin(), data.text.end(), is_plain_control);
    if (control != data.text.end()) {
        return reading.writer.refuse(
            ErrorClass::control_character,
            data.at + static_cast<std::uint32_t>(control - data.text.begin()));
    }
    Slice text = data;
    const PlainProfile& profile = reading.options.plain;
    if (!profile.prefix.empty() && text.text.substr(0, profile.prefix.size()) == profile.prefix) {
        text = text.from(profile.prefix.size());
    }
    if (!profile.suffix.empty() && text.text.size() >= profile.suffix.size() &&
        text.text.substr(text.text.size() - profile.suffix.size()) == profile.suffix) {
        text = text.first(text.text.size() - profile.suffix.size());
    }
    reading.writer.text(text);
    return true;
}

bool read_gs1(Reading& reading, const Slice& data) {
    return read_element_string(reading, data) && check_associations(reading, false);
}

// Reads as an element string on the side: would it be one?
bool would_be_element_string(const Reading& reading, const Slice& data) {
    Decoded aside;
    Writer writer(aside, data.text);
    Reading trial{reading.options, reading.dictionary, writer};
    return read_gs1(trial, {data.text, 0});
}

// Identifiers with a check digit or a separator make a reading certain enough without a carrier
// that says GS1; "10ABC" may as well be somebody's serial number.
bool is_convincing(const Decoded& decoded, std::string_view data) {
    if (data.find('\x1d') != std::string_view::npos) return true;
    const std::string_view first = decoded.element(0).ai;
    constexpr std::array<std::string_view, 12> keys{
        "00", "01", "02", "03", "402", "410", "414", "253", "255", "8003", "8006", "8017"};
    return std::find(keys.begin(), keys.end(), first) != keys.end();
}

// Code 39 is shown, and by some readers sent, between asterisks.
Slice without_asterisks(const Slice& data) {
    const bool framed =
        data.text.size() > 3 && data.text.substr(0, 2) == "*+" && data.text.back() == '*';
    return framed ? data.from(1).first(data.text.size() - 2) : data;
}

enum class Content { other, link, urn, hibc, iso15434 };

Content content_of(std::string_view text) {
    if (text.substr(0, 3) == "[)>") return Content::iso15434;
    if (looks_like_web_uri(text)) return Content::link;
    if (text.substr(0, 8) == "urn:epc:") return Content::urn;
    return looks_like_hibc(text) ? Content::hibc : Content::other;
}

bool read_content(Reading& reading, const Slice& data, Content content) {
    switch (content) {
        case Content::link:
            return read_digital_link(reading, data);
        case Content::urn:
            return read_epc_urn(reading, data);
        case Content::hibc:
            return read_hibc(reading, data);
        case Content::iso15434:
            return read_iso15434(reading, data);
        case Content::other:
            break;
    }
    return try_data_identifier(reading, data) || read_plain(reading, data);
}

// The element string is listed too, so that a person sees both readings.
void note_other_reading(Reading& reading, const Slice& data) {
    if (!would_be_element_string(reading, data)) return;
    const Kind kind = reading.writer.decoded().kind();
    static_cast<void>(read_element_string(reading, data));
    reading.writer.kind(kind);
    reading.writer.ambiguous(data.at);
}

bool read_without_carrier(Reading& reading, const Slice& given) {
    Writer& writer = reading.writer;
    const Slice data = without_asterisks(given);
    if (data.text.front() == '(') {
        return read_bracketed(reading, data) && check_associations(reading, false);
    }
    const Content content = content_of(data.text);
    if (content != Content::other) return read_content(reading, data, content);
    if (reading.options.gs1_expected) return read_gs1(reading, data);
    if (try_bare_digits(reading, data)) {
        note_other_reading(reading, data);
        return true;
    }
    const bool separated = data.text.find('\x1d') != std::string_view::npos;
    if (separated || would_be_element_string(reading, data)) {
        const bool good = read_gs1(reading, data);
        if (good && !is_convincing(writer.decoded(), data.text)) writer.ambiguous(data.at);
        return good;
    }
    const AiEntry* entry = reading.dictionary.match(data.text);
    if (entry != nullptr && all_digits(data.text.substr(0, 8)) && data.text.size() >= 16) {
        writer.warn(WarningClass::not_element_string, data.at);
    }
    return read_content(reading, data, Content::other);
}

// A web address in a plain symbol is only a Digital Link if it holds a GS1 key, and only in the
// two spellings of the scheme that the standard knows.
bool read_plain_symbol(Reading& reading, const Slice& given) {
    const Slice data = without_asterisks(given);
    Content content = content_of(data.text);
    if (content == Content::link && digital_link_scheme(data.text) == 0) content = Content::other;
    if (read_content(reading, data, content)) return true;
    const ErrorClass error = reading.writer.decoded().error().error;
    const bool no_link = content == Content::link && (error == ErrorClass::dl_no_primary_key ||
                                                      error == ErrorClass::dl_not_a_link ||
                                                      error == ErrorClass::dl_no_domain_or_path);
    if (!no_link) return false;
    reading.writer.forget();
    return read_plain(reading, data);
}

bool read_with_carrier(Reading& reading, const Slice& data, Carrier carrier) {
    switch (carrier) {
        case Carrier::gs1:
            return read_gs1(reading, data);
        case Carrier::trade_item:
            return read_trade_item(reading, data);
        case Carrier::itf:
            if (data.text.size() == 14 && try_bare_digits(reading, data)) return true;
            break;
        default:
            break;
    }
    // FNC1 that was encoded as a literal GS: tolerated where the rest reads as GS1 data.
    const bool leading = !data.text.empty() && data.text.front() == '\x1d';
    if (reading.options.gs1_expected || (leading && would_be_element_string(reading, data))) {
        return read_gs1(reading, data);
    }
    return read_plain_symbol(reading, data);
}

// Takes the identifier off the front of `data`, or the one given apart.
Carrier read_carrier(Reading& reading, Slice& data) {
    std::string_view aim = reading.options.aim;
    if (!data.text.empty() && data.text.front() == ']') {
        if (data.text.size() < 3) return Carrier::unknown;
        aim = data.text.substr(0, 3);
        data = data.from(3);
    }
    if (aim.empty()) return Carrier::none;
    if (aim.size() != 3 || aim.front() != ']') return Carrier::unknown;
    reading.writer.aim(aim);
    return carrier_of(aim[1], aim[2]);
}

bool read_scan(Reading& reading, Slice data) {
    const Slice framed = data;
    data = without_framing(reading.writer, data);
    const Carrier carrier = read_carrier(reading, data);
    reading.writer.text(data);
    if (carrier == Carrier::unknown) {
        return reading.writer.refuse(ErrorClass::bad_symbology_identifier, framed.at);
    }
    if (carrier != Carrier::none) return read_with_carrier(reading, data, carrier);
    if (data.text.empty()) return reading.writer.refuse(ErrorClass::value_empty, data.at);
    return read_without_carrier(reading, data);
}

void read(Reading& reading, const Slice& data) {
    bool good = false;
    reading.writer.text(data);
    switch (reading.options.form) {
        case Form::bracketed:
            good = read_bracketed(reading, data) && check_associations(reading, false);
            break;
        case Form::digital_link:
            good = read_digital_link(reading, data);
            break;
        default:
            good = read_scan(reading, data);
            break;
    }
    const Decoded& decoded = reading.writer.decoded();
    if (good && reading.options.capture && decoded.is_ambiguous()) {
        reading.writer.refuse(ErrorClass::ambiguous, data.at);
    }
}

}  // namespace

Decoded decode(std::string_view raw, const DecodeOptions& options) {
    Decoded decoded;
    const std::string_view kept = raw.substr(0, raw_bytes_max);
    Writer writer(decoded, kept);
    if (raw.size() > raw_bytes_max) {
        writer.refuse(ErrorClass::too_long, raw_bytes_max);
        return decoded;
    }
    const Dictionary& dictionary =
        options.dictionary != nullptr ? *options.dictionary : built_in_dictionary();
    Reading reading{options, dictionary, writer};
    read(reading, {kept, 0});
    return decoded;
}

}  // namespace lotgate::barcode
