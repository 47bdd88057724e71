#include "sync/uplink.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::sync {

namespace {

constexpr std::uint32_t window_limit = 64;
constexpr std::uint32_t rows_limit = 2000;
// With this many batches on their way, a batch that is not full waits for company.
constexpr std::size_t in_flight_before_waiting = 2;

Seq before(Seq seq) {
    return static_cast<Seq>(number_of(seq) - 1);
}

}  // namespace

bool Uplink::is_for_us(const InstanceId& instance) const {
    return instance == head_.instance;
}

std::optional<Hash> Uplink::hash_at(Seq seq) const {
    if (seq == acked_ && acked_hash_ != Hash{}) return acked_hash_;
    if (seq == head_.seq && number_of(seq) != 0) return head_.hash;
    const auto found = boundaries_.find(seq);
    if (found == boundaries_.end()) return {};
    return found->second;
}

void Uplink::link_up(Ticks now, UplinkActions& out) {
    heard_at_ = now;
    again_after_ = {};
    greet(out);
}

void Uplink::link_down(std::string because) {
    state_ = UplinkState::offline;
    because_ = std::move(because);
    in_flight_.clear();
}

// Every HELLO starts with a fresh look at the ledger: the head it names must be durable and not
// older than anything that was sent before.
void Uplink::greet(UplinkActions& out) {
    state_ = UplinkState::reading_head;
    in_flight_.clear();
    again_at_ = Ticks::max();
    out.emplace_back(ReadHead{});
}

void Uplink::head_read(Ticks now, const store::LedgerHead& head, UplinkActions& out) {
    if (head.epoch != head_.epoch || head.instance != head_.instance) {
        boundaries_.clear();
        acked_ = head.acked;
        acked_hash_ = {};
        told_ = head.acked;
    }
    head_ = head;
    newest_ = std::max(newest_, head.seq);
    if (state_ == UplinkState::reading_head || state_ == UplinkState::granting) say_hello(now, out);
}

void Uplink::say_hello(Ticks now, UplinkActions& out) {
    state_ = UplinkState::greeting;
    again_after_ = std::clamp(again_after_ * 2, config_.hello_again_min, config_.hello_again_max);
    again_at_ = now + again_after_;
    ++nonce_;
    wire::Hello hello;
    hello.nonce = nonce_;
    hello.instance = head_.instance;
    hello.epoch = head_.epoch;
    hello.head_seq = head_.seq;
    hello.head_hash = head_.hash;
    hello.acked = head_.acked;
    hello.cursor_main = head_.cursor_main;
    hello.cursor_urgent = head_.cursor_urgent;
    out.emplace_back(SendFrame{std::move(hello)});
}

void Uplink::read_failed(Ticks now, std::string because) {
    is_reading_ = false;
    because_ = std::move(because);
    if (state_ == UplinkState::offline || state_ == UplinkState::sending) return;
    // Tried again as a whole: head, HELLO, comparison.
    state_ = UplinkState::greeting;
    again_at_ = now + config_.hello_again_max;
}

void Uplink::heard(Ticks now, const wire::Message& message, UplinkActions& out) {
    if (state_ == UplinkState::offline) return;
    heard_at_ = now;
    if (const auto* welcome = std::get_if<wire::Welcome>(&message)) on_welcome(now, *welcome, out);
    if (const auto* ack = std::get_if<wire::Ack>(&message)) on_ack(now, *ack, out);
    if (const auto* nack = std::get_if<wire::Nack>(&message)) on_nack(now, *nack, out);
    if (const auto* fenced = std::get_if<wire::Fenced>(&message)) on_fenced(now, *fenced);
}

void Uplink::on_welcome(Ticks now, const wire::Welcome& welcome, UplinkActions& out) {
    const bool is_call = welcome.nonce == 0;
    if (is_call) {
        const bool is_quiet = state_ == UplinkState::sending && in_flight_.empty();
        const bool is_busy = state_ == UplinkState::reading_head ||
                             state_ == UplinkState::comparing || state_ == UplinkState::granting;
        if (!is_quiet && !is_busy) greet(out);
        return;
    }
    if (state_ != UplinkState::greeting || welcome.nonce != nonce_) return;
    if (!is_for_us(welcome.instance)) return;
    again_after_ = {};
    window_ = std::clamp(std::min(welcome.window, config_.window), 1U, window_limit);
    rows_max_ = std::clamp(std::min(welcome.rows_max, config_.rows_max), 1U, rows_limit);
    if (welcome.epoch == head_.epoch) return compare(now, welcome, out);
    // Rows of epoch 0 were written before any grant; the store chains them anew under it.
    if (head_.epoch != 0 && number_of(head_.seq) != 0) {
        stop_sending(
            now,
            UplinkState::fenced,
            fmt::format("The cloud has epoch {} open for this site, this gateway writes "
                        "epoch {}. Recording goes on; decide which gateway is the real one.",
                        welcome.epoch,
                        head_.epoch));
        return;
    }
    state_ = UplinkState::granting;
    out.emplace_back(GrantEpoch{store::EpochGranted{welcome.epoch}});
}

void Uplink::compare(Ticks now, const wire::Welcome& welcome, UplinkActions& out) {
    compare_seq_ = welcome.last_seq;
    compare_hash_ = welcome.last_hash;
    // The cloud knows rows that we have not got: we are an older copy of ourselves.
    if (welcome.last_seq > newest_) return fork_at(now, welcome.last_seq);
    state_ = UplinkState::comparing;
    if (number_of(welcome.last_seq) == 0) {
        const ChainStart start{head_.site, head_.epoch, head_.instance};
        return hash_read(now, welcome.last_seq, chain_start(start), out);
    }
    if (const auto known = hash_at(welcome.last_seq))
        return hash_read(now, welcome.last_seq, known, out);
    out.emplace_back(ReadHash{welcome.last_seq});
}

void Uplink::hash_read(Ticks now, Seq seq, std::optional<Hash> hash, UplinkActions& out) {
    if (state_ != UplinkState::comparing || seq != compare_seq_) return;
    if (!hash) return read_failed(now, fmt::format("Row {} cannot be read.", number_of(seq)));
    if (*hash != compare_hash_) return fork_at(now, seq);
    go_on_after(now, seq, *hash, out);
}

void Uplink::go_on_after(Ticks now, Seq seq, const Hash& hash, UplinkActions& out) {
    state_ = UplinkState::sending;
    stopped_.reset();
    because_.clear();
    if (seq < told_)
        because_ = fmt::format(
            "The cloud has lost rows {} to {} that it had acknowledged; they are "
            "sent again. Tell whoever keeps the cloud database.",
            number_of(seq) + 1,
            number_of(told_));
    acked_ = seq;
    acked_hash_ = hash;
    rewind(seq, hash);
    advance(now, seq, hash, out);
    status_at_ = now;
    send_status(now, out);
    want_batch(now, out);
}

void Uplink::advance(Ticks now, Seq seq, const Hash& hash, UplinkActions& out) {
    acked_ = seq;
    acked_hash_ = hash;
    progress_at_ = now;
    while (!in_flight_.empty() && in_flight_.front() <= seq) in_flight_.pop_front();
    boundaries_.erase(boundaries_.begin(), boundaries_.upper_bound(seq));
    if (sent_ < seq) {
        sent_ = seq;
        sent_hash_ = hash;
    }
    if (seq <= told_) return;
    told_ = seq;
    out.emplace_back(TellAcknowledged{store::UplinkAcknowledged{head_.epoch, seq, hash}});
}

void Uplink::rewind(Seq seq, const Hash& hash) {
    in_flight_.clear();
    sent_ = seq;
    sent_hash_ = hash;
    partial_at_.reset();
    ++attempt_;
    ++ticket_;
}

void Uplink::on_ack(Ticks now, const wire::Ack& ack, UplinkActions& out) {
    if (state_ != UplinkState::sending || !is_for_us(ack.instance)) return;
    if (ack.epoch != head_.epoch) return greet(out);
    if (ack.last_seq > newest_) return fork_at(now, ack.last_seq);
    if (ack.last_seq < acked_) return;  // overtaken on the way
    const auto ours = hash_at(ack.last_seq);
    // From before this session: the cloud is asked where it stands.
    if (!ours) return greet(out);
    if (*ours != ack.last_hash) return fork_at(now, ack.last_seq);
    if (ack.last_seq > acked_) {
        because_.clear();
        advance(now, ack.last_seq, ack.last_hash, out);
    }
    want_batch(now, out);
}

void Uplink::on_nack(Ticks now, const wire::Nack& nack, UplinkActions& out) {
    if (state_ != UplinkState::sending || !is_for_us(nack.instance) || nack.epoch != head_.epoch)
        return;
    // One gap refuses every batch behind it; only the first refusal of an attempt counts.
    if (nack.attempt != attempt_) return;
    if (nack.reason == static_cast<std::uint32_t>(wire::NackReason::gap))
        return on_gap(now, nack, out);
    if (nack.reason == static_cast<std::uint32_t>(wire::NackReason::malformed))
        return on_malformed(now, nack, out);
    because_ = "The cloud is busy: " + nack.told;
    state_ = UplinkState::greeting;
    in_flight_.clear();
    ++nonce_;  // no WELCOME is awaited until the next HELLO
    again_at_ = now + config_.hello_again_min;
}

void Uplink::on_gap(Ticks now, const wire::Nack& nack, UplinkActions& out) {
    if (nack.last_seq > newest_) return fork_at(now, nack.last_seq);
    const auto ours = hash_at(nack.last_seq);
    if (nack.last_seq < acked_ || !ours) return greet(out);
    if (*ours != nack.last_hash) return fork_at(now, nack.last_seq);
    advance(now, nack.last_seq, nack.last_hash, out);
    rewind(nack.last_seq, nack.last_hash);
    want_batch(now, out);
}

// The cloud stores any event it can unpack, so this is a damaged batch or a row too large. Smaller
// batches find the row; it is never skipped.
void Uplink::on_malformed(Ticks now, const wire::Nack& nack, UplinkActions& out) {
    if (rows_max_ == 1) {
        stop_sending(now,
                     UplinkState::fenced,
                     fmt::format("The cloud cannot take row {}: {}. Recording goes on; nothing "
                                 "behind this row reaches the cloud.",
                                 number_of(nack.first_seq),
                                 nack.told));
        return;
    }
    rows_max_ = std::max(1U, rows_max_ / 2);
    rewind(acked_, acked_hash_);
    want_batch(now, out);
}

void Uplink::on_fenced(Ticks now, const wire::Fenced& fenced) {
    if (!is_for_us(fenced.instance)) return;
    const bool is_answer = state_ == UplinkState::greeting && fenced.nonce == nonce_;
    if (fenced.nonce != 0 && !is_answer) return;  // it answers a copy of us, or an older HELLO
    const bool is_fork = fenced.reason == static_cast<std::uint32_t>(wire::FenceReason::fork);
    stop_sending(now, is_fork ? UplinkState::forked : UplinkState::fenced, fenced.told);
}

void Uplink::stop_sending(Ticks now, UplinkState state, std::string because) {
    state_ = state;
    stopped_ = state;
    because_ = std::move(because);
    in_flight_.clear();
    again_at_ = now + config_.fenced_again;
}

void Uplink::fork_at(Ticks now, Seq seq) {
    stop_sending(now,
                 UplinkState::forked,
                 fmt::format("This gateway's history and the cloud's differ at row {}: one of them "
                             "is an older copy or a clone. Recording goes on, nothing is sent; "
                             "decide which one is the real one.",
                             number_of(seq)));
}

void Uplink::committed(Ticks now, Seq head, UplinkActions& out) {
    newest_ = std::max(newest_, head);
    want_batch(now, out);
}

void Uplink::hold_back(Ticks now, bool is_held, UplinkActions& out) {
    is_held_back_ = is_held;
    want_batch(now, out);
}

void Uplink::want_batch(Ticks now, UplinkActions& out) {
    if (state_ != UplinkState::sending || is_held_back_ || is_reading_) return;
    if (sent_ >= newest_ || in_flight_.size() >= window_) return;
    const bool is_full = number_of(newest_) - number_of(sent_) >= rows_max_;
    if (!is_full && in_flight_.size() >= in_flight_before_waiting) return;
    if (!is_full && partial_at_ && now - *partial_at_ < config_.partial_every) return;
    if (!is_full) partial_at_ = now;
    if (in_flight_.empty()) progress_at_ = now;
    is_reading_ = true;
    out.emplace_back(ReadBatch{sent_, rows_max_, config_.bytes_max, ticket_});
}

void Uplink::batch_read(Ticks now, std::uint64_t ticket, PreparedBatch batch, UplinkActions& out) {
    is_reading_ = false;
    if (state_ != UplinkState::sending) return;
    if (ticket != ticket_ || batch.first != next(sent_)) return want_batch(now, out);
    if (batch.last < batch.first) return;  // nothing there yet; committed() or tick() asks again

    wire::Batch frame;
    frame.epoch = head_.epoch;
    frame.instance = head_.instance;
    frame.first_seq = batch.first;
    frame.prev_hash = sent_hash_;
    frame.count =
        static_cast<std::uint32_t>(number_of(batch.last) - number_of(before(batch.first)));
    frame.head_hash = batch.last_hash;
    frame.rows = std::move(batch.packed);
    frame.attempt = attempt_;

    if (in_flight_.empty()) progress_at_ = now;
    newest_ = std::max(newest_, batch.last);
    in_flight_.push_back(batch.last);
    boundaries_[batch.last] = batch.last_hash;
    sent_ = batch.last;
    sent_hash_ = batch.last_hash;
    ++batches_sent_;
    rows_sent_ += frame.count;
    out.emplace_back(SendFrame{std::move(frame)});
    want_batch(now, out);
}

void Uplink::send_status(Ticks now, UplinkActions& out) {
    if (now < status_at_) return;
    status_at_ = now + config_.status_every;
    wire::Status status;
    status.instance = head_.instance;
    status.epoch = head_.epoch;
    status.head_seq = newest_;
    status.acked = acked_;
    status.acked_hash = acked_hash_;
    out.emplace_back(SendFrame{std::move(status)});
}

void Uplink::tick(Ticks now, UplinkActions& out) {
    if (state_ == UplinkState::offline) return;
    if (now - heard_at_ >= config_.silence_max) {
        link_down("The link says it is up, but the cloud has been silent; a new one is made.");
        out.emplace_back(RenewLink{because_});
        return;
    }
    switch (state_) {
        case UplinkState::greeting:
        case UplinkState::fenced:
        case UplinkState::forked:
            if (now >= again_at_) greet(out);
            return;
        case UplinkState::sending:
            if (!in_flight_.empty() && now - progress_at_ >= config_.ack_within) {
                because_ = "The cloud has not acknowledged for a while; asking where it stands.";
                return greet(out);
            }
            send_status(now, out);
            return want_batch(now, out);
        default:
            return;
    }
}

}  // namespace lotgate::sync
