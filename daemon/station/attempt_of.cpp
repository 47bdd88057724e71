#include "daemon/station/attempt_of.hpp"

#include "adapters/barcode/decode.hpp"
#include "adapters/barcode/identity.hpp"

#include <fmt/format.h>

namespace lotgate::site {

namespace {

rules::ScannedIdentity scanned_identity(const barcode::Identity& identity) {
    rules::ScannedIdentity what;
    what.gtin = identity.gtin ? identity.gtin : identity.content_gtin;
    what.serial = identity.serial;
    what.lot = identity.lot;
    if (identity.expiry) what.expires_on = identity.expiry->date;
    if (identity.best_before) what.best_before = identity.best_before->date;
    if (identity.sell_by) what.sell_by = identity.sell_by->date;
    if (identity.produced) what.produced_on = identity.produced->date;
    if (identity.packed) what.packed_on = identity.packed->date;
    what.expiry_day_zero = identity.expiry && identity.expiry->day_zero;
    if (identity.expiry && identity.expiry->minutes_of_day) {
        const int minutes = *identity.expiry->minutes_of_day;
        what.expires_at = fmt::format(
            "{}T{:02}:{:02}", to_string(identity.expiry->date), minutes / 60, minutes % 60);
    }
    for (const barcode::NamedQuantity& one : identity.quantities)
        if (one.ai.size() == 4 && one.ai.starts_with("310"))
            what.weight = rules::Measure{one.quantity.units, one.quantity.scale};
    what.sscc = identity.sscc;
    what.quantity = identity.count;
    what.plain = identity.plain;
    return what;
}

rules::Step step_for(const adapters::Scan& scan, const config::StationConfig& station) {
    if (scan.step.empty()) return station.step;
    return rules::step_named(scan.step).value_or(station.step);
}

}  // namespace

rules::Attempt attempt_of(const adapters::Scan& scan,
                          const config::StationConfig& station,
                          const Moment& moment,
                          std::string request_id,
                          const barcode::Dictionary* dictionary) {
    rules::Attempt attempt;
    attempt.request_id = std::move(request_id);
    attempt.step = step_for(scan, station);
    attempt.station = station.id;
    attempt.actor = scan.badge.empty() ? "device:" + scan.device.text() : scan.badge;
    if (scan.is_simulated) attempt.actor = "simulated:" + attempt.actor;
    attempt.at = moment.now;
    attempt.site_date = moment.site_date;
    attempt.clock_quality = moment.clock_quality;
    attempt.policy = station.policy;
    attempt.observation.device = scan.device.text();
    attempt.observation.raw = scan.bytes;
    attempt.observation.read_at = scan.received;
    attempt.observation.age_ms = scan.age.count();
    attempt.observation.is_no_read = scan.is_no_read;
    if (scan.is_no_read) return attempt;
    if (scan.codes.size() > 1) {
        attempt.observation.parse_error = "several_codes";
        attempt.observation.parse_told =
            "Several different codes were read at once: show one label, or cover the others.";
        return attempt;
    }

    // Lots and serials are taken from what was read, never guessed: an ambiguous reading is
    // refused by name (barcodes page 1.5).
    barcode::DecodeOptions options;
    options.capture = true;
    options.dictionary = dictionary;
    const barcode::Decoded decoded = barcode::decode(scan.bytes, options);
    attempt.observation.aim = std::string(decoded.aim());
    if (!decoded.ok()) {
        attempt.observation.parse_error = std::string(barcode::name_of(decoded.error().error));
        attempt.observation.parse_told = barcode::explain(decoded, decoded.error());
        return attempt;
    }
    attempt.what = scanned_identity(barcode::identify(decoded, moment.site_date));
    if (const auto gln = decoded.find("414")) attempt.what.gln = std::string(*gln);
    return attempt;
}

}  // namespace lotgate::site
