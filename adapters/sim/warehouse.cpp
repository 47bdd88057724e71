#include "adapters/sim/warehouse.hpp"

#include "adapters/sim/fields.hpp"
#include "adapters/sim/mqtt_scanner.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace lotgate::sim {

namespace {

constexpr Range lanes_range{1, 15};
constexpr Range ms_range{0, 3'600'000};
constexpr Range address_range{0, 65535};

std::uint16_t as_word(std::int64_t number) {
    return static_cast<std::uint16_t>(number);
}

Framing read_framing(Fields& fields) {
    Framing framing;
    framing.prefix = fields.text("prefix", framing.prefix);
    framing.suffix = fields.text("suffix", framing.suffix);
    framing.no_read = fields.text("no_read", framing.no_read);
    framing.trigger_on = fields.text("trigger_on", "");
    framing.trigger_off = fields.text("trigger_off", "");
    return framing;
}

BeltConfig read_belt(Fields& fields) {
    BeltConfig belt;
    belt.lanes = as_word(fields.number("lanes", lanes_range, belt.lanes));
    belt.default_lane = as_word(fields.number("default_lane", {1, belt.lanes}, belt.lanes));
    belt.to_decision = std::chrono::milliseconds(fields.number("decision_ms", ms_range, 1000));
    const json::value* lane_ms = fields.raw("lane_ms");
    if (lane_ms && lane_ms->is_array()) {
        belt.to_lane.clear();
        for (const std::int64_t ms : fields.numbers("lane_ms", ms_range))
            belt.to_lane.emplace_back(ms);
        if (belt.to_lane.empty()) belt.to_lane.emplace_back(0);
    } else {
        belt.to_lane = {std::chrono::milliseconds(fields.number("lane_ms", ms_range, 500))};
    }
    belt.confirmation_kept =
        std::chrono::milliseconds(fields.number("confirmation_ms", ms_range, 2000));
    belt.is_high_word_first =
        fields.word("word_order", {"high_first", "low_first"}) == "high_first";
    return belt;
}

bool overlap(std::int64_t one, std::int64_t one_size, std::int64_t other, std::int64_t other_size) {
    return one < other + other_size && other < one + one_size;
}

}  // namespace

Warehouse::Warehouse(Loop& loop, std::string state_dir)
    : loop_(loop), state_dir_(std::move(state_dir)) {}

Warehouse::~Warehouse() {
    for (const auto& device : devices_) device->unplug();
}

std::string Warehouse::placed(const std::string& path) const {
    return path.starts_with('/') || state_dir_.empty() ? path : state_dir_ + "/" + path;
}

Result<> Warehouse::declare(const std::string& text) {
    boost::system::error_code error;
    const json::value file = json::parse(text, error);
    if (error) return fail(FaultCode::invalid_input, fmt::format("not JSON: {}", error.message()));
    const json::object* top = file.if_object();
    const json::value* list = top ? top->if_contains("devices") : nullptr;
    if (!list || !list->is_array())
        return fail(FaultCode::invalid_input,
                    "expected an object with \"devices\": a list of devices");
    std::string problems;
    std::size_t number = 0;
    for (const json::value& item : list->get_array()) {
        ++number;
        if (!item.is_object()) {
            problems += fmt::format("devices[{}]: expected an object\n", number);
            continue;
        }
        auto made = make(item.get_object(), number);
        if (!made) {
            problems += made.error().detail() + "\n";
            continue;
        }
        by_id_[(*made)->id()] = made->get();
        devices_.push_back(std::move(*made));
    }
    if (problems.empty()) return {};
    problems.pop_back();
    return fail(FaultCode::invalid_input, problems);
}

Result<std::unique_ptr<Device>> Warehouse::make(const json::object& item, std::size_t number) {
    Fields header(item, fmt::format("devices[{}]", number));
    const std::string kind = header.text("kind");
    const std::string id = header.text("id");
    Fields fields(item, fmt::format("devices[{}] ({} {})", number, kind, id));
    static_cast<void>(fields.has("kind"));
    static_cast<void>(fields.has("id"));
    if (by_id_.contains(id)) fields.problem("id", "a name that no other device has");
    if (id.empty() || id.find_first_of("/ \t\n") != std::string::npos)
        fields.problem("id", "a name without spaces and slashes");

    std::unique_ptr<Device> device;
    if (kind.starts_with("scanner_")) device = make_scanner(kind, id, fields);
    if (kind == "printer_zpl" || kind == "printer_tspl") device = make_printer(kind, id, fields);
    if (kind == "plc_divert") device = make_plc(id, fields);
    if (kind == "link") device = make_link(id, fields);
    if (!device) {
        return fail(FaultCode::invalid_input,
                    fmt::format("devices[{}]: \"kind\": expected one of scanner_pty, "
                                "scanner_tcp_listen, scanner_tcp_dial, scanner_mqtt, printer_zpl, "
                                "printer_tspl, plc_divert, link, found \"{}\"",
                                number,
                                kind));
    }
    LG_CHECK(fields.finish());
    return device;
}

std::unique_ptr<Device> Warehouse::make_scanner(const std::string& kind,
                                                const std::string& id,
                                                Fields& fields) {
    if (kind == "scanner_mqtt") {
        MqttScannerConfig config;
        config.host = fields.text("host", "127.0.0.1");
        config.port = fields.port("port");
        config.topic = fields.text("topic");
        config.ack_topic = fields.text("ack_topic");
        config.step = fields.text("step", "");
        config.badge = fields.text("badge", "");
        config.no_read = fields.text("no_read", "");
        return std::make_unique<MqttScanner>(loop_, id, std::move(config));
    }
    const Framing framing = read_framing(fields);
    if (kind == "scanner_pty")
        return std::make_unique<PtyScanner>(loop_, id, framing, placed(fields.text("link")));
    if (kind == "scanner_tcp_listen")
        return std::make_unique<TcpListenScanner>(loop_, id, framing, fields.port("port"));
    if (kind == "scanner_tcp_dial") {
        TcpDialScanner::Target target;
        target.host = fields.text("host", "127.0.0.1");
        target.port = fields.port("port");
        return std::make_unique<TcpDialScanner>(loop_, id, framing, target);
    }
    return nullptr;
}

std::unique_ptr<Device> Warehouse::make_printer(const std::string& kind,
                                                const std::string& id,
                                                Fields& fields) {
    PrinterConfig config;
    config.speaks_tspl = kind == "printer_tspl";
    config.port = fields.port("port");
    config.labels_dir = placed(fields.text("labels_dir"));
    config.per_label = std::chrono::milliseconds(fields.number("ms_per_label", ms_range, 150));
    config.dots_per_mm = static_cast<unsigned>(fields.number("dpmm", {6, 24}, 8));
    config.buffer_formats =
        static_cast<unsigned>(fields.number("buffer_formats", {1, 100'000}, 1000));
    config.is_single_client = fields.flag("single_client", true);
    return std::make_unique<LabelPrinter>(loop_, id, std::move(config));
}

std::unique_ptr<Device> Warehouse::make_plc(const std::string& id, Fields& fields) {
    PlcConfig config;
    config.port = fields.port("port");
    config.unit = static_cast<std::uint8_t>(fields.number("unit", {1, 247}, 1));
    config.points = as_word(fields.number("points", {1, 100}, 1));
    config.status_base = as_word(fields.number("status_base", address_range, 0));
    config.status_stride =
        as_word(fields.number("status_stride", {static_cast<int>(status_words), 1000}, 16));
    config.decision_base =
        as_word(fields.number("decision_base", address_range, config.points > 6 ? 5000 : 100));
    config.decision_stride =
        as_word(fields.number("decision_stride", {static_cast<int>(decision_words), 1000}, 16));
    config.coils = as_word(fields.number("coils", {0, 2000}, 64));
    config.heartbeat = std::chrono::milliseconds(fields.number("heartbeat_ms", {10, 60'000}, 500));
    config.gateway_stale =
        std::chrono::milliseconds(fields.number("gateway_stale_ms", {10, 600'000}, 2000));
    config.is_heartbeat_required = fields.flag("heartbeat_required", true);
    config.belt = read_belt(fields);
    if (overlap(config.status_base,
                std::int64_t{config.status_stride} * config.points,
                config.decision_base,
                std::int64_t{config.decision_stride} * config.points))
        fields.problem("decision_base", "an address outside the status blocks");
    return std::make_unique<DivertPlc>(loop_, id, std::move(config));
}

std::unique_ptr<Device> Warehouse::make_link(const std::string& id, Fields& fields) {
    LinkConfig config;
    config.listen = fields.port("listen");
    config.host = fields.text("host", "127.0.0.1");
    config.port = fields.port("port");
    return std::make_unique<LinkProxy>(loop_, id, std::move(config));
}

Result<> Warehouse::open() {
    for (const auto& device : devices_) LG_CHECK(device->open());
    return {};
}

Device* Warehouse::device(const std::string& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second;
}

Scanner* Warehouse::scanner(const std::string& id) const {
    return dynamic_cast<Scanner*>(device(id));
}

LineScanner* Warehouse::line_scanner(const std::string& id) const {
    return dynamic_cast<LineScanner*>(device(id));
}

LabelPrinter* Warehouse::printer(const std::string& id) const {
    return dynamic_cast<LabelPrinter*>(device(id));
}

DivertPlc* Warehouse::plc(const std::string& id) const {
    return dynamic_cast<DivertPlc*>(device(id));
}

LinkProxy* Warehouse::link(const std::string& id) const {
    return dynamic_cast<LinkProxy*>(device(id));
}

std::vector<std::string> Warehouse::ids() const {
    std::vector<std::string> all;
    for (const auto& device : devices_) all.push_back(device->id());
    return all;
}

json::object Warehouse::report() const {
    json::object all;
    for (const auto& device : devices_) all[device->id()] = device->report();
    return all;
}

}  // namespace lotgate::sim
