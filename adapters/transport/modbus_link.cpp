#include "adapters/transport/modbus_link.hpp"

#include <fmt/format.h>

namespace lotgate::adapters {

namespace {

using std::chrono::milliseconds;

FaultCode code_of(std::uint8_t exception) {
    if (exception <= 3) return FaultCode::invalid_input;
    const bool asks_for_time = exception == 5 || exception == 6;
    return asks_for_time ? FaultCode::full : FaultCode::unavailable;
}

}  // namespace

ModbusLink::ModbusLink(const ModbusBusConfig& config)
    : config_(config),
      backoff_(machine_random(),
               Backoff::Limits{milliseconds(50), milliseconds(250), config_.back_off_max}),
      wire_(config_) {}

Result<ModbusAnswer> ModbusLink::serve(const ModbusRequest& request, Steady::time_point by) {
    was_exception_ = was_sent_ = false;
    const auto now = Steady::now();
    if (by <= now)
        return fail(FaultCode::timed_out, "waited too long behind other requests on its bus");
    auto& unit = units_[request.unit];
    if (unit.silent >= config_.silent_max && now < unit.ask_again)
        return fail(FaultCode::unavailable,
                    fmt::format("unit {} did not answer {} times in a row and is left alone "
                                "for a moment: is it powered?",
                                request.unit,
                                unit.silent));
    if (wire_.is_open() && !wire_.is_quiet())
        drop_link("the PLC closed the connection, or sent what nobody asked for");
    if (request.link && (!wire_.is_open() || *request.link != link_))
        return fail(FaultCode::closed, "the link was made anew since this was decided");
    const bool was_idle = wire_.is_open();
    LG_CHECK(ensure_open());
    auto result = attempt(request, by);
    // A PLC that drops idle links is only noticed by the next request; reads may be repeated.
    const bool may_repeat = !result && !was_exception_ && !request.is_write() && was_idle &&
                            result.error().code() == FaultCode::unavailable;
    if (!may_repeat) return result;
    LG_CHECK(ensure_open());
    return attempt(request, by);
}

Result<ModbusAnswer> ModbusLink::attempt(const ModbusRequest& request, Steady::time_point by) {
    was_sent_ = true;
    auto pdu = wire_.exchange(request, by);
    quiet_until_ = Steady::now() + config_.gap;
    if (!pdu) return broken(request, std::move(pdu).error());
    const auto exception = exception_of(*pdu);
    if (exception != 0) return refused_by_plc(request, exception);
    auto values = decode(request, *pdu);
    if (!values) return broken(request, std::move(values).error());
    units_[request.unit].silent = 0;
    useful();
    return ModbusAnswer(std::move(*values), link_);
}

Result<ModbusAnswer> ModbusLink::broken(const ModbusRequest& request, Fault fault) {
    if (fault.code() == FaultCode::timed_out) note_silence(request.unit);
    drop_link(fault.detail());
    return fail(std::move(fault));
}

Result<ModbusAnswer> ModbusLink::refused_by_plc(const ModbusRequest& request,
                                                std::uint8_t exception) {
    was_exception_ = true;
    const bool is_gateway = exception == 10 || exception == 11;
    if (is_gateway)
        note_silence(request.unit);
    else
        units_[request.unit].silent = 0;
    useful();
    return fail(code_of(exception),
                fmt::format("unit {} answered {}", request.unit, exception_text(exception)));
}

void ModbusLink::note_silence(std::uint8_t number) {
    auto& unit = units_[number];
    ++unit.silent;
    unit.ask_again = Steady::now() + config_.leave_alone;
}

void ModbusLink::useful() {
    backoff_.reset();
    is_useless_ = false;
}

// The first failure after useful work is mended at once: a lost second is a lost carton.
void ModbusLink::drop_link(std::string because) {
    wire_.close();
    last_cause_ = std::move(because);
    open_again_ = is_useless_ ? Steady::now() + backoff_.next() : Steady::now();
    is_useless_ = true;
}

Result<> ModbusLink::ensure_open() {
    if (wire_.is_open()) return {};
    const auto now = Steady::now();
    if (now < open_again_) return fail(FaultCode::unavailable, last_cause_);
    auto opened = wire_.open();
    if (!opened) {
        last_cause_ = opened.error().detail();
        is_useless_ = true;
        open_again_ = Steady::now() + backoff_.next();
        return opened;
    }
    ++link_;
    return {};
}

}  // namespace lotgate::adapters
