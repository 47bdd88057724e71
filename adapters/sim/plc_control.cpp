// The PLC's switches and its report.

#include "adapters/sim/fields.hpp"
#include "adapters/sim/plc.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <string>

namespace lotgate::sim {

namespace {

constexpr std::array<std::string_view, 6> result_names = {
    "none", "diverted", "missed", "lane_full", "timeout_default", "rejected"};

json::array words_of(const std::uint16_t* words, std::size_t count) {
    json::array all;
    for (std::size_t at = 0; at < count; ++at) all.push_back(words[at]);
    return all;
}

json::object counts_of(const Belt& belt) {
    const BeltCounts& counts = belt.counts();
    json::object all;
    all["inducted"] = counts.inducted;
    all["on_belt"] = belt.cartons_on_belt();
    all["decisions_written"] = counts.decisions_written;
    all["decisions_accepted"] = counts.decisions_accepted;
    all["decisions_late"] = counts.decisions_late;
    all["decisions_unknown"] = counts.decisions_unknown;
    all["decisions_stale"] = counts.decisions_stale;
    all["decisions_mismatch"] = counts.decisions_mismatch;
    all["decisions_changed"] = counts.decisions_changed;
    for (std::size_t result = 1; result < result_names.size(); ++result)
        all[result_names[result]] = counts.results[result];
    all["confirmations_unread"] = counts.confirmations_unread;
    all["cartons_lost"] = counts.cartons_lost;
    return all;
}

}  // namespace

Result<> DivertPlc::set_quirk(Fields& request) {
    using Setter = Result<> (DivertPlc::*)(const std::string& name, Fields& request);
    static const std::map<std::string_view, Setter> setters = {
        {"single_client", &DivertPlc::set_clients},
        {"reset", &DivertPlc::set_clients},
        {"restart", &DivertPlc::set_clients},
        {"stop_heartbeat", &DivertPlc::set_running},
        {"state", &DivertPlc::set_running},
        {"lane_full", &DivertPlc::set_lane},
        {"jam", &DivertPlc::set_lane},
        {"missed", &DivertPlc::set_missed},
        {"next_sequence", &DivertPlc::set_sequence},
    };
    std::vector<std::string_view> known = ModbusServer::quirk_names();
    for (const auto& [name, setter] : setters) known.push_back(name);
    if (!request.has("quirk")) request.problem("quirk", "the name of a quirk");
    const std::string name = request.word("quirk", known);
    const auto found = setters.find(name);
    return found == setters.end() ? set_server_quirk(name, request)
                                  : (this->*found->second)(name, request);
}

Result<> DivertPlc::set_server_quirk(const std::string& name, Fields& request) {
    struct Measure {
        std::string_view key;
        Range range;
        std::int64_t otherwise;
    };

    static const std::map<std::string_view, Measure> measures = {
        {"late", {"ms", {1, 600'000}, 800}},
        {"dribble", {"ms", {1, 60'000}, 50}},
        {"extra_bytes", {"bytes", {1, 1000}, 1}},
        {"reset_mid_answer", {"bytes", {0, 260}, 5}},
        {"exception", {"code", {1, 127}, 4}},
    };
    Quirk quirk;
    quirk.is_on = request.flag("on", true);
    if (const auto found = measures.find(name); found != measures.end()) {
        const Measure& measure = found->second;
        quirk.value = request.number(measure.key, measure.range, measure.otherwise);
    }
    if (request.has("answers"))
        quirk.left = static_cast<std::uint64_t>(request.number("answers", {1, 1'000'000'000}));
    LG_CHECK(request.finish());
    server_.set_quirk(name, quirk);
    return {};
}

Result<> DivertPlc::set_clients(const std::string& name, Fields& request) {
    const bool on = request.flag("on", true);
    LG_CHECK(request.finish());
    if (name == "single_client") server_.set_single_client(on);
    if (name == "reset") server_.drop_clients();
    if (name == "restart") restart();
    return {};
}

Result<> DivertPlc::set_running(const std::string& name, Fields& request) {
    static const std::map<std::string_view, RunState> states = {
        {"run", RunState::run},
        {"stop", RunState::stop},
        {"estop", RunState::emergency_stop},
        {"fault", RunState::fault},
    };
    const bool on = request.flag("on", true);
    const std::string state = request.word("state", {"run", "stop", "estop", "fault"});
    LG_CHECK(request.finish());
    if (name == "state") {
        set_state(states.at(state));
    } else {
        is_heartbeat_stopped_ = on;
    }
    return {};
}

std::vector<Belt*> DivertPlc::belts_of(Fields& request) {
    const bool is_one = request.has("point");
    const auto only = static_cast<std::size_t>(
        request.number("point", {0, static_cast<std::int64_t>(points_.size()) - 1}, 0));
    std::vector<Belt*> belts;
    for (std::size_t number = 0; number < points_.size(); ++number)
        if (!is_one || number == only) belts.push_back(points_[number].belt.get());
    return belts;
}

Result<> DivertPlc::set_lane(const std::string& name, Fields& request) {
    const bool on = request.flag("on", true);
    const auto lane = static_cast<std::uint16_t>(request.number("lane", {1, config_.belt.lanes}));
    const std::vector<Belt*> belts = belts_of(request);
    LG_CHECK(request.finish());
    for (Belt* belt : belts) {
        if (name == "jam") {
            belt->set_jam(lane, on);
        } else {
            belt->set_lane_full(lane, on);
        }
    }
    return {};
}

Result<> DivertPlc::set_missed(const std::string&, Fields& request) {
    const bool on = request.flag("on", true);
    const auto lane = static_cast<std::uint16_t>(
        request.number("lane", {1, config_.belt.lanes}, config_.belt.default_lane));
    const auto cartons = static_cast<std::uint64_t>(request.number("cartons", {0, 1'000'000}, 1));
    const std::vector<Belt*> belts = belts_of(request);
    LG_CHECK(request.finish());
    for (Belt* belt : belts) belt->miss(on ? cartons : 0, lane);
    return {};
}

Result<> DivertPlc::set_sequence(const std::string&, Fields& request) {
    const auto sequence = static_cast<std::uint16_t>(request.number("sequence", {1, 65535}));
    const std::vector<Belt*> belts = belts_of(request);
    LG_CHECK(request.finish());
    for (Belt* belt : belts) belt->set_next_sequence(sequence);
    return {};
}

json::object DivertPlc::registers() const {
    json::array points;
    for (const Point& point : points_) {
        json::object one;
        one["r"] = words_of(point.belt->status().data(), status_words);
        one["w"] = words_of(point.decision.data(), decision_words);
        points.push_back(std::move(one));
    }
    json::array coils;
    for (std::size_t at = 0; at < coils_.size(); ++at)
        if (coils_[at]) coils.push_back(at);
    json::object all;
    all["points"] = std::move(points);
    all["coils_on"] = std::move(coils);
    return all;
}

json::object DivertPlc::report() const {
    json::object report;
    report["kind"] = kind();
    server_.add_to(report);
    report["gateway_beats"] = gateway_beats_;
    report["gateway_alive"] = is_gateway_alive();
    report["coil_writes"] = coil_writes_;
    report["writes_refused"] = writes_refused_;
    report["restarts"] = restarts_;

    json::object sums;
    json::array points;
    std::vector<std::uint64_t> by_lane(config_.belt.lanes);
    for (const Point& point : points_) {
        json::object counts = counts_of(*point.belt);
        for (const auto& member : counts) {
            json::value& sum = sums[member.key()];
            const std::uint64_t before = sum.is_uint64() ? sum.get_uint64() : 0;
            sum = before + member.value().to_number<std::uint64_t>();
        }
        json::array lanes;
        for (std::size_t lane = 0; lane < by_lane.size(); ++lane) {
            const std::uint64_t here = point.belt->counts().confirmed_by_lane[lane];
            by_lane[lane] += here;
            lanes.push_back(here);
        }
        counts["confirmed_by_lane"] = std::move(lanes);
        points.push_back(std::move(counts));
    }
    for (const auto& member : sums) report[member.key()] = member.value();
    json::array lanes(by_lane.begin(), by_lane.end());
    report["confirmed_by_lane"] = std::move(lanes);
    report["points"] = std::move(points);
    return report;
}

}  // namespace lotgate::sim
