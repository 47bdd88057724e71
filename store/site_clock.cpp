#include "store/site_clock.hpp"

#include <algorithm>
#include <fstream>

namespace lotgate::store {

Instant SiteClock::expected() const {
    const auto passed = std::chrono::duration_cast<std::chrono::microseconds>(clock_->monotonic() -
                                                                              believed_->monotonic);
    return Instant{believed_->wall.us + passed.count()};
}

bool SiteClock::is_far_from(Instant expected) const {
    const Instant now = clock_->now();
    return now.us > expected.us + jump_us || now.us < expected.us - jump_us;
}

Instant SiteClock::now() const {
    if (!believed_ || is_synced_) return clock_->now();
    const Instant counted_on = expected();
    return is_far_from(counted_on) ? counted_on : clock_->now();
}

SiteClock::Reading SiteClock::judge(Reading told, const std::optional<Date>& trusted) {
    is_synced_ = told.quality == "synced";
    bool is_suspect = false;
    if (is_synced_) {
        believed_ = Believed{clock_->now(), clock_->monotonic()};
    } else if (believed_) {
        is_suspect = is_far_from(expected());
        if (is_suspect) told.site_date = lotgate::site_date(expected(), zone_);
    } else if (told.quality == "unset" && trusted) {
        // After a start without a time server any date may stand there, also a later one.
        told.site_date = *trusted;
    }
    if (is_suspect) told.quality = "suspect";
    told.became_suspect = is_suspect && !is_suspect_;
    is_suspect_ = is_suspect;
    if (trusted) told.site_date = std::max(told.site_date, *trusted);
    return told;
}

std::string boot_name() {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    file >> id;
    return id.substr(0, 8);
}

}  // namespace lotgate::store
