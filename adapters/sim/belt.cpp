#include "adapters/sim/belt.hpp"

#include <algorithm>

namespace lotgate::sim {

namespace {

constexpr std::size_t r_sequence = 1;
constexpr std::size_t r_tracking = 2;
constexpr std::size_t r_flags = 4;
constexpr std::size_t r_lane_full = 5;
constexpr std::size_t r_jam = 6;
constexpr std::size_t r_acknowledged = 8;
constexpr std::size_t r_lane = 9;
constexpr std::size_t r_result = 10;
constexpr std::size_t r_confirmed = 11;

constexpr std::uint16_t window_closed = 1;
constexpr std::uint16_t no_read = 2;
constexpr std::uint16_t lane_full_valid = 4;

constexpr std::uint32_t first_tracking_id = 100'000;

constexpr std::uint16_t lanes_max = 15;

constexpr std::size_t w_tracking = 1;
constexpr std::size_t w_lane = 3;
constexpr std::size_t w_reason = 4;
constexpr std::size_t w_sequence = 5;

}  // namespace

Belt::Belt(BeltConfig config, OnCarton on_decided, OnCarton on_confirmed)
    : config_(std::move(config)),
      on_decided_(std::move(on_decided)),
      on_confirmed_(std::move(on_confirmed)),
      tracking_id_(first_tracking_id) {
    counts_.confirmed_by_lane.resize(config_.lanes);
    status_[r_flags] = lane_full_valid;
}

Carton Belt::induct(BeltTime now) {
    advance(now);
    sequence_ = sequence_ == 65535 ? std::uint16_t{1} : static_cast<std::uint16_t>(sequence_ + 1);
    Carton carton;
    carton.sequence = sequence_;
    carton.tracking_id = ++tracking_id_;
    carton.decision_at = now + config_.to_decision;
    undecided_.push_back(carton);
    ++counts_.inducted;
    ++announced_;

    const auto high = static_cast<std::uint16_t>(carton.tracking_id >> 16U);
    const auto low = static_cast<std::uint16_t>(carton.tracking_id & 0xffffU);
    status_[r_sequence] = carton.sequence;
    status_[r_tracking] = config_.is_high_word_first ? high : low;
    status_[r_tracking + 1] = config_.is_high_word_first ? low : high;
    status_[r_flags] = lane_full_valid;
    return carton;
}

void Belt::close_window(std::uint16_t sequence, bool is_no_read) {
    if (status_[r_sequence] != sequence) return;
    status_[r_flags] |= window_closed;
    if (is_no_read) status_[r_flags] |= no_read;
}

std::uint32_t Belt::tracking_from(const std::uint16_t* words) const {
    const std::uint32_t high = config_.is_high_word_first ? words[0] : words[1];
    const std::uint32_t low = config_.is_high_word_first ? words[1] : words[0];
    return high << 16U | low;
}

DecisionFate Belt::decide(const DecisionBlock& block, bool is_gateway_alive) {
    const std::uint16_t sequence = block[w_sequence];
    if (sequence == 0 || sequence == last_decision_) {
        if (sequence != 0 && block[w_lane] != last_lane_) ++counts_.decisions_changed;
        return DecisionFate::repeated;
    }
    last_decision_ = sequence;
    last_lane_ = block[w_lane];
    ++counts_.decisions_written;
    const auto found = std::find_if(undecided_.begin(), undecided_.end(), [&](const Carton& one) {
        return one.sequence == sequence;
    });
    if (found == undecided_.end()) {
        // Sequences go round from 65535 to 1.
        const unsigned behind =
            sequence_ >= sequence ? unsigned{sequence_} - sequence : sequence_ + 65535U - sequence;
        const bool was_here = behind < announced_;
        ++(was_here ? counts_.decisions_late : counts_.decisions_unknown);
        return was_here ? DecisionFate::late : DecisionFate::unknown;
    }
    if (!is_gateway_alive) {
        ++counts_.decisions_stale;
        return DecisionFate::stale;
    }
    if (tracking_from(&block[w_tracking]) != found->tracking_id) {
        ++counts_.decisions_mismatch;
        return DecisionFate::mismatch;
    }
    ++counts_.decisions_accepted;
    found->is_decided = true;
    found->lane_asked = block[w_lane];
    found->reason = block[w_reason];
    status_[r_acknowledged] = sequence;
    on_decided_(*found);
    return DecisionFate::accepted;
}

void Belt::advance(BeltTime now) {
    now_ = std::max(now_, now);
    while (!undecided_.empty() && undecided_.front().decision_at <= now_) {
        const Carton carton = undecided_.front();
        undecided_.pop_front();
        pass_decision_point(carton);
    }
    std::vector<Carton> arrived;
    const auto is_there = [&](const Carton& one) { return one.arrives_at <= now_; };
    std::copy_if(travelling_.begin(), travelling_.end(), std::back_inserter(arrived), is_there);
    std::erase_if(travelling_, is_there);
    std::stable_sort(arrived.begin(), arrived.end(), [](const Carton& one, const Carton& other) {
        return one.arrives_at < other.arrives_at;
    });
    for (const Carton& carton : arrived) confirm(carton);
    show_confirmation();
}

void Belt::pass_decision_point(Carton carton) {
    settle_lane(carton);
    const std::size_t index = std::min<std::size_t>(carton.lane_taken, config_.to_lane.size()) - 1;
    carton.arrives_at = carton.decision_at + config_.to_lane[index];
    if (!carton.is_decided) on_decided_(carton);
    travelling_.push_back(carton);
}

void Belt::settle_lane(Carton& carton) {
    carton.lane_taken = config_.default_lane;
    if (!carton.is_decided) {
        carton.result = DivertResult::timeout_default;
    } else if (carton.lane_asked < 1 || carton.lane_asked > config_.lanes ||
               has_bit(r_jam, carton.lane_asked)) {
        carton.result = DivertResult::rejected;
    } else if (has_bit(r_lane_full, carton.lane_asked)) {
        carton.result = DivertResult::lane_full;
    } else if (misses_left_ > 0) {
        --misses_left_;
        carton.result = DivertResult::missed;
        carton.lane_taken = miss_lane_;
    } else {
        carton.result = DivertResult::diverted;
        carton.lane_taken = carton.lane_asked;
    }
}

void Belt::confirm(const Carton& carton) {
    ++counts_.results[static_cast<std::size_t>(carton.result)];
    ++counts_.confirmed_by_lane[carton.lane_taken - 1U];
    confirmations_.push_back(carton);
    on_confirmed_(carton);
}

void Belt::show_confirmation() {
    while (!confirmations_.empty()) {
        if (is_confirmation_fresh_ && now_ < shown_until_) return;
        if (is_confirmation_fresh_) ++counts_.confirmations_unread;
        const Carton carton = confirmations_.front();
        confirmations_.pop_front();
        status_[r_lane] = carton.lane_taken;
        status_[r_result] = static_cast<std::uint16_t>(carton.result);
        status_[r_confirmed] = carton.sequence;
        is_confirmation_fresh_ = true;
        shown_until_ = now_ + config_.confirmation_kept;
    }
}

void Belt::confirmation_read() {
    is_confirmation_fresh_ = false;
    show_confirmation();
}

std::optional<BeltTime> Belt::next() const {
    std::optional<BeltTime> soonest;
    const auto consider = [&](BeltTime when) {
        if (!soonest || when < *soonest) soonest = when;
    };
    if (!undecided_.empty()) consider(undecided_.front().decision_at);
    for (const Carton& carton : travelling_) consider(carton.arrives_at);
    if (!confirmations_.empty()) consider(shown_until_);
    return soonest;
}

void Belt::restart() {
    counts_.cartons_lost += cartons_on_belt();
    undecided_.clear();
    travelling_.clear();
    confirmations_.clear();
    is_confirmation_fresh_ = false;
    status_.fill(0);
    status_[r_flags] = lane_full_valid;
    sequence_ = 0;
    announced_ = 0;
    last_decision_ = 0;
}

void Belt::miss(std::uint64_t cartons, std::uint16_t lane) {
    misses_left_ = cartons;
    miss_lane_ = lane;
}

bool Belt::has_bit(std::size_t word, std::uint16_t lane) const {
    return lane <= lanes_max && (unsigned{status_[word]} >> lane & 1U) != 0;
}

void Belt::set_bit(std::size_t word, std::uint16_t lane, bool on) {
    const unsigned bit = 1U << lane;
    const unsigned others = status_[word] & ~bit;
    status_[word] = static_cast<std::uint16_t>(on ? others | bit : others);
}

void Belt::set_lane_full(std::uint16_t lane, bool on) {
    set_bit(r_lane_full, lane, on);
}

void Belt::set_jam(std::uint16_t lane, bool on) {
    set_bit(r_jam, lane, on);
}

void Belt::set_next_sequence(std::uint16_t sequence) {
    sequence_ = static_cast<std::uint16_t>(sequence - 1);
}

}  // namespace lotgate::sim
