#pragma once

// The bodies of the ledger's events, as plain data, and their JSON form (docs/data/events.md).
// Writing and reading back gives the same value: the live fold works on what was written.

#include "store/events/changes.hpp"
#include "store/model/result.hpp"
#include "store/rules/attempt.hpp"
#include "store/rules/verdict.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::store {

/// What was read, as it was read.
struct SeenBody {
    std::string device;
    std::string raw;      ///< text; control characters escaped by JSON
    std::string raw_hex;  ///< instead of raw, where the bytes are no UTF-8
    std::string aim;
    std::optional<Instant> read_at;
    std::int64_t age_ms = 0;
    bool no_read = false;
    std::string parse_error;
    std::string parse_told;
    std::vector<std::string> codes;     ///< the others of the read event; "hex:…" if no UTF-8
    std::vector<std::string> warnings;  ///< of the decoder
    std::string capture;                ///< PALLET_INFERRED, SLOT, MANUAL; empty: CASE
};

struct WhatBody {
    std::string gtin;
    std::string serial;
    std::string lot;
    std::optional<Date> expires_on;
    std::optional<Date> best_before;
    std::optional<Date> sell_by;
    std::optional<Date> produced_on;
    std::optional<Date> packed_on;
    std::string expires_at;
    std::string gln;
    std::string sscc;
    std::int64_t quantity = 0;
    std::string plain;
    std::vector<std::string> product_codes;  ///< "hibc:…" as read; gtin is what they stand for here
};

/// The versions a decision was made under.
struct UnderBody {
    std::string policy;
    std::uint64_t main = 0;
    std::uint64_t urgent = 0;
    std::optional<std::int64_t> main_age_s;  ///< since the cloud was last heard on that lane
    std::optional<std::int64_t> urgent_age_s;
    std::string clock;         ///< synced, holdover, unset, or suspect: jumped and not confirmed
    std::string boot;          ///< first digits of the machine's boot id
    std::int64_t mono_ms = 0;  ///< since that boot
    std::optional<Date> site_date;
};

struct EffectBody {
    std::int64_t id = 0;
    std::string kind;     ///< "print" or "divert"
    std::string subject;  ///< SSCC of the carton, or the code that was read
    std::optional<PrintRequest> print;
    std::optional<DivertRequest> divert;
};

/// Stock that was looked at, in the order of the rotation.
struct ConsideredStock {
    std::string lot;
    std::string serial;
    std::string place;
    std::optional<Date> expires_on;
    std::int64_t quantity = 0;
    std::string said;  ///< "taken", "goes first", "next", "promised"
};

/// What was weighed against each other where stock was chosen for a line of an order.
struct ConsideredBody {
    std::int64_t line = 0;
    std::string gtin;
    std::string rotation;  ///< FEFO, FIFO, LIFO; empty: none
    std::string said_by;   ///< line, customer, product, zone, site
    std::optional<Date> delivered_on;
    std::int64_t min_life_days = 0;
    std::vector<ConsideredStock> stock;
};

/// Kind "attempt".
struct AttemptBody {
    std::optional<Instant> at;
    std::string step;
    SeenBody seen;
    WhatBody what;
    UnderBody under;
    std::optional<rules::Authority> overriding;  ///< what was overruled stands with the findings
    rules::Verdict verdict;
    std::vector<rules::Verdict> findings;
    std::string did;
    std::string document;
    std::string progress;
    std::string subject;
    std::vector<Change> changes;
    std::vector<EffectBody> effects;
    std::vector<std::string> mentions;  ///< keys of units, lots, containers, documents, codes
    std::vector<ConsideredBody> considered;
};

/// Kind "feed_applied".
struct FeedBody {
    std::string lane;
    std::uint64_t dseq = 0;
    std::string kind;
    std::string item;  ///< the item's JSON, exactly as it came
    std::string refused =
        {};  ///< the code of what the site's profile forbids: then it is not applied
};

/// Kinds "effect_reported", "case_decided" and "carton_passed".
struct ReportBody {
    std::optional<Instant> at;
    std::int64_t effect = 0;
    std::string state;
    std::string because;
    std::string printer;  ///< a label that goes to another one
    std::int64_t lane = 0;
    std::int64_t case_id = 0;
    std::string decision;
    std::string reason;
    std::optional<rules::Verdict> refusal = {};  ///< of a decision that was not taken
    std::vector<Change> changes;
    std::vector<EffectBody> effects;
    std::vector<std::string> mentions;
};

/// Kind "operation".
struct OperationBody {
    std::optional<Instant> at;
    std::string kind;
    std::vector<std::pair<std::string, std::string>> arguments;
    rules::Authority authority;
    UnderBody under;
    rules::Verdict verdict;
    std::string did;
    std::string document;
    std::string subject;
    std::vector<Change> changes;
    std::vector<EffectBody> effects;
    std::vector<std::string> mentions;
};

[[nodiscard]] std::string to_json(const AttemptBody& body);
[[nodiscard]] std::string to_json(const OperationBody& body);
[[nodiscard]] std::string to_json(const FeedBody& body);
[[nodiscard]] std::string to_json(const ReportBody& body);
[[nodiscard]] std::string to_json(const EffectBody& body);

[[nodiscard]] Result<OperationBody> read_operation_body(std::string_view json);
[[nodiscard]] Result<AttemptBody> read_attempt_body(std::string_view json);
[[nodiscard]] Result<FeedBody> read_feed_body(std::string_view json);
[[nodiscard]] Result<ReportBody> read_report_body(std::string_view json);
[[nodiscard]] Result<EffectBody> read_effect_body(std::string_view json);

[[nodiscard]] bool is_utf8(std::string_view bytes);
/// A JSON string, quotes included; control characters as \u001d.
void append_json_text(std::string& out, std::string_view text);

}  // namespace lotgate::store
