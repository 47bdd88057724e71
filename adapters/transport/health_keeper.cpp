#include "adapters/transport/health_keeper.hpp"

#include <utility>

namespace lotgate::adapters {

namespace {

constexpr std::int64_t repeat_after_us = 600'000'000;  // ten minutes

LogLevel level_of(HealthState state) {
    switch (state) {
        case HealthState::starting:
        case HealthState::ready:
            return LogLevel::info;
        case HealthState::degraded:
        case HealthState::retrying:
            return LogLevel::warning;
        case HealthState::failed:
            return LogLevel::error;
    }
    return LogLevel::error;
}

}  // namespace

HealthKeeper::HealthKeeper(const Clock& clock, LogLine log) : clock_(clock), log_(std::move(log)) {
    health_.since = clock_.now();
    logged_ = health_.since;
}

void HealthKeeper::set(HealthState state, std::string because) {
    const Instant now = clock_.now();
    const bool is_same = state == health_.state && because == health_.because;
    if (is_same) ++repeated_;
    if (is_same && now.us - logged_.us < repeat_after_us) return;
    std::string line(name_of(state));
    if (!because.empty()) line += ": " + because;
    if (is_same) {
        if (state == HealthState::ready || state == HealthState::starting) return;
        line += " (still, " + std::to_string(repeated_) + " times)";
    } else if (state == HealthState::ready && health_.state != HealthState::starting) {
        const std::int64_t away_s = (now.us - health_.since.us) / 1'000'000;
        line += " again after " + std::to_string(away_s) + " s";
    }
    if (state != health_.state) health_.since = now;
    if (!is_same) repeated_ = 0;
    health_.state = state;
    health_.because = std::move(because);
    logged_ = now;
    if (log_) log_(level_of(state), line);
}

void HealthKeeper::useful() {
    health_.last_useful = clock_.now();
}

}  // namespace lotgate::adapters
