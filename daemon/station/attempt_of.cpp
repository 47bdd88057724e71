#include "daemon/station/attempt_of.hpp"

#include "daemon/station/label_read.hpp"

#include <utility>

namespace lotgate::site {

namespace {

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
    attempt.ship_date = moment.ship_date;
    attempt.policy = station.policy;
    if (scan.is_no_read) {
        attempt.observation.raw = scan.bytes;
    } else {
        LabelRead read = read_label(scan, moment.site_date, dictionary);
        attempt.observation = std::move(read.seen);
        attempt.what = std::move(read.what);
    }
    attempt.observation.capture = scan.capture;
    attempt.observation.device = scan.device.text();
    attempt.observation.read_at = scan.received;
    attempt.observation.age_ms = scan.age.count();
    attempt.observation.is_no_read = scan.is_no_read;
    return attempt;
}

}  // namespace lotgate::site
