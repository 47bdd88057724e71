#pragma once

// What a scan says: bytes of one read -> kind, elements, what is wrong and where.
// Not what may be done with it (rules), and not several reads of one label (label.hpp).
//
// decode() does no I/O, reads no clock, throws nothing, and takes time linear in the input. It
// allocates nothing for a scanner's data of up to 512 bytes; longer data, escaped links, typed
// brackets and URNs may. Any bytes up to 64 KiB give an answer: a value or a class of error with
// a byte position. Safe from any thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lotgate::barcode {

class Dictionary;  // dictionary.hpp: the table of application identifiers

inline constexpr std::size_t raw_bytes_max = 65536;  ///< longer scans are `too_long`
inline constexpr std::size_t elements_max = 64;      ///< application identifiers of one scan
inline constexpr std::size_t value_bytes_max = 90;   ///< bytes of one GS1 value (AI 91 to 99)

enum class Kind : std::uint8_t {
    nothing,         ///< no data, or refused before it could be told apart
    element_string,  ///< GS1 application identifiers (also those of a composite part)
    trade_item,      ///< EAN-8, EAN-13, UPC-A, UPC-E, ITF-14, or such digits without identifier
    logistic_unit,   ///< 18 digits of an SSCC without application identifier
    digital_link,    ///< GS1 Digital Link URI
    hibc,            ///< ANSI/HIBC 2.6
    iso15434,        ///< ISO/IEC 15434 envelope, or one data identifier by station profile
    epc_urn,         ///< urn:epc:…
    plain,           ///< text that means what the product's pattern says
};

[[nodiscard]] std::string_view name_of(Kind kind);

/// Why a scan is not taken. The first one found is the answer (`error()`).
enum class ErrorClass : std::uint8_t {
    none,
    too_long,
    too_many_elements,
    bad_symbology_identifier,
    malformed_brackets,
    unknown_ai,
    value_empty,
    value_too_short,    ///< human readable input
    value_too_long,     ///< leftover after the element's last component
    value_bad_length,   ///< scanned input
    illegal_character,  ///< a byte that no value may hold (^ or NUL)
    bad_character,      ///< a letter in a number-only symbol
    bad_check_digit,
    ai_repeat_conflict,
    ai_pair_conflict,
    ai_required_missing,  ///< only in full_error(): judge it on the whole label
    serial_required,
    lint_bad_character,
    lint_bad_value,
    lint_bad_date,
    lint_bad_country,
    lint_bad_currency,
    lint_bad_coupon,
    lint_bad_iban,
    lint_bad_geo,
    lint_bad_percent_encoding,
    lint_bad_piece_of_total,
    dl_bad_scheme,
    dl_no_domain_or_path,
    dl_no_primary_key,
    dl_not_a_link,  ///< a web address whose path names things of its own: "/offers/123"
    dl_bad_qualifier,
    dl_bad_query,
    dl_bad_escape,
    dl_compressed,  ///< a compressed link: recognised, not read
    dl_other,
    hibc_malformed,
    hibc_bad_check,
    hibc_bad_date,
    iso15434_malformed,
    iso15434_unsupported_format,
    unknown_data_identifier,
    urn_malformed,
    control_character,  ///< rule N-04
    ambiguous,          ///< two readings, and the caller asked for lot or serial capture
};

/// The name on the wire: "lint:bad_date", "unknown_ai".
[[nodiscard]] std::string_view name_of(ErrorClass error);

/// What is odd but readable.
enum class WarningClass : std::uint8_t {
    leading_separator,      ///< GS before the first element
    double_separator,       ///< two GS in a row
    separator_replaced,     ///< the scanner's own text stood for GS
    required_ai_missing,    ///< mandatory pairing not (yet) satisfied
    ambiguous,              ///< more than one reading: no lot or serial is taken from it
    day_zero,               ///< a date with day 00: the last day of the month is meant
    no_time,                ///< 9999 for hours and minutes
    unknown_ai_kept,        ///< permitted by option
    trailer_missing,        ///< ISO/IEC 15434 without RS EOT
    framing_removed,        ///< CR, LF, STX, ETX, SYN or spaces around the data
    zero_suppressed_gtin,   ///< an older Digital Link with a GTIN of 8, 12 or 13 digits
    old_digital_link_form,  ///< alphabetic names instead of numbers
    non_ascii,              ///< rule N-06: NONASCII_ID
    not_element_string,     ///< digits that look like GS1 data but are not: taken as plain text
    check_not_verified,     ///< a link character whose primary was not scanned with it
};

[[nodiscard]] std::string_view name_of(WarningClass warning);

/// One thing wrong: class, byte offset in raw(), and the identifier it is about ("" where none).
struct Problem {
    ErrorClass error = ErrorClass::none;
    std::uint32_t position = 0;
    std::array<char, 8> about{};  ///< ends with a zero byte
};

struct Warning {
    WarningClass warning = WarningClass::leading_separator;
    std::uint32_t position = 0;
};

/// One identifier and its value. The views live as long as the Decoded they came from.
/// `ai` is a GS1 application identifier ("01", "3103"), a data identifier ("1T"), or one of the
/// HIBC words: LIC PCN UM LOT SERIAL EXPIRY PRODUCTION QUANTITY LINK CHECK.
struct Element {
    std::string_view ai;
    std::string_view value;
    std::uint32_t position = 0;  ///< byte offset of the value in raw()
};

/// How the bytes came about.
enum class Form : std::uint8_t {
    scan,       ///< a scanner's bytes, with or without AIM identifier
    bracketed,  ///< human readable text typed in: (01)…(10)…
    keyed,      ///< typed or from a file: bracketed if it starts with '(', else like a scan
    digital_link,
};

/// Which single data identifiers a station reads without an envelope (vendor profile), since
/// "S123" in Code 39 is otherwise just a text.
struct PlainProfile {
    std::span<const std::string_view> data_identifiers{};  ///< {"S", "1T", "Q"}; empty = none
    std::string_view prefix{};                             ///< removed if there (also Code 39 '*')
    std::string_view suffix{};
};

/// Views must live until decode() returns.
struct DecodeOptions {
    Form form = Form::keyed;
    std::string_view aim{};  ///< "]d2" where it came apart from the data; else read from the data
    std::span<const std::string_view> separators{};  ///< this scanner's texts for GS: "<GS>" …
    bool gs1_expected = false;  ///< no identifier, or a plain one, but GS1 data is expected
    bool capture = false;       ///< lot or serial capture: an ambiguous reading is refused
    bool permit_unknown_ais = false;
    bool permit_zero_suppressed_gtin = false;  ///< Digital Link: GTIN of 8, 12, 13 digits
    bool permit_old_digital_link = false;      ///< Digital Link 1.2: /gtin/…/lot/…
    PlainProfile plain{};
    const Dictionary* dictionary = nullptr;  ///< nullptr: the built-in table
};

class Decoded;

/// Reads one scan. Never throws; see the head of this file.
[[nodiscard]] Decoded decode(std::string_view raw, const DecodeOptions& options = {});

/// The answer. Owns its bytes: copy and keep it freely.
class Decoded {
public:
    [[nodiscard]] Kind kind() const { return kind_; }

    /// Syntax, check digits, linters, exclusive pairs.
    [[nodiscard]] bool ok() const { return error_.error == ErrorClass::none; }

    /// Mandatory pairings too. GS1 wants those judged on all carriers of an item: see label.hpp.
    [[nodiscard]] bool full_ok() const { return ok() && full_error_.error == ErrorClass::none; }

    /// Two readings fit: `kind()` is the likelier one.
    [[nodiscard]] bool is_ambiguous() const { return ambiguous_; }

    [[nodiscard]] const Problem& error() const { return error_; }

    /// error(), or the missing pairing where that is all there is.
    [[nodiscard]] const Problem& full_error() const { return ok() ? full_error_ : error_; }

    [[nodiscard]] std::span<const Warning> warnings() const {
        return {warnings_.data(), warning_count_};
    }

    [[nodiscard]] std::string_view raw() const { return store_.view(0, raw_size_); }

    /// "]d2" as scanned or as given; empty where unknown.
    [[nodiscard]] std::string_view aim() const { return {aim_.data(), aim_size_}; }

    /// The payload: no AIM identifier, no framing. The text itself for plain codes; the digits
    /// for trade items.
    [[nodiscard]] std::string_view text() const { return store_.view(text_offset_, text_size_); }

    [[nodiscard]] std::size_t element_count() const { return element_count_; }

    [[nodiscard]] Element element(std::size_t index) const;
    /// The value of the first element of that name.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view ai) const;

    class ElementIterator {
    public:
        ElementIterator(const Decoded* decoded, std::size_t index)
            : decoded_(decoded), index_(index) {}

        Element operator*() const { return decoded_->element(index_); }

        ElementIterator& operator++() {
            ++index_;
            return *this;
        }

        bool operator==(const ElementIterator& other) const { return index_ == other.index_; }

    private:
        const Decoded* decoded_;
        std::size_t index_;
    };

    struct ElementRange {
        const Decoded* decoded;

        [[nodiscard]] ElementIterator begin() const { return {decoded, 0}; }

        [[nodiscard]] ElementIterator end() const { return {decoded, decoded->element_count()}; }
    };

    /// for (const Element element : decoded.elements()) …
    [[nodiscard]] ElementRange elements() const { return {this}; }

    Decoded() = default;
    Decoded(const Decoded& other);
    Decoded& operator=(const Decoded& other);
    ~Decoded() = default;

private:
    friend class Writer;  // writer.hpp: how the readers fill it

    // Views given out point into here by offset, so that copies stay right.
    class ByteStore {
    public:
        [[nodiscard]] std::string_view view(std::size_t offset, std::size_t size) const {
            return {data() + offset, size};
        }

        std::size_t append(std::string_view bytes);

        [[nodiscard]] std::size_t size() const { return size_; }

        void assign(const ByteStore& other);

    private:
        [[nodiscard]] const char* data() const {
            return long_.empty() ? short_.data() : long_.data();
        }

        std::array<char, 512> short_;  // left uninitialised on purpose: 512 bytes a scan
        std::string long_;
        std::size_t size_ = 0;
    };

    struct Slot {
        std::uint32_t value_offset;
        std::uint32_t value_size;
        std::uint32_t position;
        std::array<char, 11> ai;
        std::uint8_t ai_size;
    };

    static constexpr std::size_t warnings_max = 8;

    void assign(const Decoded& other);

    ByteStore store_;
    std::array<Slot, elements_max> slots_;  // only the first element_count_ are set
    std::array<Warning, warnings_max> warnings_;
    Problem error_;
    Problem full_error_;
    std::uint32_t raw_size_ = 0;
    std::uint32_t text_offset_ = 0;
    std::uint32_t text_size_ = 0;
    std::uint8_t element_count_ = 0;
    std::uint8_t warning_count_ = 0;
    std::uint8_t aim_size_ = 0;
    std::array<char, 3> aim_{};
    Kind kind_ = Kind::nothing;
    bool ambiguous_ = false;
};

/// A sentence for a person: what is wrong, where, and what to do. English, no line break;
/// bytes of the scan in it are escaped.
[[nodiscard]] std::string explain(const Decoded& decoded, const Problem& problem);
[[nodiscard]] std::string explain(const Decoded& decoded, const Warning& warning);

/// The text with control bytes as \x1d and non-ASCII bytes as \xNN, for screens and logs.
[[nodiscard]] std::string printable(std::string_view bytes);

}  // namespace lotgate::barcode
