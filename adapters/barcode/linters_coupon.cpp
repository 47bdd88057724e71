// North American coupons: AI 8110 (GS1 US "North American Coupon Application Guideline") and
// AI 8112 (positive offer file). A field's length is told by the digit before it ("VLI").
//
//   8110 := VLI(0-6) prefix(+6) offer(6) VLI(1-5) save VLI(1-5) requirement code(0-4,9) family(3)
//           [ "1" rules(0-3) purchase ] [ "2" purchase ] [ "3" expiry(6) ] [ "4" start(6) ]
//           [ "5" VLI(0-9) serial(+6) ] [ "6" VLI(1-7) retailer(+6) ]
//           [ "9" save code(0,1,2,5,6) applies(0-2) store(1) multiply(0,1) ]
//   purchase := VLI(1-5) requirement code(0-4,9) family(3) VLI(0-6,9) prefix(+6; none for 9)
//   8112 := format(0,1) VLI(0-6) funder(+6) offer(6) VLI(0-9) serial(+6)

#include "adapters/barcode/linters.hpp"

namespace lotgate::barcode {

namespace {

// Walks over the digits; once something is missing it stays failed.
class CouponReader {
public:
    explicit CouponReader(std::string_view text) : text_(text) {}

    [[nodiscard]] bool failed() const { return failed_; }

    [[nodiscard]] bool at_end() const { return at_ == text_.size(); }

    [[nodiscard]] std::uint32_t offset() const { return static_cast<std::uint32_t>(at_); }

    // One digit out of `allowed`; its value, or -1.
    int digit(std::string_view allowed) {
        if (failed_ || at_end() || allowed.find(text_[at_]) == std::string_view::npos) {
            failed_ = true;
            return -1;
        }
        return text_[at_++] - '0';
    }

    std::string_view digits(int count) {
        const auto size = static_cast<std::size_t>(count);
        if (failed_ || text_.size() - at_ < size) {
            failed_ = true;
            return {};
        }
        at_ += size;
        return text_.substr(at_ - size, size);
    }

    // The mark of an optional field: consumed if it is the next digit.
    bool field(char mark) {
        if (failed_ || at_end() || text_[at_] != mark) return false;
        ++at_;
        return true;
    }

    // A length digit, then that many digits and `more`.
    void counted(std::string_view allowed, int more) {
        const int length = digit(allowed);
        if (length >= 0) static_cast<void>(digits(length + more));
    }

private:
    std::string_view text_;
    std::size_t at_ = 0;
    bool failed_ = false;
};

constexpr std::string_view any_digit = "0123456789";
constexpr std::string_view requirement_codes = "012349";

void requirement(CouponReader& reader) {
    reader.counted("12345", 0);
    reader.digit(requirement_codes);
    reader.digits(3);
}

void further_purchase(CouponReader& reader) {
    requirement(reader);
    const int length = reader.digit("01234569");
    if (length >= 0 && length != 9) reader.digits(length + 6);
}

bool dates_are_right(CouponReader& reader) {
    std::string_view expiry;
    if (reader.field('3')) {
        expiry = reader.digits(6);
        if (reader.failed() || check_yymmdd(expiry, false).error != ErrorClass::none) return false;
    }
    if (reader.field('4')) {
        const std::string_view start = reader.digits(6);
        if (reader.failed() || check_yymmdd(start, false).error != ErrorClass::none) return false;
        if (!expiry.empty() && start > expiry) return false;
    }
    return true;
}

LintFinding only_digits(std::string_view text) {
    const std::size_t bad = text.find_first_not_of(any_digit);
    if (bad == std::string_view::npos) return {};
    return {ErrorClass::lint_bad_value, static_cast<std::uint32_t>(bad)};
}

LintFinding bad_coupon(const CouponReader& reader) {
    return {ErrorClass::lint_bad_coupon, reader.offset()};
}

}  // namespace

LintFinding check_coupon(std::string_view text) {
    if (const auto finding = only_digits(text); finding.error != ErrorClass::none) return finding;
    CouponReader reader(text);
    reader.counted("0123456", 6);
    reader.digits(6);
    reader.counted("12345", 0);
    requirement(reader);
    if (reader.field('1')) {
        reader.digit("0123");
        further_purchase(reader);
    }
    if (reader.field('2')) further_purchase(reader);
    if (!dates_are_right(reader)) return bad_coupon(reader);
    if (reader.field('5')) reader.counted(any_digit, 6);
    if (reader.field('6')) reader.counted("1234567", 6);
    if (reader.field('9')) {
        reader.digit("01256");
        reader.digit("012");
        reader.digit(any_digit);
        reader.digit("01");
    }
    return reader.failed() || !reader.at_end() ? bad_coupon(reader) : LintFinding{};
}

LintFinding check_positive_offer(std::string_view text) {
    if (const auto finding = only_digits(text); finding.error != ErrorClass::none) return finding;
    CouponReader reader(text);
    reader.digit("01");
    reader.counted("0123456", 6);
    reader.digits(6);
    reader.counted(any_digit, 6);
    return reader.failed() || !reader.at_end() ? bad_coupon(reader) : LintFinding{};
}

}  // namespace lotgate::barcode
