#include "adapters/sim/load.hpp"

#include "adapters/sim/fields.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace lotgate::sim {

namespace {

constexpr Range any_count{0, 1'000'000'000};
constexpr Duration lag_allowed = std::chrono::milliseconds(1);

// A file of codes has one a line; GS stands there as itself or as backslash u001d.
std::string with_separators(std::string line) {
    const std::string written = "\\u001d";
    for (std::size_t at = line.find(written); at != std::string::npos; at = line.find(written))
        line.replace(at, written.size(), 1, '\x1d');
    return line;
}

Duration in_seconds(double seconds) {
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

}  // namespace

json::object percentiles(std::vector<Duration> times) {
    std::sort(times.begin(), times.end());
    json::object all;
    all["count"] = times.size();
    const auto at = [&](double part) {
        if (times.empty()) return json::value();
        const auto rank = static_cast<std::size_t>(part * static_cast<double>(times.size()));
        return json::value(in_milliseconds(times[std::min(rank, times.size() - 1)]));
    };
    all["p50"] = at(0.5);
    all["p90"] = at(0.9);
    all["p99"] = at(0.99);
    all["max"] = at(1.0);
    return all;
}

Result<std::shared_ptr<Load>> Load::begin(Loop& loop,
                                          const Warehouse& warehouse,
                                          Fields& request,
                                          OnDone done) {
    const std::shared_ptr<Load> load(new Load(loop, std::move(done)));
    LG_CHECK(load->read_request(warehouse, request));
    load->start();
    return load;
}

Result<> Load::read_request(const Warehouse& warehouse, Fields& request) {
    read_lanes(warehouse, request);
    rate_per_s_ = request.decimal("rate_per_s", 0);
    if (rate_per_s_ < 0) request.problem("rate_per_s", "0 (as fast as possible) or more");
    is_poisson_ = request.word("spread", {"even", "poisson"}) == "poisson";
    random_.seed(static_cast<std::uint64_t>(request.number("seed", any_count, 1)));
    lasts_ = in_seconds(request.decimal("seconds", 10));
    scans_max_ = static_cast<std::uint64_t>(request.number("scans", any_count, 0));
    wait_ = std::chrono::milliseconds(request.number("wait_ms", {1, 600'000}, 5000));
    eye_to_scan_ = std::chrono::milliseconds(request.number("eye_to_scan_ms", {0, 60'000}, 0));
    auto codes = read_codes(request);
    LG_CHECK(request.finish());
    return codes;
}

void Load::read_lanes(const Warehouse& warehouse, Fields& request) {
    const std::string expected = R"(a list of scanners: "S1", or {"id":"S1","plc":"P1","point":0})";
    const json::value* list = request.raw("scanners");
    if (!list || !list->is_array() || list->get_array().empty()) {
        request.problem("scanners", expected);
        return;
    }
    for (const json::value& item : list->get_array()) {
        const Lane lane = read_lane(warehouse, item);
        if (!lane.scanner) {
            request.problem("scanners", expected);
            return;
        }
        lanes_.push_back(lane);
    }
}

// A lane without a scanner is one that could not be read.
Load::Lane Load::read_lane(const Warehouse& warehouse, const json::value& item) {
    Lane lane;
    if (item.is_string()) lane.scanner = warehouse.scanner(std::string(item.get_string()));
    if (!item.is_object()) return lane;
    Fields one(item.get_object(), "scanners");
    Scanner* scanner = warehouse.scanner(one.text("id"));
    lane.plc = warehouse.plc(one.text("plc"));
    const std::int64_t most = lane.plc ? lane.plc->points() - 1 : 0;
    lane.point = static_cast<std::uint16_t>(one.number("point", {0, most}, 0));
    if (one.finish() && lane.plc) lane.scanner = scanner;
    return lane;
}

Result<> Load::read_codes(Fields& request) {
    pattern_ = request.text("code", "");
    first_ = static_cast<std::uint64_t>(request.number("first", any_count, 1));
    digits_ = static_cast<std::size_t>(request.number("digits", {1, 20}, 8));
    codes_ = request.texts("codes");
    const std::string path = request.text("codes_file", "");
    if (!path.empty()) {
        std::ifstream file(path);
        if (!file) return fail(FaultCode::invalid_input, fmt::format("{}: cannot be read", path));
        for (std::string line; std::getline(file, line);)
            if (!line.empty()) codes_.push_back(with_separators(line));
    }
    if (codes_.empty() && pattern_.empty())
        request.problem("code", R"(a pattern with {n}, or "codes", or "codes_file")");
    return {};
}

std::string Load::next_code() {
    const std::uint64_t number = counts_.sent + counts_.belt_stood;
    if (!codes_.empty()) return codes_[number % codes_.size()];
    std::string code = pattern_;
    const std::size_t at = code.find("{n}");
    if (at != std::string::npos)
        code.replace(at, 3, fmt::format("{:0{}}", first_ + number, digits_));
    return code;
}

Duration Load::gap() {
    if (!is_poisson_) return in_seconds(1.0 / rate_per_s_);
    return in_seconds(std::exponential_distribution<double>(rate_per_s_)(random_));
}

void Load::start() {
    began_ = SteadyClock::now();
    due_ = began_;
    if (rate_per_s_ > 0) {
        arrival();
        return;
    }
    const std::size_t lanes = lanes_.size();
    for (std::size_t lane = 0; lane < lanes && !is_over(); ++lane) send(lane);
}

bool Load::is_over() const {
    return SteadyClock::now() - began_ >= lasts_ || (scans_max_ > 0 && counts_.sent >= scans_max_);
}

// Arrivals keep their own time: one that is late does not push the next.
void Load::arrival() {
    while (due_ <= SteadyClock::now() && !is_over()) {
        if (SteadyClock::now() - due_ > lag_allowed) ++counts_.lagging;
        send(turn_);
        turn_ = (turn_ + 1) % lanes_.size();
        due_ += gap();
    }
    if (is_over()) {
        finish_if_idle();
    } else {
        next_.start_at(due_, [self = shared_from_this()] { self->arrival(); });
    }
}

void Load::send(std::size_t lane) {
    const std::string code = next_code();
    if (lanes_[lane].plc) {
        send_paired(lane, code);
        return;
    }
    ++counts_.sent;
    ++under_way_;
    last_sent_ = SteadyClock::now();
    lanes_[lane].scanner->scan(
        code, {}, wait_, [self = shared_from_this(), lane](const ScanOutcome& outcome) {
            self->answered(lane, outcome);
            self->one_done(lane);
        });
}

void Load::send_paired(std::size_t lane, const std::string& code) {
    InductionOrder order;
    order.plc = lanes_[lane].plc;
    order.point = lanes_[lane].point;
    order.scanner = lanes_[lane].scanner;
    order.data = code;
    order.eye_to_scan = eye_to_scan_;
    order.answer_wait = wait_;
    // Done with a carton when it is past the point and its scan answered: the two come in any
    // order, and a step may be told more than once.
    const auto is_counted = std::make_shared<bool>(false);
    const auto is_answered = std::make_shared<bool>(false);
    const auto begun = Induction::begin(
        loop_,
        std::move(order),
        [self = shared_from_this(), lane, is_counted, is_answered](const Induction& carton) {
            if (carton.outcome && !*is_answered) {
                *is_answered = true;
                self->answered(lane, *carton.outcome);
            }
            if (*is_counted || !carton.outcome || !carton.is_at_point) return;
            *is_counted = true;
            ++(carton.decided_at ? self->counts_.decided : self->counts_.on_default);
            if (carton.decided_at && carton.sent_at)
                self->divert_times_.push_back(*carton.decided_at - *carton.sent_at);
            self->one_done(lane);
        });
    if (!begun) {
        ++counts_.belt_stood;
        return;
    }
    ++counts_.inducted;
    ++counts_.sent;
    ++under_way_;
    last_sent_ = SteadyClock::now();
}

void Load::answered(std::size_t lane, const ScanOutcome& outcome) {
    ++lanes_[lane].sent;
    if (!outcome.is_delivered) {
        ++counts_.undelivered;
    } else if (!outcome.answer) {
        ++counts_.unanswered;
    } else {
        ++counts_.answered;
        ++counts_.answers[*outcome.answer];
        answer_times_.push_back(outcome.took);
    }
}

void Load::one_done(std::size_t lane) {
    --under_way_;
    const bool is_closed_loop = rate_per_s_ <= 0;
    // A closed loop with nobody at the other end would spin: an undelivered scan ends its lane.
    if (is_closed_loop && !is_over() && lanes_[lane].scanner->is_connected()) {
        send(lane);
    }
    finish_if_idle();
}

void Load::finish_if_idle() {
    const bool is_sending = rate_per_s_ > 0 && !is_over();
    if (under_way_ > 0 || is_sending || !done_) return;
    const OnDone done = std::move(done_);
    done_ = nullptr;
    done(report());
}

json::object Load::report() const {
    json::object report;
    report["sent"] = counts_.sent;
    report["undelivered"] = counts_.undelivered;
    report["answered"] = counts_.answered;
    report["unanswered"] = counts_.unanswered;
    report["inducted"] = counts_.inducted;
    report["belt_stood"] = counts_.belt_stood;
    report["decided"] = counts_.decided;
    report["on_default"] = counts_.on_default;
    report["lagging"] = counts_.lagging;
    json::object answers;
    for (const auto& [text, count] : counts_.answers) answers[text] = count;
    report["answers"] = std::move(answers);
    const double sending = in_milliseconds(last_sent_ - began_) / 1000.0;
    report["sending_s"] = sending;
    report["sent_per_s"] = sending > 0 ? static_cast<double>(counts_.sent) / sending : 0.0;
    report["answer_ms"] = percentiles(answer_times_);
    report["divert_ms"] = percentiles(divert_times_);
    return report;
}

}  // namespace lotgate::sim
