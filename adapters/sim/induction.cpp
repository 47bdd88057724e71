#include "adapters/sim/induction.hpp"

#include <boost/json/value.hpp>

#include <cmath>

namespace lotgate::sim {

double in_milliseconds(Duration duration) {
    constexpr double ns_per_us = 1000.0;
    return std::round(static_cast<double>(duration.count()) / ns_per_us) / 1000.0;
}

Induction::Induction(InductionOrder order, OnStep on_step)
    : order_(std::move(order)), on_step_(std::move(on_step)) {}

Result<std::shared_ptr<Induction>> Induction::begin(Loop& loop,
                                                    InductionOrder order,
                                                    OnStep on_step) {
    const std::shared_ptr<Induction> self(new Induction(std::move(order), std::move(on_step)));
    LG_TRY(self->carton,
           self->order_.plc->induct(
               self->order_.point,
               [self](const Carton& seen, SteadyClock::time_point when) {
                   self->at_point(seen, when);
               },
               [self](const Carton& seen, SteadyClock::time_point) {
                   self->carton = seen;
                   self->is_confirmed = true;
                   self->on_step_(*self);
               }));
    if (self->order_.eye_to_scan == Duration{0}) {
        self->read();
    } else {
        loop.after(self->order_.eye_to_scan, [self] { self->read(); });
    }
    return self;
}

void Induction::read() {
    const bool is_read = order_.data.has_value() && order_.scanner;
    // A no-read is told by the scanner where it has words for it, else by the PLC's flag.
    const bool is_told = !is_read && order_.scanner && order_.scanner->report_no_read();
    order_.plc->close_window(order_.point, carton.sequence, !is_read && !is_told);
    if (!is_read) return;
    sent_at = SteadyClock::now();
    order_.scanner->scan(*order_.data,
                         order_.extras,
                         order_.answer_wait,
                         [self = shared_from_this()](const ScanOutcome& seen) {
                             self->outcome = seen;
                             self->on_step_(*self);
                         });
}

void Induction::at_point(const Carton& seen, SteadyClock::time_point when) {
    is_at_point = true;
    if (seen.is_decided) {
        carton = seen;
        decided_at = when;
    }
    on_step_(*this);
}

json::object Induction::report() const {
    static constexpr std::array results = {
        "none", "diverted", "missed", "lane_full", "timeout_default", "rejected"};
    json::object report;
    report["sequence"] = carton.sequence;
    report["tracking"] = carton.tracking_id;
    report["acked"] = carton.is_decided;
    report["lane_asked"] = carton.is_decided ? json::value(carton.lane_asked) : json::value();
    report["reason"] = carton.is_decided ? json::value(carton.reason) : json::value();
    report["lane"] = is_confirmed ? json::value(carton.lane_taken) : json::value();
    report["result"] = is_confirmed ? json::value(results[static_cast<std::size_t>(carton.result)])
                                    : json::value();
    report["decided_in_ms"] = decided_at && sent_at
                                  ? json::value(in_milliseconds(*decided_at - *sent_at))
                                  : json::value();
    report["answer"] = outcome && outcome->answer ? json::value(*outcome->answer) : json::value();
    report["answered_in_ms"] =
        outcome && outcome->answer ? json::value(in_milliseconds(outcome->took)) : json::value();
    return report;
}

}  // namespace lotgate::sim
