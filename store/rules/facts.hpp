#pragma once

// What is known about one attempt, read in the transaction that will record the verdict. Plain
// data without a database: a rule's test fills in the few fields the rule looks at.

#include "store/model/time.hpp"
#include "store/rules/attempt.hpp"
#include "store/rules/life_cycle.hpp"
#include "store/rules/rotation.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lotgate::rules {

/// What the read means at this station.
enum class Intent {
    nothing,        ///< no code, or one that could not be read
    unknown_code,   ///< a code that names nothing this station works with
    show_badge,     ///< somebody says who they are, for the next read
    give_reason,    ///< and why
    open_document,  ///< the ASN or order to work on
    take_unit,      ///< one serialised unit, or goods counted by lot
    close_carton,
    verify_label,
    choose_location,  ///< the place where goods are put from now on
    move_container,   ///< a pallet with all that stands on it
    choose_grade,     ///< what comes back at this station from now on is worth that
    route_carton,
    route_return,  ///< one unit that came back, on a belt
    load_carton,
    open_pallet,    ///< what is scanned from now on stands on it
    put_on_pallet,  ///< a container onto the pallet in hand, or off it
    turn_pallet,    ///< what is scanned from now on goes onto it, or comes off
    close_pallet,
    each_part,       ///< a carton or pallet whose content is done piece by piece
    not_in_service,  ///< a combination of step and code that does not exist yet
};

struct ProductFacts {
    std::string name;
    bool serial_tracked = false;
    bool lot_tracked = false;
    bool expiry_required = false;
    std::string owner = {};
    std::string uniqueness = "product";  ///< product, owner or global
    std::string serial_pattern = {};     ///< the whole serial must match it; empty: any
    std::string lot_pattern = {};
    bool serial_fold = false;
    std::string rotation = {};     ///< FEFO, FIFO, LIFO, none; empty: inherited
    std::string fefo_policy = {};  ///< warn or reject; empty: warn
    std::int64_t fefo_tolerance_days = 0;
    std::int64_t min_life_in_days = 0;
    std::int64_t min_life_in_percent = 0;  ///< of life_days_max
    std::int64_t life_days_max = 0;        ///< 0: not known
    bool best_before_blocks = false;
    std::string regimes = {};       ///< space-separated: rx dscsa fsma204 udi 111 iatf
    std::string status = "active";  ///< or "discontinued"
    bool assign_tlc = false;
    bool single_lot = false;
    std::string temp_class = {};
    std::string unit = "EA";
    int scale = 0;  ///< decimals of its quantities, which are whole numbers of 10^-scale units
    std::optional<std::int64_t> hold_max_age_min = {};
    bool hold_stale_blocks = false;
    std::optional<std::int64_t> doc_max_age_min = {};
    std::string zone = {};

    [[nodiscard]] bool is_under(std::string_view regime) const;

    /// Medicines, and devices that carry a UDI: stricter about dates, suspicion and overrides.
    [[nodiscard]] bool is_regulated() const {
        return is_under("rx") || is_under("dscsa") || is_under("udi");
    }
};

struct PartyFacts {
    std::string id;
    std::string name;
    std::string kind;  ///< customer, vendor, owner, carrier; or empty
    std::string rotation;
    std::int64_t min_life_out_days = 0;
    std::int64_t transit_days = 0;
    std::string gln;
    std::string phone;
    std::string address;
    std::string email;
    bool is_exempt = false;  ///< supplier outside the food traceability rule: we assign the lot
};

/// A place where goods stand. One that no feed names is a bin of the defaults below.
struct LocationFacts {
    std::string id;
    bool is_known = false;
    std::string kind = "bin";  ///< bin, dock, pack, cage, yard, trailer
    std::string zone = {};
    bool is_pickable = true;
    bool is_quarantine = false;
    bool is_lockable = false;
    std::string lot_mix = "allow";  ///< allow, warn, forbid, forbid_different_expiry
    std::string temp_class = {};
    std::int64_t walk_order = 0;
};

struct LotFacts {
    std::string raw;
    std::optional<Date> expires_on = {};
    std::optional<Date> best_before = {};
    std::optional<Date> sell_by = {};
    std::optional<Date> produced_on = {};
    std::optional<Date> packed_on = {};
    std::string expires_at = {};  ///< "2027-01-31T14:00", local, where the label gave a time
    std::string mfr_lot = {};     ///< the maker's number, where the lot is our own
    bool is_own = false;          ///< we assigned it
    std::string vendor = {};
    std::string po = {};
    std::int64_t first_seq = 0;  ///< row of its first receipt or announcement
};

struct UnitFacts {
    UnitState state = UnitState::none;
    UnitState state_before = UnitState::none;  ///< where a missing unit was
    std::string lot_key = {};
    std::optional<Date> expires_on = {};
    std::string location = {};
    std::string container = {};  ///< carton it is in, or the announced pallet
    std::string document = {};   ///< ASN that announced it
    std::int64_t line = 0;
    std::string order = {};
    std::int64_t order_line = 0;
    std::string owner = {};
    std::string origin = {};  ///< ASN, SCAN, GENERATED, IMPORT
};

/// Another unit whose serial has the same key in the product's scope of uniqueness.
struct TwinFacts {
    std::string gtin;
    std::string serial;
    UnitState state = UnitState::none;
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
    std::string kind;   ///< "asn", "order" or "rma"
    std::string state;  ///< "open", "done" or "cancelled"
    std::string party;
    std::string party_name;
    std::string route;  ///< its own, else its party's
    std::int64_t quantity = 0;
    std::int64_t done = 0;
    std::int64_t extra = 0;
    std::int64_t shipped = 0;
    std::string owner = {};
    std::string carrier = {};
    std::string door = {};
    std::string ship_by = {};     ///< "2027-01-31"
    std::string deliver_by = {};  ///< "2027-01-31"
    std::string station = {};     ///< pack station it is released to
    std::string po = {};
    std::string ref = {};  ///< returns: the order they come from
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
    std::string rotation = {};
    bool single_lot = false;
    std::int64_t min_life_days = 0;
    std::string allocation = {};  ///< serial, lot, quantity; or empty
    std::int64_t tolerance_percent = 0;
    std::optional<Date> produced_on = {};
    std::string mfr_lot = {};
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
    std::string parent = {};        ///< id of the container it stands in
    std::string location = {};
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
    UnitFacts unit;            ///< the whole row, for units
    std::string regimes = {};  ///< of its product
};

/// A piece of what a scanned pallet or carton holds: a carton by its number, a unit, or goods of a
/// lot. Each is judged as if it had been scanned by itself.
struct PartFacts {
    std::string sscc;
    std::string gtin;
    std::string serial;
    std::string lot;            ///< as labelled
    std::int64_t quantity = 1;  ///< in the product's smallest decimals
    std::optional<Date> expires_on = {};
    std::optional<Announced> announced = {};  ///< where it is received as announced
    std::string taken_from = {};              ///< id of the container it is picked from
};

/// What stands on the pallet in hand.
struct LoadFacts {
    std::int64_t containers = 0;
    std::int64_t packed = 0;  ///< of those: packed for an order, or of such
    std::int64_t units = 0;   ///< loose ones, and goods of so many lots
    std::string document;     ///< the one order of its cartons, or empty
    bool is_of_many_orders = false;

    [[nodiscard]] bool is_empty() const { return containers == 0 && units == 0; }
};

/// The next number of a leased range, or an empty one where none is left.
struct NumberFacts {
    std::string number;
    std::string range;
    std::int64_t next = 0;
    std::int64_t left = 0;
    std::int64_t low = 0;
};

/// A counted lot whose books do not add up.
struct BrokenFacts {
    std::string gtin;
    std::string lot_key;
    std::string lot_raw;
    std::int64_t received = 0;
    std::int64_t found = 0;  ///< here, shipped and gone together
};

/// Stock of the scanned lot at one place.
struct StockFacts {
    std::string place;
    std::int64_t quantity = 0;
    std::string owner = {};
};

/// Another lot of a scanned product at the place where goods are to be put.
struct StandingFacts {
    std::string gtin;
    std::string lot_key;
    std::optional<Date> expires_on;
};

/// Goods an order was promised, or that were fetched for it: a lot's quantity, or one unit.
struct PromiseFacts {
    std::int64_t line = 0;
    std::string gtin;
    std::string lot_key;
    std::string lot_raw;
    std::string serial;
    std::string place;
    std::int64_t quantity = 0;
};

/// What a line of the order that is opened still asks for, and the stock that could serve it.
struct AskFacts {
    std::int64_t line = 0;
    std::string gtin;
    std::string product_name;
    std::string allocation;  ///< serial, lot or quantity; empty: quantity
    bool is_serialised = false;
    std::int64_t promised = 0;  ///< before, and not asked for any more
    Need need;
    std::vector<Candidate> candidates;
};

/// Somebody who may overrule, as this site knows them.
struct PersonFacts {
    std::string name;
    Role role = Role::none;
    bool is_locked = false;
    bool badge_is_enough = false;  ///< at a scanner, without a PIN
    int wrong_pins = 0;
};

/// Badges and reason scanned at this station a moment ago.
struct StationBadgeFacts {
    std::string badge;
    std::string second_badge;
    std::string reason;
    bool is_there = false;  ///< a row, however old
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
    std::optional<TwinFacts> twin;
    std::optional<PartyFacts> party;         ///< of the document in hand
    std::optional<LocationFacts> location;   ///< where this attempt books goods
    std::optional<std::int64_t> hold_age_s;  ///< since the cloud was last heard; absent: never
    std::optional<std::int64_t> doc_age_s;
    std::vector<StandingFacts> standing;  ///< where the place does not mix lots
    std::string near_match;             ///< the one announced serial that differs in one character
    std::optional<PersonFacts> person;  ///< of the badge that is scanned or overrules
    std::optional<PersonFacts> second_person;  ///< the second one who overrules
    StationBadgeFacts station_badge;
    std::string spoken;       ///< the badge, the reason or the grade that is scanned
    std::string near_serial;  ///< a known serial that differs only by case, space or dash
    std::vector<HoldFacts> holds;
    std::optional<DocumentFacts> scanned_document;
    std::optional<DocumentFacts> document;    ///< in hand at this station, or the carton's order
    std::vector<LineFacts> lines;             ///< of the document in hand, for the scanned product
    std::optional<CartonFacts> carton;        ///< scanned, or open at this station
    std::vector<ContentFacts> contents;       ///< of that carton, and of all that stands in it
    std::vector<CartonFacts> inside;          ///< containers that stand in it, at any depth
    std::vector<PartFacts> parts;             ///< of it, where each is judged by itself
    std::optional<CartonFacts> pallet;        ///< in hand at this station
    LoadFacts load;                           ///< of that pallet
    bool comes_off = false;                   ///< what is scanned leaves the pallet in hand
    std::vector<std::string> over;            ///< ids of what the scanned container stands in
    std::optional<NumberFacts> own_lot;       ///< looked for where the site gives the lot
    std::optional<BrokenFacts> broken;        ///< a lot of this attempt that does not add up
    std::vector<StockFacts> stock;            ///< largest first
    std::optional<DocumentFacts> shipped_by;  ///< returns: the order the unit left with
    std::vector<StockFacts> shipped_stock;    ///< returns: of the lot, out with this customer
    std::string return_route;                 ///< of a returned unit: where its grade sends it
    std::string station_grade;                ///< of what comes back at this station, or empty
    bool clock_became_suspect = false;        ///< with this attempt
    std::string count_place;                  ///< counts: the place this station counts
    bool is_counting = false;                 ///< and a count of it is open
    std::int64_t counted_so_far = 0;          ///< of the lot, in that count; pallets: unread pieces
    std::string station_document;             ///< what this station has in hand
    std::string station_carton;
    std::string station_place;              ///< location chosen at this station, or empty
    std::vector<Candidate> shelf;           ///< the lot that leaves before the scanned one, if any
    std::vector<PromiseFacts> promised;     ///< to the order in hand, of the scanned product
    std::vector<AskFacts> asks;             ///< of the order that is opened
    std::vector<std::string> lots_taken;    ///< keys, where the order wants one lot only
    std::vector<std::string> data_missing;  ///< that the law wants on the shipment's record
    std::string replaced_by;                ///< of a label that is void: the one that counts
    std::string range;                      ///< of carton numbers, with one left; else empty
    std::int64_t range_next = 0;
    std::int64_t range_left = 0;     ///< in all of them, the next one counted
    std::int64_t range_low = 0;      ///< at this many a person is told
    bool carton_will_close = false;  ///< this scan completes the order, or the operator closes it

    [[nodiscard]] std::string lot_key(const Attempt& attempt) const;
    /// The earliest of the dates that the label, the unit, its lot and its ASN line give.
    [[nodiscard]] std::optional<Date> expires_on(const Attempt& attempt) const;
    [[nodiscard]] std::int64_t quantity(const Attempt& attempt) const;
    /// Of the document in hand: the line these goods count on, or nullptr.
    [[nodiscard]] const LineFacts* line_with_room(const Attempt& attempt) const;
    /// The line that takes them within its tolerance, where none has room.
    [[nodiscard]] const LineFacts* line_within_tolerance(const Attempt& attempt) const;
    /// Where goods are booked: the location chosen, else the station itself.
    [[nodiscard]] const std::string& place(const Attempt& attempt) const;

    [[nodiscard]] bool moves_to_location() const {
        return location && (intent == Intent::take_unit || intent == Intent::move_container);
    }

    [[nodiscard]] bool is_serialised() const { return product && product->serial_tracked; }
};

/// The words for the screen: "09506000134352 lot L-88 serial S-1", or the code as it was read.
[[nodiscard]] std::string subject_of(const Facts& facts, const Attempt& attempt);

/// The words for a carton's or pallet's content that a hold is on: " (serial S-3)", " (lot L-88)";
/// empty where the hold is on the thing itself.
[[nodiscard]] std::string held_part_of(const Facts& facts, const HoldFacts& hold);

/// Bytes as printable text, for sentences: control characters and bytes above 0x7e escaped, cut
/// at 60 characters.
[[nodiscard]] std::string shown(std::string_view bytes);

/// A date's day is good to its end, on the site's calendar. The one place that decides it.
[[nodiscard]] inline bool is_expired(Date expires_on, Date site_date) {
    return site_date > expires_on;
}

[[nodiscard]] inline std::int64_t days_between(Date from, Date to) {
    return (std::chrono::sys_days(to) - std::chrono::sys_days(from)).count();
}

}  // namespace lotgate::rules
