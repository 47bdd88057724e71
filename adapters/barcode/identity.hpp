#pragma once

// What a decoded scan means for the rules: which item, lot, serial, carton, dates, quantities.
// Raw text is kept; keys are for matching (rules N-06, N-07). May allocate; safe from any thread.

#include "adapters/barcode/decode.hpp"
#include "store/model/identity.hpp"
#include "store/model/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::barcode {

/// A date of a label. `raw` is the text as scanned; `day_zero` says that the day was 00 and the
/// last day of the month was taken (rule N-11).
struct LabelDate {
    Date date;
    std::string raw;
    bool day_zero = false;
    std::optional<int> minutes_of_day;  ///< 7003, 8008, 7011: hours and minutes, site-local
};

/// units * 10^-scale, exact. `unit` is an UN/CEFACT code (KGM, MTR …), an ISO 4217 number for
/// money, or empty for counts.
struct Quantity {
    std::int64_t units = 0;
    int scale = 0;
    std::string unit;
};

struct NamedQuantity {
    std::string ai;
    Quantity quantity;
};

struct NamedDate {
    std::string ai;
    LabelDate date;
};

/// The identity of one scan, or of one label (label.hpp).
struct Identity {
    std::optional<Gtin> gtin;               ///< (01), (03), (8006), a trade item symbol, 8P
    std::optional<Gtin> content_gtin;       ///< (02), (8026): what the logistic unit holds
    std::optional<Sscc> sscc;               ///< (00)
    std::optional<Serial> serial;           ///< (21), S, HIBC
    std::optional<Lot> lot;                 ///< (10), 1T, HIBC
    std::optional<LabelDate> expiry;        ///< (17), (7003), 14D, 15D, HIBC
    std::optional<LabelDate> best_before;   ///< (15); never merged with expiry
    std::optional<LabelDate> sell_by;       ///< (16)
    std::optional<LabelDate> produced;      ///< (11), (8008), 16D
    std::optional<LabelDate> packed;        ///< (13)
    std::optional<std::int64_t> count;      ///< (37) units contained, (30) variable count, Q
    std::vector<NamedQuantity> quantities;  ///< every 31nn to 39nn element, exactly
    std::vector<NamedDate> dates;           ///< every date element
    /// What names the product without a GTIN, as the catalogue lists it: "hibc:" LIC PCN UM,
    /// "ppn:" (9N), "part:" (1P, P, PNR); see store/model/product_code.hpp.
    std::vector<std::string> product_codes;
    std::string hibc_item;                ///< LIC and PCN, where HIBC names the product
    std::string supplier_item;            ///< 1P, P, PPN (9N)
    std::string licence_plate;            ///< 1J to 6J
    std::string pack_type;                ///< HIBC unit of measure, or GTIN indicator
    std::string plain;                    ///< the text of a plain code
    bool lot_or_serial_withheld = false;  ///< ambiguous reading: none was taken from it
    std::vector<WarningClass> warnings;   ///< found on the way (day_zero, non_ascii …)
};

/// `today` decides the century of two-digit years only.
[[nodiscard]] Identity identify(const Decoded& decoded, Date today);

/// YYMMDD with the century window of 49 years back, 50 ahead; day 00 is the month's last day.
[[nodiscard]] std::optional<LabelDate> label_date(std::string_view yymmdd, Date today);

}  // namespace lotgate::barcode
