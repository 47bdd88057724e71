#pragma once

// Which date may be trusted (rule R-56). A synchronised clock is believed and remembered together
// with the machine's monotonic clock; a clock that is not synchronised is believed as long as it
// goes on from there. Where it jumped, the time is counted on from the last that was believed.
// Store thread only.

#include "store/model/time.hpp"

#include <optional>
#include <string>

namespace lotgate::store {

class SiteClock {
public:
    SiteClock(Clock& clock, std::string zone) : clock_(&clock), zone_(std::move(zone)) {}

    struct Reading {
        Date site_date;
        std::string quality;          ///< as given, or "suspect"
        bool became_suspect = false;  ///< with this reading
    };

    /// `told` is the date and quality of the caller; `trusted` the last date a synchronised clock
    /// gave, of whatever boot. The answer is never earlier than that.
    [[nodiscard]] Reading judge(Reading told, const std::optional<Date>& trusted);

    /// The time to write down: the wall clock, or what it would be had it not jumped.
    [[nodiscard]] Instant now() const;

    static constexpr std::int64_t jump_us = 600'000'000;  ///< ten minutes

private:
    struct Believed {
        Instant wall;
        std::chrono::nanoseconds monotonic;
    };

    [[nodiscard]] Instant expected() const;
    [[nodiscard]] bool is_far_from(Instant expected) const;

    Clock* clock_;
    std::string zone_;
    std::optional<Believed> believed_;
    bool is_synced_ = true;  ///< as told last
    bool is_suspect_ = false;
};

/// The first eight digits of the machine's boot id, or "".
[[nodiscard]] std::string boot_name();

}  // namespace lotgate::store
