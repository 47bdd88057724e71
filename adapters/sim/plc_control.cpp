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
    std::vector<std::string_view> known = ModbusServer::quirk_names();
    known.insert(known.end(),
                 {"single_client",
                  "reset",
                  "restart",
                  "stop_heartbeat",
                  "state",
                  "lane_full",
                  "jam",
                  "missed",
                  "next_sequence"});
    const std::string name = request.word("quirk", known);
    if (!request.has("quirk")) request.problem("quirk", "the name of a quirk");
    const bool on = request.flag("on", true);
    const auto& server_names = ModbusServer::quirk_names();
    const bool is_server =
        std::find(server_names.begin(), server_names.end(), name) != server_names.end();
    return is_server ? set_server_quirk(name, request, on) : set_belt_quirk(name, request, on);
}

Result<> DivertPlc::set_server_quirk(const std::string& name, Fields& request, bool on) {
    Quirk quirk;
    quirk.is_on = on;
    if (name == "late") quirk.value = request.number("ms", {1, 600'000}, 800);
    if (name == "dribble") quirk.value = request.number("ms", {1, 60'000}, 50);
    if (name == "extra_bytes") quirk.value = request.number("bytes", {1, 1000}, 1);
    if (name == "reset_mid_answer") quirk.value = request.number("bytes", {0, 260}, 5);
    if (name == "exception") quirk.value = request.number("code", {1, 127}, 4);
    if (request.has("answers"))
        quirk.left = static_cast<std::uint64_t>(request.number("answers", {1, 1'000'000'000}));
    LG_CHECK(request.finish());
    server_.set_quirk(name, quirk);
    return {};
}

Result<> DivertPlc::set_belt_quirk(const std::string& name, Fields& request, bool on) {
    const Range lanes{1, config_.belt.lanes};
    const bool has_point = request.has("point");
    const auto only = static_cast<std::size_t>(
        request.number("point", {0, static_cast<std::int64_t>(points_.size()) - 1}, 0));
    std::int64_t lane = 0;
    std::int64_t amount = 0;
    RunState state = RunState::run;
    if (name == "lane_full" || name == "jam") lane = request.number("lane", lanes);
    if (name == "missed") {
        lane = request.number("lane", lanes, config_.belt.default_lane);
        amount = request.number("cartons", {0, 1'000'000}, 1);
    }
    if (name == "next_sequence") amount = request.number("sequence", {1, 65535});
    if (name == "state") {
        const std::string word = request.word("state", {"run", "stop", "estop", "fault"});
        if (word == "stop") state = RunState::stop;
        if (word == "estop") state = RunState::emergency_stop;
        if (word == "fault") state = RunState::fault;
    }
    LG_CHECK(request.finish());

    if (name == "single_client") server_.set_single_client(on);
    if (name == "reset") server_.drop_clients();
    if (name == "restart") restart();
    if (name == "stop_heartbeat") is_heartbeat_stopped_ = on;
    if (name == "state") set_state(state);
    for (std::size_t number = 0; number < points_.size(); ++number) {
        if (has_point && number != only) continue;
        Belt& belt = *points_[number].belt;
        const auto lane_number = static_cast<std::uint16_t>(lane);
        if (name == "lane_full") belt.set_lane_full(lane_number, on);
        if (name == "jam") belt.set_jam(lane_number, on);
        if (name == "missed") belt.miss(on ? static_cast<std::uint64_t>(amount) : 0, lane_number);
        if (name == "next_sequence") belt.set_next_sequence(static_cast<std::uint16_t>(amount));
    }
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
