#include "adapters/sim/plc.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace lotgate::sim {

namespace {

constexpr std::size_t r_heartbeat = 0;
constexpr std::size_t r_state = 7;
constexpr std::size_t r_confirmed = 11;
constexpr std::size_t w_heartbeat = 0;
constexpr std::size_t w_sequence = 5;

}  // namespace

DivertPlc::DivertPlc(Loop& loop, std::string id, PlcConfig config)
    : Device(std::move(id)),
      loop_(loop),
      config_(std::move(config)),
      server_(loop, *this, config_.unit),
      coils_(config_.coils),
      running_since_(SteadyClock::now()),
      beating_(loop),
      moving_(loop) {
    for (std::uint16_t number = 0; number < config_.points; ++number) {
        Point point;
        point.belt = std::make_unique<Belt>(
            config_.belt,
            [this, number](const Carton& carton) { decided(number, carton); },
            [this, number](const Carton& carton) { confirmed(number, carton); });
        points_.push_back(std::move(point));
    }
    set_state(RunState::run);
}

Result<> DivertPlc::open() {
    LG_CHECK(server_.open(config_.port));
    config_.port = server_.port();
    beat();
    return {};
}

void DivertPlc::unplug() {
    server_.close();
}

// The PLC goes on by itself when nobody is connected: heartbeat and belt do not stop.
void DivertPlc::beat() {
    if (!is_heartbeat_stopped_) ++heartbeat_;
    for (Point& point : points_) point.belt->status()[r_heartbeat] = heartbeat_;
    beating_.start(config_.heartbeat, [this] { beat(); });
}

BeltTime DivertPlc::belt_now() const {
    if (state_ != RunState::run) return ran_before_;
    return ran_before_ + (SteadyClock::now() - running_since_);
}

void DivertPlc::set_state(RunState state) {
    ran_before_ = belt_now();
    running_since_ = SteadyClock::now();
    state_ = state;
    for (Point& point : points_) point.belt->status()[r_state] = static_cast<std::uint16_t>(state);
    move();
}

void DivertPlc::move() {
    moving_.cancel();
    if (state_ != RunState::run) return;
    std::optional<BeltTime> soonest;
    for (Point& point : points_) {
        point.belt->advance(belt_now());
        const auto next = point.belt->next();
        if (next && (!soonest || *next < *soonest)) soonest = next;
    }
    if (soonest) moving_.start(*soonest - belt_now(), [this] { move(); });
}

Result<Carton> DivertPlc::induct(std::uint16_t point, OnCarton on_decided, OnCarton on_confirmed) {
    if (state_ != RunState::run)
        return fail(FaultCode::unavailable, fmt::format("{}: the belt stands", id()));
    Point& here = points_[point];
    const Carton carton = here.belt->induct(belt_now());
    here.watched[carton.tracking_id] = {std::move(on_decided), std::move(on_confirmed)};
    move();
    return carton;
}

void DivertPlc::close_window(std::uint16_t point, std::uint16_t sequence, bool is_no_read) {
    points_[point].belt->close_window(sequence, is_no_read);
}

void DivertPlc::decided(std::uint16_t point, const Carton& carton) {
    const auto found = points_[point].watched.find(carton.tracking_id);
    if (found == points_[point].watched.end() || !found->second.on_decided) return;
    loop_.post([told = std::move(found->second.on_decided), carton, at = SteadyClock::now()] {
        told(carton, at);
    });
    found->second.on_decided = nullptr;
}

void DivertPlc::confirmed(std::uint16_t point, const Carton& carton) {
    const auto found = points_[point].watched.find(carton.tracking_id);
    if (found == points_[point].watched.end()) return;
    if (found->second.on_confirmed)
        loop_.post([told = std::move(found->second.on_confirmed), carton, at = SteadyClock::now()] {
            told(carton, at);
        });
    points_[point].watched.erase(found);
}

bool DivertPlc::is_gateway_alive() const {
    if (!config_.is_heartbeat_required) return true;
    return gateway_rose_at_ && SteadyClock::now() - *gateway_rose_at_ <= config_.gateway_stale;
}

std::uint16_t* DivertPlc::word_at(std::size_t address, bool is_write) {
    for (std::size_t number = 0; number < points_.size(); ++number) {
        const std::size_t decision =
            config_.decision_base + number * std::size_t{config_.decision_stride};
        if (address >= decision && address < decision + decision_words)
            return &points_[number].decision[address - decision];
        const std::size_t status =
            config_.status_base + number * std::size_t{config_.status_stride};
        if (!is_write && address >= status && address < status + status_words)
            return &points_[number].belt->status()[address - status];
    }
    return nullptr;
}

std::optional<std::vector<std::uint16_t>> DivertPlc::read_words(Run run, bool) {
    std::vector<std::uint16_t> words;
    for (std::size_t at = run.first; at < std::size_t{run.first} + run.count; ++at) {
        const std::uint16_t* word = word_at(at, false);
        if (!word) return std::nullopt;
        words.push_back(*word);
    }
    for (std::size_t number = 0; number < points_.size(); ++number) {
        const std::size_t address =
            config_.status_base + number * std::size_t{config_.status_stride} + r_confirmed;
        if (address >= run.first && address < std::size_t{run.first} + run.count)
            points_[number].belt->confirmation_read();
    }
    return words;
}

bool DivertPlc::write_words(std::uint16_t first, const std::vector<std::uint16_t>& words) {
    for (std::size_t at = 0; at < words.size(); ++at) {
        if (word_at(first + at, true)) continue;
        ++writes_refused_;
        return false;
    }
    std::vector<bool> is_changed;
    for (std::size_t at = 0; at < words.size(); ++at) {
        std::uint16_t& word = *word_at(first + at, true);
        is_changed.push_back(word != words[at]);
        word = words[at];
    }
    // The whole block stands before any of it is acted on, as within one scan of a PLC.
    for (std::size_t number = 0; number < points_.size(); ++number) {
        const std::size_t base =
            config_.decision_base + number * std::size_t{config_.decision_stride};
        for (std::size_t word = 0; word < decision_words; ++word) {
            const std::size_t address = base + word;
            if (address < first || address >= first + words.size()) continue;
            written(static_cast<std::uint16_t>(number), word, is_changed[address - first]);
        }
    }
    return true;
}

void DivertPlc::written(std::uint16_t point, std::size_t word, bool is_changed) {
    if (word == w_heartbeat && is_changed) {
        gateway_rose_at_ = SteadyClock::now();
        ++gateway_beats_;
    }
    if (word != w_sequence) return;
    Point& here = points_[point];
    if (state_ == RunState::run) here.belt->advance(belt_now());
    here.belt->decide(here.decision, is_gateway_alive());
}

std::optional<std::vector<bool>> DivertPlc::read_bits(Run run, bool) {
    if (std::size_t{run.first} + run.count > coils_.size()) return std::nullopt;
    const auto begin = coils_.begin() + run.first;
    return std::vector<bool>(begin, begin + run.count);
}

bool DivertPlc::write_bits(std::uint16_t first, const std::vector<bool>& bits) {
    if (first + bits.size() > coils_.size()) {
        ++writes_refused_;
        return false;
    }
    for (std::size_t at = 0; at < bits.size(); ++at) coils_[first + at] = bits[at];
    ++coil_writes_;
    return true;
}

// Power cycle: clients are dropped, words are zero, the heartbeat and the sequence begin again.
void DivertPlc::restart() {
    ++restarts_;
    server_.drop_clients();
    heartbeat_ = 0;
    gateway_rose_at_.reset();
    for (Point& point : points_) {
        point.belt->restart();
        point.decision.fill(0);
        // Whoever waits for a carton that is no longer tracked is told that nothing came of it.
        for (auto& [tracking, watch] : point.watched) {
            Carton lost;
            lost.tracking_id = tracking;
            for (const OnCarton& told : {watch.on_decided, watch.on_confirmed})
                if (told) loop_.post([told, lost, at = SteadyClock::now()] { told(lost, at); });
        }
        point.watched.clear();
    }
    set_state(RunState::run);
}

}  // namespace lotgate::sim
