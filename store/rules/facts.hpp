#pragma once

// What is known about one attempt, read in the transaction that will record the verdict. Plain
// data without a database: a rule's test fills in the few fields the rule looks at.

#include "store/model/time.hpp"
#include "store/rules/attempt.hpp"
#include "store/rules/life_cycle.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lotgate::rules {

/// What the read means at this station.
enum class Intent {
    nothing,        ///< no code, or one that could not be read
    unknown_code,   ///< a code that names nothing this station works with
    open_document,  ///< the ASN or order to work on
    take_unit,      ///< one serialised unit, or goods counted by lot
    close_carton,
    verify_label,
    route_carton,
    load_carton,
    not_in_service,  ///< a combination of step and code that does not exist yet
};

struct ProductFacts {
    std::string name;
    bool serial_tracked = false;
    bool lot_tracked = false;
    bool expiry_required = false;
};

struct LotFacts {
    std::string raw;
    std::optional<Date> expires_on;
};

struct UnitFacts {
    UnitState state = UnitState::none;
    UnitState state_before = UnitState::none;  ///< where a missing unit was
    std::string lot_key;
    std::optional<Date> expires_on;
    std::string location;
    std::string container;  ///< carton it is in, or the announced pallet
    std::string document;   ///< ASN that announced it
    std::int64_t line = 0;
    std::string order;
    std::int64_t order_line = 0;
};

/// An open hold that covers what is scanned, or something in the carton that is scanned.
struct HoldFacts {
    std::string id;
    std::string reason;  ///< quarantine recall suspect expired damaged conflict
    std::string recall_class;
    std::string target;  ///< "lot:<gtin>/<lot key>", "unit:…", "product:…", "container:…", …
};

struct DocumentFacts {
    std::string id;
    std::string kind;   ///< "asn" or "order"
    std::string state;  ///< "open", "done" or "cancelled"
    std::string party;
    std::string party_name;
    std::string route;  ///< its own, else its party's
    std::int64_t quantity = 0;
    std::int64_t done = 0;
    std::int64_t extra = 0;
    std::int64_t shipped = 0;
};

struct LineFacts {
    std::int64_t line = 0;
    std::string gtin;
    std::string lot_key;  ///< empty: any lot
    std::string lot_raw;
    std::optional<Date> expires_on;
    bool has_serials = false;
    std::int64_t quantity = 0;
    std::int64_t done = 0;
};

struct CartonFacts {
    std::string id;
    std::string sscc;
    std::string kind;   ///< "carton" (packed here) or "inbound" (announced pallet)
    std::string state;  ///< "OPEN", "PACKED", "SHIPPED", "EXPECTED", "VOIDED"
    std::string document;
    std::string station;
    std::string label;  ///< "", "intended", "verified"
    std::int64_t lane = 0;
    std::int64_t print_effect = 0;  ///< of its label, or 0
    std::int64_t doubt_case = 0;    ///< open case about its label, or 0
};

/// One kind of goods in a carton.
struct ContentFacts {
    std::string gtin;
    std::string product_name;
    std::string serial;  ///< empty for goods counted by lot
    std::string lot_key;
    std::string lot_raw;
    std::optional<Date> expires_on;
    UnitState state = UnitState::none;
    std::int64_t quantity = 1;
    UnitFacts unit;  ///< the whole row, for units
};

/// Stock of the scanned lot at one place.
struct StockFacts {
    std::string place;
    std::int64_t quantity = 0;
};

/// This station's last read, where it was the same code and was not refused.
struct LastReadFacts {
    Instant at;
    std::string did;
    std::string document;
    std::string progress;
};

struct Facts {
    Intent intent = Intent::nothing;
    std::optional<ProductFacts> product;
    std::optional<LotFacts> lot;
    std::optional<UnitFacts> unit;
    std::optional<LastReadFacts> last_read;
    std::string near_serial;  ///< a known serial that differs only by case, space or dash
    std::vector<HoldFacts> holds;
    std::optional<DocumentFacts> scanned_document;
    std::optional<DocumentFacts> document;  ///< in hand at this station, or the carton's order
    std::vector<LineFacts> lines;           ///< of the document in hand, for the scanned product
    std::optional<CartonFacts> carton;      ///< scanned, or open at this station
    std::vector<ContentFacts> contents;     ///< of that carton
    std::vector<StockFacts> stock;          ///< largest first
    std::string station_document;           ///< what this station has in hand
    std::string station_carton;
    std::string range;  ///< of carton numbers, with one left; else empty
    std::int64_t range_next = 0;
    bool carton_will_close = false;  ///< this scan completes the order, or the operator closes it

    [[nodiscard]] std::string lot_key(const Attempt& attempt) const;
    /// The earliest of the dates that the label, the unit, its lot and its ASN line give.
    [[nodiscard]] std::optional<Date> expires_on(const Attempt& attempt) const;
    [[nodiscard]] std::int64_t quantity(const Attempt& attempt) const;
    /// Of the document in hand: the line these goods count on, or nullptr.
    [[nodiscard]] const LineFacts* line_with_room(const Attempt& attempt) const;

    [[nodiscard]] bool is_serialised() const { return product && product->serial_tracked; }
};

/// The words for the screen: "09506000134352 lot L-88 serial S-1", or the code as it was read.
[[nodiscard]] std::string subject_of(const Facts& facts, const Attempt& attempt);

/// Bytes as printable text, for sentences: control characters and bytes above 0x7e escaped, cut
/// at 60 characters.
[[nodiscard]] std::string shown(std::string_view bytes);

/// A date's day is good to its end, on the site's calendar. The one place that decides it.
[[nodiscard]] inline bool is_expired(Date expires_on, Date site_date) {
    return site_date > expires_on;
}

}  // namespace lotgate::rules
