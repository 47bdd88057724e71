#include "daemon/site_devices.hpp"

#include "adapters/transport/flight_recorder.hpp"
#include "daemon/api/request.hpp"
#include "daemon/api/to_json.hpp"
#include "daemon/discover.hpp"
#include "daemon/site_parts.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <utility>

namespace lotgate::site {

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::microseconds traced_for = 10min;
constexpr std::size_t recorded_max = 100;    // records of one recording
constexpr std::size_t hex_bytes_max = 4096;  // of one record
constexpr std::uint16_t printer_port = 9100;

std::string hex_of(std::string_view bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char letter : bytes.substr(0, hex_bytes_max)) {
        const auto byte = static_cast<unsigned char>(letter);
        if (!text.empty()) text.push_back(' ');
        text.push_back(digits[byte >> 4U]);
        text.push_back(digits[byte & 0x0FU]);
    }
    return text;
}

std::vector<adapters::WireRecord> records_of(const adapters::Adapter& adapter, std::size_t count) {
    const auto* const recorded = dynamic_cast<const adapters::Recorded*>(&adapter);
    if (recorded == nullptr) return {};
    return recorded->recorder().records(count);
}

json::array frames_of(const std::vector<adapters::WireRecord>& records) {
    json::array out;
    for (const adapters::WireRecord& record : records) {
        json::object frame;
        frame["at"] = to_string(record.at);
        frame["way"] = adapters::name_of(record.way);
        frame["text"] = adapters::escaped(record.bytes);
        const bool is_of_wire = record.way != adapters::WireWay::event;
        if (is_of_wire) frame["hex"] = hex_of(record.bytes);
        out.emplace_back(std::move(frame));
    }
    return out;
}

json::value unit_of(const RunningDevice& device, const AcceptedUnits& accepted) {
    const auto* const unit = dynamic_cast<const adapters::Replaceable*>(device.adapter.get());
    if (unit == nullptr) return nullptr;
    json::object out;
    out["declared"] = unit->declared_unit();
    const auto instead = accepted.instead_of(device.declaration.id.text(), unit->declared_unit());
    out["accepted"] = instead ? json::value(*instead) : json::value(nullptr);
    const auto other = unit->other_unit();
    out["other"] = other ? json::value(*other) : json::value(nullptr);
    return out;
}

std::string said(std::string_view device, std::string_view sentence) {
    json::object out;
    out["device"] = device;
    out["told"] = sentence;
    return json::serialize(out);
}

/// As text that any ledger may hold.
std::string escaped_code(const std::string& bytes) {
    return adapters::escaped(bytes.substr(0, 120));
}

using Arguments = std::vector<std::pair<std::string, std::string>>;

api::OperationCall operation_of(std::string kind, api::DeviceWord word, Arguments arguments) {
    api::OperationCall call(std::move(kind));
    call.badge = std::move(word.badge);
    call.pin = std::move(word.pin);
    call.second_badge = std::move(word.second_badge);
    call.second_pin = std::move(word.second_pin);
    call.reason = word.reason.empty() ? call.kind : std::move(word.reason);
    call.arguments = std::move(arguments);
    return call;
}

}  // namespace

api::DeviceView view_of(const RunningDevice& device) {
    api::DeviceView view;
    view.id = device.declaration.id.text();
    view.kind = device.declaration.kind;
    view.place = device.declaration.at;
    view.health = device.adapter->health();
    view.counters = device.adapter->counters();
    view.describes = device.adapter->describe();
    if (const auto* gauged = dynamic_cast<const adapters::Gauged*>(device.adapter.get()))
        view.gauges = gauged->gauges();
    if (const auto* printer = dynamic_cast<const adapters::Printer*>(device.adapter.get()))
        view.waiting = printer->waiting();
    return view;
}

SiteDevices::SiteDevices(SiteParts& parts, StationOf station_of, Operate operate)
    : parts_(parts), station_of_(std::move(station_of)), operate_(std::move(operate)) {}

Result<RunningDevice*> SiteDevices::named(const std::string& device) const {
    for (const auto& running : parts_.devices->devices()) {
        if (running != nullptr && running->declaration.id.text() == device) return running.get();
    }
    return fail(FaultCode::invalid_input, "there is no device of that name", device);
}

Result<std::string> SiteDevices::show(const std::string& device, std::size_t frames) const {
    LG_TRY(const RunningDevice* const running, named(device));
    json::object rest;
    rest["now"] = to_string(parts_.clock->now());
    rest["unit"] = unit_of(*running, parts_.accepted);
    rest["frames"] = frames_of(records_of(*running->adapter, frames));
    const auto* const recorded = dynamic_cast<const adapters::Recorded*>(running->adapter.get());
    rest["is_traced"] = recorded != nullptr && recorded->recorder().is_traced(parts_.clock->now());
    const auto station = parts_.station_of_scanner.find(device);
    rest["station"] = station == parts_.station_of_scanner.end() ? "" : station->second;
    const std::string list = api::to_json(std::vector<api::DeviceView>{view_of(*running)});
    return api::with_member("device", list.substr(1, list.size() - 2), json::serialize(rest));
}

asio::awaitable<Result<api::DecisionView>> SiteDevices::inject(api::InjectCall call) {
    if (!parts_.startup.config.allows_inject) {
        co_return fail(FaultCode::closed,
                       "this site does not take simulated scans: allow_inject in [site] is false");
    }
    const auto running = named(call.device);
    if (!running) co_return fail(running.error());
    Station* const station = station_of_(call.device);
    if (station == nullptr) {
        co_return fail(FaultCode::conflict,
                       "that device reads for no station: name it in `scanners` of one");
    }
    Arguments arguments{{"device", call.device}};
    if (!call.bytes.empty()) arguments.emplace_back("code", escaped_code(call.bytes));
    const std::string badge = call.word.badge;
    auto asked = operation_of("simulate_scan", std::move(call.word), std::move(arguments));
    // Sent again, it is the same word about the same scan.
    if (!call.request_id.empty()) asked.request_id = call.request_id + "-word";
    auto allowed = co_await operate_(std::move(asked));
    if (!allowed || allowed->light == adapters::Light::bad) co_return allowed;
    const auto still = named(call.device);
    if (!still) co_return fail(still.error());
    adapters::Scan scan((*still)->declaration.id, std::move(call.bytes), parts_.clock->now());
    scan.is_no_read = scan.bytes.empty();
    scan.is_simulated = true;
    scan.badge = badge;
    scan.message_id = std::move(call.request_id);
    spdlog::warn("{}: a simulated scan is given in by {}", call.device, badge);
    Station* const at = station_of_(call.device);
    if (at == nullptr) co_return fail(FaultCode::conflict, "that device reads for no station now");
    co_return co_await at->scan(std::move(scan));
}

asio::awaitable<Result<std::string>> SiteDevices::replace(std::string device,
                                                          api::DeviceWord word) {
    LG_CO_TRY(const RunningDevice* const running, named(device));
    const auto* const bound = dynamic_cast<const adapters::Replaceable*>(running->adapter.get());
    if (bound == nullptr) {
        co_return fail(FaultCode::conflict,
                       "that kind of device is found by its address, not by its unit: give the "
                       "new one the same address");
    }
    const std::string declared = bound->declared_unit();
    const auto other = bound->other_unit();
    if (!other) {
        co_return fail(FaultCode::conflict,
                       fmt::format("no single other unit of its model is plugged in instead of {}: "
                                   "plug the new one in (`lotgate devices discover` lists what is)",
                                   declared));
    }
    const std::string badge = word.badge;
    Arguments arguments{{"device", device}, {"unit", *other}, {"declared", declared}};
    auto asked = operation_of("replace_device", std::move(word), std::move(arguments));
    const auto allowed = co_await operate_(std::move(asked));
    if (!allowed) co_return fail(allowed.error());
    if (allowed->light == adapters::Light::bad) co_return fail(FaultCode::closed, allowed->told);
    AcceptedUnit unit{declared, *other, badge, to_string(parts_.clock->now())};
    LG_CO_CHECK(parts_.accepted.accept(device, std::move(unit)));
    spdlog::warn("{}: {} takes the place of {}, accepted by {}", device, *other, declared, badge);
    parts_.devices->restart(device);
    co_return said(device,
                   fmt::format("{} takes the place of {} from now on. Write it into the "
                               "configuration when you next edit it.",
                               *other,
                               declared));
}

Result<std::string> SiteDevices::trace_wire(const std::string& device, bool is_on) {
    LG_TRY(const RunningDevice* const running, named(device));
    const auto* const recorded = dynamic_cast<const adapters::Recorded*>(running->adapter.get());
    if (recorded == nullptr) {
        return fail(FaultCode::conflict, "the wire of that kind of device is not recorded");
    }
    if (!is_on) {
        recorded->recorder().trace(Instant{}, {});
        return said(device, "Its wire is not written to the log any more.");
    }
    const Instant until{parts_.clock->now().us + traced_for.count()};
    recorded->recorder().trace(
        until, [device](const std::string& line) { spdlog::info("{}: wire {}", device, line); });
    spdlog::info("{}: its wire is written here until {}", device, to_string(until));
    return said(device, "Its wire is written to the log for ten minutes: journalctl -u lotgate -f");
}

Result<std::string> SiteDevices::trigger(const std::string& device) {
    LG_TRY(const RunningDevice* const running, named(device));
    auto* const scanner = dynamic_cast<adapters::Triggered*>(running->adapter.get());
    if (scanner == nullptr) return fail(FaultCode::conflict, "that device is not triggered");
    scanner->object_here();
    return said(device, "An object was announced to it.");
}

asio::awaitable<Result<std::string>> SiteDevices::discover(std::string range) {
    std::vector<asio::ip::address_v4> addresses;
    if (!range.empty()) {
        auto wanted = addresses_of(range);
        if (!wanted) co_return fail(wanted.error());
        addresses = std::move(*wanted);
    }
    json::object out;
    json::array ports;
    for (const FoundPort& found : serial_ports()) {
        json::object port;
        port["port"] = found.port;
        port["tty"] = found.tty;
        port["usb"] = found.identity;
        ports.emplace_back(std::move(port));
    }
    out["serial"] = std::move(ports);
    out["asked"] = addresses.size();
    json::array printers;
    const auto answering = co_await answering_on(std::move(addresses), printer_port);
    for (const std::string& address : answering) printers.emplace_back(address);
    out["port_9100"] = std::move(printers);
    co_return json::serialize(out);
}

Result<std::string> SiteDevices::recording(std::uint64_t seq) const {
    return parts_.recordings->read(seq);
}

void SiteDevices::keep_recording(const std::string& device, const api::DecisionView& view) {
    if (view.light != adapters::Light::bad || view.seq == 0 || view.is_replay) return;
    const auto running = named(device);
    if (!running) return;
    auto records = records_of(*(*running)->adapter, recorded_max);
    if (records.empty()) return;
    // To put a hundred records into words takes as long as to decide several scans: not here.
    (void)parts_.recordings->keep(
        view.seq, [seq = view.seq, device, code = view.code, records = std::move(records)] {
            json::object out;
            out["seq"] = seq;
            out["device"] = device;
            out["code"] = code;
            out["frames"] = frames_of(records);
            return json::serialize(out);
        });
}

}  // namespace lotgate::site
