#pragma once

// The words for what is on a label. Holding one of these means that its form is valid: there is
// no other way to make one than parse(). Raw text is kept for law and labels; keys are for
// matching (lots fold ASCII case, serials do not: rules N-06 and N-07).

#include "store/model/result.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace lotgate {

/// Modulo 10 check digit over `digits` (weights 3,1 from the right; GS1 General Specifications
/// 7.9.1). `digits` holds digits only.
[[nodiscard]] char gs1_check_digit(std::string_view digits);

/// A trade item number, always as 14 digits, with the length it had on the label.
class Gtin {
public:
    /// 8, 12, 13 or 14 digits with a right check digit.
    [[nodiscard]] static Result<Gtin> parse(std::string_view text);

    [[nodiscard]] const std::string& text() const { return digits_; }  ///< 14 digits

    [[nodiscard]] int native_length() const { return native_length_; }

    friend bool operator==(const Gtin& a, const Gtin& b) { return a.digits_ == b.digits_; }

    friend auto operator<=>(const Gtin& a, const Gtin& b) { return a.digits_ <=> b.digits_; }

private:
    Gtin(std::string digits, int native_length)
        : digits_(std::move(digits)), native_length_(native_length) {}

    std::string digits_;
    int native_length_;
};

/// A serial shipping container code: 18 digits with a right check digit.
class Sscc {
public:
    [[nodiscard]] static Result<Sscc> parse(std::string_view text);

    [[nodiscard]] const std::string& text() const { return digits_; }

    friend auto operator<=>(const Sscc&, const Sscc&) = default;

private:
    explicit Sscc(std::string digits) : digits_(std::move(digits)) {}

    std::string digits_;
};

/// A serial number as it stands on the label: 1 to 64 characters, no control characters, exact.
class Serial {
public:
    [[nodiscard]] static Result<Serial> parse(std::string_view text);

    [[nodiscard]] const std::string& as_labelled() const { return raw_; }

    [[nodiscard]] const std::string& key() const { return raw_; }

    friend auto operator<=>(const Serial&, const Serial&) = default;

private:
    explicit Serial(std::string raw) : raw_(std::move(raw)) {}

    std::string raw_;
};

/// A lot (batch) as it stands on the label, and its folded key: 1 to 64 characters.
class Lot {
public:
    [[nodiscard]] static Result<Lot> parse(std::string_view text);

    [[nodiscard]] const std::string& as_labelled() const { return raw_; }

    [[nodiscard]] const std::string& key() const { return key_; }

    friend bool operator==(const Lot& a, const Lot& b) { return a.key_ == b.key_; }

private:
    Lot(std::string raw, std::string key) : raw_(std::move(raw)), key_(std::move(key)) {}

    std::string raw_;
    std::string key_;
};

/// The key of a lot: ASCII letters lower case, runs of spaces made one (rule N-06).
[[nodiscard]] std::string lot_key_of(std::string_view raw);

/// The name of a device, station or site in the configuration: 1 to 40 of A-Z a-z 0-9 . _ -
class DeviceId {
public:
    [[nodiscard]] static Result<DeviceId> parse(std::string_view text);

    [[nodiscard]] const std::string& text() const { return text_; }

    friend auto operator<=>(const DeviceId&, const DeviceId&) = default;

private:
    explicit DeviceId(std::string text) : text_(std::move(text)) {}

    std::string text_;
};

/// A place in the ledger: 1, 2, 3 … without gaps.
enum class Seq : std::uint64_t {};

[[nodiscard]] constexpr std::uint64_t number_of(Seq seq) {
    return static_cast<std::uint64_t>(seq);
}

[[nodiscard]] constexpr Seq next(Seq seq) {
    return static_cast<Seq>(number_of(seq) + 1);
}

}  // namespace lotgate
