// Names and sentences. The sentence says what is wrong and what the person can do.

#include "adapters/barcode/decode.hpp"

#include <array>

namespace lotgate::barcode {

namespace {

struct ErrorWords {
    ErrorClass error;
    std::string_view name;
    std::string_view sentence;
};

constexpr std::array error_words{
    ErrorWords{ErrorClass::none, "none", "nothing is wrong"},
    ErrorWords{ErrorClass::too_long, "too_long", "the scan is longer than 65536 bytes"},
    ErrorWords{ErrorClass::too_many_elements, "too_many_ais", "more than 64 data elements"},
    ErrorWords{ErrorClass::bad_symbology_identifier,
               "bad_symbology_identifier",
               "']' begins a symbology identifier, but this is none; check the scanner's settings"},
    ErrorWords{ErrorClass::malformed_brackets,
               "malformed_brackets",
               "write each identifier in brackets and its value behind it: (01)06141412345212"},
    ErrorWords{ErrorClass::unknown_ai,
               "unknown_ai",
               "no GS1 application identifier starts here; a separator may be missing before it"},
    ErrorWords{ErrorClass::value_empty, "value_empty", "the value is empty"},
    ErrorWords{ErrorClass::value_too_short, "value_too_short", "the value is too short"},
    ErrorWords{ErrorClass::value_too_long, "value_too_long", "the value is too long"},
    ErrorWords{ErrorClass::value_bad_length,
               "value_bad_length",
               "the value has the wrong length; part of the code may be missing"},
    ErrorWords{
        ErrorClass::illegal_character, "illegal_character", "a character that no value may hold"},
    ErrorWords{ErrorClass::bad_character, "bad_character", "only digits are allowed here"},
    ErrorWords{ErrorClass::bad_check_digit,
               "bad_check_digit",
               "the check digit is wrong; scan again, and if it stays so the label is wrong"},
    ErrorWords{ErrorClass::ai_repeat_conflict,
               "ai_repeat_conflict",
               "the same identifier stands twice with different values"},
    ErrorWords{ErrorClass::ai_pair_conflict,
               "ai_pair_conflict",
               "this identifier may not stand beside another one that is there"},
    ErrorWords{ErrorClass::ai_required_missing,
               "ai_required_missing",
               "this identifier needs another one on the same label; scan the other codes too"},
    ErrorWords{ErrorClass::serial_required,
               "serial_required",
               "a signed key must carry its serial number"},
    ErrorWords{ErrorClass::lint_bad_character,
               "lint:bad_character",
               "a character outside the set allowed for this identifier"},
    ErrorWords{ErrorClass::lint_bad_value, "lint:bad_value", "the value is not allowed here"},
    ErrorWords{ErrorClass::lint_bad_date, "lint:bad_date", "no such date or time"},
    ErrorWords{ErrorClass::lint_bad_country, "lint:bad_country", "no such ISO 3166 country code"},
    ErrorWords{
        ErrorClass::lint_bad_currency, "lint:bad_currency", "no such ISO 4217 currency number"},
    ErrorWords{ErrorClass::lint_bad_coupon, "lint:bad_coupon", "the coupon data is malformed"},
    ErrorWords{ErrorClass::lint_bad_iban, "lint:bad_iban", "the account number (IBAN) is wrong"},
    ErrorWords{ErrorClass::lint_bad_geo, "lint:bad_geo", "no such latitude or longitude"},
    ErrorWords{ErrorClass::lint_bad_percent_encoding,
               "lint:bad_percent_encoding",
               "'%' must be followed by two hexadecimal digits"},
    ErrorWords{ErrorClass::lint_bad_piece_of_total,
               "lint:bad_piece_of_total",
               "piece and total do not fit each other"},
    ErrorWords{ErrorClass::dl_bad_scheme,
               "dl_bad_scheme",
               "a GS1 Digital Link begins with https:// or http://"},
    ErrorWords{ErrorClass::dl_no_domain_or_path,
               "dl_no_domain_or_path",
               "the link has no domain or no path"},
    ErrorWords{ErrorClass::dl_no_primary_key,
               "dl_no_primary_key",
               "the link's path holds no GS1 key and value"},
    ErrorWords{ErrorClass::dl_not_a_link, "dl_other", "a web address that names nothing of GS1"},
    ErrorWords{ErrorClass::dl_bad_qualifier,
               "dl_other",
               "the path's identifiers are not a key with its qualifiers in order"},
    ErrorWords{
        ErrorClass::dl_bad_query, "dl_other", "this identifier may not stand in the link's query"},
    ErrorWords{ErrorClass::dl_bad_escape, "dl_other", "'%' needs two hexadecimal digits"},
    ErrorWords{ErrorClass::dl_compressed,
               "dl_compressed",
               "a compressed GS1 Digital Link: ask for the uncompressed form"},
    ErrorWords{ErrorClass::dl_other, "dl_other", "the link is malformed"},
    ErrorWords{ErrorClass::hibc_malformed, "hibc_malformed", "the HIBC data is malformed"},
    ErrorWords{ErrorClass::hibc_bad_check,
               "hibc_bad_check",
               "the HIBC check character is wrong; scan again"},
    ErrorWords{ErrorClass::hibc_bad_date, "hibc_bad_date", "no such date in the HIBC data"},
    ErrorWords{ErrorClass::iso15434_malformed,
               "iso15434_malformed",
               "the ISO/IEC 15434 envelope is malformed"},
    ErrorWords{ErrorClass::iso15434_unsupported_format,
               "iso15434_unsupported_format",
               "this format of ISO/IEC 15434 is not read; 05, 06 and 12 are"},
    ErrorWords{ErrorClass::unknown_data_identifier,
               "unknown_data_identifier",
               "no data identifier (digits and one letter) starts here"},
    ErrorWords{ErrorClass::urn_malformed, "urn_malformed", "the EPC URN is malformed"},
    ErrorWords{ErrorClass::control_character,
               "control_character",
               "a control character inside the text; check the scanner's settings"},
    ErrorWords{ErrorClass::ambiguous,
               "ambiguous",
               "the code can be read in two ways; switch on AIM identifiers at the scanner"},
};

struct WarningWords {
    WarningClass warning;
    std::string_view name;
    std::string_view sentence;
};

constexpr std::array warning_words{
    WarningWords{WarningClass::leading_separator, "leading_separator", "a separator stands first"},
    WarningWords{WarningClass::double_separator, "double_separator", "two separators in a row"},
    WarningWords{WarningClass::separator_replaced,
                 "separator_replaced",
                 "the scanner sent a text for the separator"},
    WarningWords{WarningClass::required_ai_missing,
                 "required_ai_missing",
                 "another identifier belongs on the same label"},
    WarningWords{WarningClass::ambiguous,
                 "ambiguous",
                 "more than one reading fits: no lot or serial is taken from it"},
    WarningWords{WarningClass::day_zero, "day_zero", "day 00: the last day of the month is meant"},
    WarningWords{WarningClass::no_time, "no_time", "99 for hours and minutes: no time is given"},
    WarningWords{WarningClass::unknown_ai_kept,
                 "unknown_ai_kept",
                 "an identifier that the table does not know"},
    WarningWords{WarningClass::trailer_missing,
                 "trailer_missing",
                 "the envelope's end (RS, EOT) is missing"},
    WarningWords{WarningClass::framing_removed,
                 "framing_removed",
                 "line ends or framing bytes were taken off"},
    WarningWords{WarningClass::zero_suppressed_gtin,
                 "zero_suppressed_gtin",
                 "an older link with a short GTIN"},
    WarningWords{WarningClass::old_digital_link_form,
                 "old_digital_link_form",
                 "an older link with words for identifiers"},
    WarningWords{WarningClass::non_ascii, "non_ascii", "characters outside ASCII (NONASCII_ID)"},
    WarningWords{WarningClass::not_element_string,
                 "not_element_string",
                 "looks like GS1 data but is not: taken as a plain text"},
    WarningWords{WarningClass::check_not_verified,
                 "check_not_verified",
                 "the link character is checked against the primary code of the same label"},
};

constexpr std::array<std::string_view, 9> kind_names{"nothing",
                                                     "element_string",
                                                     "trade_item",
                                                     "logistic_unit",
                                                     "digital_link",
                                                     "hibc",
                                                     "iso15434",
                                                     "epc_urn",
                                                     "plain"};

template <class Words, class Key>
const typename Words::value_type& words_of(const Words& words, Key key) {
    // The tables list the enumerators in order, all of them (a test holds that).
    return words[static_cast<std::size_t>(key) < words.size() ? static_cast<std::size_t>(key) : 0];
}

}  // namespace

std::string_view name_of(Kind kind) {
    return kind_names[static_cast<std::size_t>(kind)];
}

std::string_view name_of(ErrorClass error) {
    return words_of(error_words, error).name;
}

std::string_view name_of(WarningClass warning) {
    return words_of(warning_words, warning).name;
}

std::string printable(std::string_view bytes) {
    constexpr std::string_view hex = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7f) {
            text += c;
            continue;
        }
        text += "\\x";
        text += hex[byte >> 4U];
        text += hex[byte & 15U];
    }
    return text;
}

std::string explain(const Decoded& decoded, const Problem& problem) {
    std::string sentence;
    const std::string_view about(problem.about.data());
    if (!about.empty()) sentence += "(" + printable(about) + ") ";
    sentence += words_of(error_words, problem.error).sentence;
    if (problem.error == ErrorClass::none) return sentence;
    sentence += ", at byte " + std::to_string(problem.position);
    const std::string_view raw = decoded.raw();
    if (problem.position < raw.size()) {
        sentence += " ('" + printable(raw.substr(problem.position, 1)) + "')";
    }
    return sentence;
}

std::string explain(const Decoded& decoded, const Warning& warning) {
    std::string sentence(words_of(warning_words, warning.warning).sentence);
    if (warning.position < decoded.raw().size()) {
        sentence += ", at byte " + std::to_string(warning.position);
    }
    return sentence;
}

}  // namespace lotgate::barcode
