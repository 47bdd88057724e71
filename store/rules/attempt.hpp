#pragma once

// What somebody wants to do: one read, given its meaning by the station it was read at. Plain data;
// the store turns it into Facts, a Verdict and events in one transaction.

#include "store/model/identity.hpp"
#include "store/model/time.hpp"
#include "store/rules/authority.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::rules {

/// The steps of the work. A station has one; a hand-held says its own.
enum class Step {
    receive,
    putaway,
    pick,
    pack,
    divert,
    ship,
    take_back,
    count,
    quarantine,
    palletise,
};

/// All of them, each at the place of its number.
inline constexpr std::array every_step{Step::receive,
                                       Step::putaway,
                                       Step::pick,
                                       Step::pack,
                                       Step::divert,
                                       Step::ship,
                                       Step::take_back,
                                       Step::count,
                                       Step::quarantine,
                                       Step::palletise};

[[nodiscard]] std::string_view name_of(Step step);
[[nodiscard]] std::optional<Step> step_named(std::string_view name);

/// The same code with one separator put back that may have got lost (N-03).
struct OtherReading {
    std::string lot;     ///< as it would then be labelled; empty: as read
    std::string serial;  ///< likewise
    std::string told;    ///< "(01)09506000134352(10)0329(15)210526", printable
};

/// The code as it was read.
struct Observation {
    std::string device;
    std::string raw;  ///< bytes as received, AIM identifier included
    /// The other codes of the same read event; `raw` is the one that says most.
    std::vector<std::string> other_codes;
    std::string aim;  ///< "]d2", or empty where the scanner sent none
    Instant read_at;
    std::int64_t age_ms = 0;
    bool is_no_read = false;
    bool is_keyed = false;  ///< typed by a person: a word like "LOT:" may stand in front (N-08)
    /// The code is understood only without that word: `what` holds if the site knows its lot or
    /// serial, else parse_error does.
    bool is_without_prefix_word = false;
    /// The decoder's class where the code could not be understood ("ai_unknown", …), else empty.
    std::string parse_error;
    std::string parse_about;  ///< the identifier it is about ("17"), or empty
    std::string parse_told;   ///< the decoder's sentence for a person
    /// Two of the codes cannot both be true: a sentence for a person, else empty (N-14).
    std::string label_conflict;
    std::vector<std::string> warnings;  ///< the decoder's classes: "day_zero", "non_ascii" …
    /// How it was read, where it was no scanner on the goods themselves: PALLET_INFERRED, SLOT or
    /// MANUAL; empty: CASE.
    std::string capture;
    std::vector<OtherReading> other_readings;
};

/// A weight or length of the label: units * 10^-scale.
struct Measure {
    std::int64_t units = 0;
    int scale = 0;
};

/// Where goods were announced that are taken in with the pallet or case they stand in.
struct Announced {
    std::string container;
    std::string document;
    std::int64_t line = 0;
};

/// What the code says. Everything optional: a code may name a container, a document or a unit.
struct ScannedIdentity {
    std::optional<Gtin> gtin;
    std::optional<Serial> serial;
    std::optional<Lot> lot;
    std::optional<Date> expires_on;   ///< AI 17 (or 7003's date)
    std::optional<Date> best_before;  ///< AI 15
    std::optional<Date> sell_by;      ///< AI 16
    std::optional<Date> produced_on;  ///< AI 11
    std::optional<Date> packed_on;    ///< AI 13
    std::string expires_at;           ///< AI 7003 with its time: "2027-01-31T14:00", local
    bool expiry_day_zero = false;     ///< the label gave day 00
    std::string gln;                  ///< AI 414: a place
    std::optional<Measure> weight;    ///< AI 310n, kilograms
    std::optional<Sscc> sscc;
    std::optional<std::int64_t> quantity;  ///< AI 37 or 30
    /// In the product's smallest decimals, of a piece that the books name; goes before the others.
    std::optional<std::int64_t> exact_quantity;
    /// Of a piece that nobody has read: its pallet's or case's number was.
    std::optional<Announced> announced;
    /// Of a piece that is picked with its pallet: the container it is taken from.
    std::string taken_from;
    std::string plain;  ///< a code that is no GS1 content: a document code
    /// "hibc:…", "ppn:…", "part:…" (product_code.hpp); the catalogue turns them into the GTIN.
    std::vector<std::string> product_codes;
};

/// Where a carton stands when it is scanned at a decision point.
struct DivertContext {
    std::string conveyor;  ///< device id of the PLC
    std::uint16_t point = 0;
    std::uint16_t sequence = 0;
    std::uint32_t tracking_id = 0;
    Instant deadline;  ///< after this the effect is not carried out
    /// Bit n: lane n takes nothing more, as the PLC says; nothing where it does not say.
    std::optional<std::uint16_t> lanes_full = {};
    std::uint32_t recirculated = 0;  ///< how often this carton was sent round for a full lane
};

/// The policy of a station, from the configuration; kept with the decision as policy_version.
struct StationPolicy {
    // Lanes, in the order in which they are asked (lane_choice.hpp).
    std::map<std::string, std::uint16_t> lane_by_product;   ///< GTIN of 14 digits -> lane
    std::map<std::string, std::uint16_t> lane_by_order;     ///< order number -> lane
    std::map<std::string, std::uint16_t> lane_by_customer;  ///< customer -> lane
    std::map<std::string, std::uint16_t> lane_by_route;     ///< order or customer route -> lane
    std::map<std::string, std::uint16_t> lane_by_grade;     ///< restock, repair … of a return
    std::uint16_t lane_exception = 0;
    std::optional<std::uint16_t> lane_reject;       ///< held or expired goods
    std::optional<std::uint16_t> lane_overflow;     ///< the wanted lane stays full
    std::optional<std::uint16_t> lane_recirculate;  ///< round again while the wanted lane is full
    std::uint32_t recirculations_max = 3;
    std::uint16_t lane_default = 0;  ///< what the PLC does when nobody decides
    std::string printer;             ///< device id, for pack stations
    std::string label_template;
    std::string lot_label_template = "lot";  ///< of a lot that the site gives out at the door
    std::int64_t label_stale_after_s = 900;
    std::int64_t scan_age_ms_max = 5000;  ///< an older read is recorded, and decides nothing
    /// Where received units stand: "received" lets a pack station take them without put-away.
    std::string available_on = "received";
    std::int64_t reread_s_max = 60;  ///< a station's same code again within this is one unit (N-13)
    /// A second unit with a known serial puts the first one on hold too (rule R-05).
    bool duplicate_holds_both = true;
    std::string rotation;  ///< of the site: FEFO, FIFO, LIFO, none; empty: none
    std::map<std::string, std::string> rotation_by_zone;  ///< zone of the product -> rotation
    std::string door;            ///< of a ship station; empty: any order leaves here
    std::string carrier;         ///< that stands there; empty: any
    bool pack_verify = true;     ///< false: a door takes picked goods that were never packed
    bool packs_unpicked = true;  ///< false: a pack station takes only what was picked for the order
    std::string partial_carton = "allow";  ///< or "confirm", "supervisor": closing before the end
    std::int64_t badge_s_max = 60;         ///< a scanned badge stands for the next read this long
    std::string version = "1";
};

struct Attempt {
    /// Identity of the request: the same id always gets the same answer and no second effect.
    std::string request_id;
    Step step = Step::receive;
    std::string station;
    std::string actor;  ///< badge or "device:<id>"
    Instant at;
    Date site_date;                 ///< the site's civil date at `at`
    std::string clock_quality;      ///< "synced", "holdover" or "unset"
    std::optional<Date> ship_date;  ///< the day on which what is packed now leaves; none: site_date
    Observation observation;
    ScannedIdentity what;
    std::optional<DivertContext> divert;
    std::optional<Authority> authority;           ///< who overrules what stands against it
    std::shared_ptr<const StationPolicy> policy;  ///< never null
};

}  // namespace lotgate::rules
