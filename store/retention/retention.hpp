#pragma once

// How long a record must be kept, by the laws its goods stand under and by the site's settings.
// The longest that applies wins, and the answer says which one that was. Pure: no database, no
// clock. What else keeps a record (holds, cases, the cloud) is in archive_guard.hpp.

#include "store/model/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::store {

/// What a row of the ledger is, for how long it is kept.
enum class RecordKind {
    decision,       ///< of a scan, an operation or a case
    announcement,   ///< what the cloud sent: master data, documents, holds
    device_report,  ///< what became of a label or a divert
};

/// By the ledger's word for it; what is unknown is a decision.
[[nodiscard]] RecordKind record_kind_of(std::string_view ledger_kind);

/// [retention] of the configuration. A law's days count from the record where nothing else is
/// said; the defaults are the law's years and a day.
struct RetentionSettings {
    std::int64_t keep_days = 2557;                 ///< every decision and announcement: seven years
    std::int64_t device_report_days = 2557;        ///< every device report
    std::int64_t fsma204_days = 731;               ///< 21 CFR 1.1455: two years
    std::int64_t dscsa_days = 2192;                ///< FD&C 582: six years
    std::int64_t part111_after_expiry_days = 366;  ///< 21 CFR 111.605: from the shelf-life date
    std::int64_t part111_after_leaving_days = 731;  ///< the same, where there is no such date
    std::int64_t iatf_days = 5479;  ///< service life and production: fifteen years, unless known
    std::map<std::string, std::int64_t> by_product;  ///< GTIN -> days
    std::map<std::string, std::int64_t> by_owner;    ///< owner of the product -> days
};

/// What a record says of one product.
struct KeptGoods {
    std::string gtin;
    std::string regimes;  ///< space-separated: rx dscsa fsma204 udi 111 iatf
    std::string owner;
    std::optional<Date> expires_on;  ///< the latest of the lots and units it names
    std::optional<Date> moved_on;    ///< when those were last named: they left no later
};

struct Keep {
    Date until;           ///< the last day on which the record must be there
    std::string because;  ///< the law or the setting that gave it
};

[[nodiscard]] Keep keep_until(const RetentionSettings& settings,
                              RecordKind kind,
                              Date recorded,
                              const std::vector<KeptGoods>& goods);

}  // namespace lotgate::store
