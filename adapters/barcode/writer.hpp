#pragma once

// How the readers of one format each fill a Decoded. Internal to this library.

#include "adapters/barcode/decode.hpp"
#include "adapters/barcode/dictionary.hpp"

#include <string_view>

namespace lotgate::barcode {

/// A part of the scan: the bytes, and where they start in raw().
struct Slice {
    std::string_view text;
    std::uint32_t at = 0;

    [[nodiscard]] Slice from(std::size_t offset) const {
        return {text.substr(offset), at + static_cast<std::uint32_t>(offset)};
    }

    [[nodiscard]] Slice first(std::size_t size) const { return {text.substr(0, size), at}; }

    [[nodiscard]] std::uint32_t end() const { return at + static_cast<std::uint32_t>(text.size()); }
};

class Writer {
public:
    /// Copies the bytes: raw() is then theirs.
    Writer(Decoded& decoded, std::string_view raw);

    void kind(Kind kind) { decoded_.kind_ = kind; }

    void aim(std::string_view aim);
    void text(const Slice& payload);
    /// A text that does not stand in the scan (expanded UPC-E): stored beside it.
    void own_text(std::string_view text);

    /// False when there is no room: the error is then set.
    [[nodiscard]] bool add(std::string_view ai, const Slice& value);
    /// A value that does not stand in the scan byte for byte.
    [[nodiscard]] bool add_own(std::string_view ai, std::string_view value, std::uint32_t position);

    void drop_elements() { decoded_.element_count_ = 0; }

    /// The first error stays. Returns false, so that readers can `return writer.refuse(…)`.
    bool refuse(ErrorClass error, std::uint32_t position, std::string_view about = {});
    /// A missing pairing: only of full_ok().
    void incomplete(std::uint32_t position, std::string_view about);
    /// Back to before the first reader: for trying another reading of the same bytes.
    void forget();
    void warn(WarningClass warning, std::uint32_t position);
    void ambiguous(std::uint32_t position);

    [[nodiscard]] const Decoded& decoded() const { return decoded_; }

private:
    [[nodiscard]] bool add_slot(std::string_view ai,
                                std::size_t offset,
                                std::size_t size,
                                std::uint32_t position);

    Decoded& decoded_;
};

/// What the readers share of one call.
struct Reading {
    const DecodeOptions& options;
    const Dictionary& dictionary;
    Writer& writer;
};

// Each returns false when it refused.
[[nodiscard]] bool read_element_string(Reading& reading, const Slice& data);
[[nodiscard]] bool read_bracketed(Reading& reading, const Slice& data);
[[nodiscard]] bool check_associations(Reading& reading, bool gtin_beside);
/// The components of one value, as far as they reach; the bytes consumed, or 0 when refused.
[[nodiscard]] std::size_t read_value(Reading& reading, const AiEntry& entry, const Slice& value);
/// Every element's value that is already in the Decoded, and the associations.
[[nodiscard]] bool check_elements(Reading& reading);
/// The table's entry, or a made one where unknown identifiers are permitted.
[[nodiscard]] const AiEntry* entry_named(const Reading& reading, std::string_view ai);
[[nodiscard]] bool read_digital_link(Reading& reading, const Slice& data);
[[nodiscard]] bool read_hibc(Reading& reading, const Slice& data);
[[nodiscard]] bool read_iso15434(Reading& reading, const Slice& data);
/// One data identifier and its value, as the station's profile allows; false without an error
/// where it is none.
[[nodiscard]] bool try_data_identifier(Reading& reading, const Slice& data);
[[nodiscard]] bool read_epc_urn(Reading& reading, const Slice& data);
[[nodiscard]] bool read_trade_item(Reading& reading, const Slice& data);
/// Digits without identifier; false when they are no trade item, without an error.
[[nodiscard]] bool try_bare_digits(Reading& reading, const Slice& data);

}  // namespace lotgate::barcode
