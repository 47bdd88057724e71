#pragma once

// A carton that passes a photo-eye and is then read, or not: what both the `induct` request and a
// paired load are made of.

#include "adapters/sim/plc.hpp"
#include "adapters/sim/scanner.hpp"

#include <memory>
#include <optional>
#include <string>

namespace lotgate::sim {

struct InductionOrder {
    DivertPlc* plc = nullptr;
    std::uint16_t point = 0;
    Scanner* scanner = nullptr;       ///< nullptr: only the PLC knows of the carton
    std::optional<std::string> data;  ///< nothing: a no-read
    ScanExtras extras;
    Duration eye_to_scan{0};
    Duration answer_wait{std::chrono::seconds(5)};
};

class Induction : public std::enable_shared_from_this<Induction> {
public:
    /// Called after each step, from the loop.
    using OnStep = std::function<void(const Induction&)>;

    /// Fault unavailable when the belt stands.
    static Result<std::shared_ptr<Induction>> begin(Loop& loop,
                                                    InductionOrder order,
                                                    OnStep on_step);

    Carton carton;                                   ///< as it passed the eye; later as confirmed
    std::optional<SteadyClock::time_point> sent_at;  ///< of the scan's bytes, where there were any
    std::optional<ScanOutcome> outcome;
    std::optional<SteadyClock::time_point> decided_at;  ///< W5 written in time
    bool is_at_point = false;                           ///< decided, or on the default lane
    bool is_confirmed = false;

    [[nodiscard]] json::object report() const;

private:
    Induction(InductionOrder order, OnStep on_step);

    void read();
    void at_point(const Carton& seen, SteadyClock::time_point when);

    const InductionOrder order_;
    const OnStep on_step_;
};

/// A latency for people: milliseconds with three digits behind the point.
[[nodiscard]] double in_milliseconds(Duration duration);

}  // namespace lotgate::sim
