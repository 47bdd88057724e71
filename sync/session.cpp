#include "sync/session.hpp"

#include "store/model/assert.hpp"
#include "sync/wire/rows.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <utility>

namespace lotgate::sync {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds tick_every{100};
constexpr std::size_t frame_overhead = 1024;  // of a batch beside its rows, generously

UplinkConfig uplink_config(const SyncConfig& config) {
    UplinkConfig uplink;
    uplink.window = config.window;
    uplink.rows_max = config.rows_max;
    uplink.bytes_max = config.bytes_max;
    uplink.ack_within = config.ack_within;
    uplink.silence_max = config.silence_max;
    uplink.status_every = config.status_every;
    return uplink;
}

// Nonces only tell one HELLO of a gateway from another; two starts must not share one.
std::uint64_t first_nonce(Clock& clock) {
    return static_cast<std::uint64_t>(clock.now().us);
}

Result<PreparedBatch> prepare(const SiteLedger& ledger, const ReadBatch& what) {
    LG_TRY(auto rows, ledger.rows_after(what.after, what.rows_max, what.bytes_max));
    PreparedBatch batch;
    batch.first = next(what.after);
    batch.last = what.after;
    if (rows.empty()) return batch;
    Seq expected = batch.first;
    for (const LedgerRow& row : rows) {
        if (row.seq != expected) return fail(FaultCode::corrupt, "The ledger has a gap.");
        expected = next(expected);
    }
    batch.packed = wire::pack_rows(rows);
    while (batch.packed.size() + frame_overhead > wire::frame_bytes_max && rows.size() > 1) {
        rows.resize(rows.size() / 2);
        batch.packed = wire::pack_rows(rows);
    }
    batch.last = rows.back().seq;
    batch.last_hash = rows.back().hash;
    return batch;
}

// These run on the reader; what they point to belongs to the session that awaits them.

asio::awaitable<Result<store::LedgerHead>> head_task(const SiteLedger* ledger) {
    co_return ledger->head();
}

asio::awaitable<Result<PreparedBatch>> batch_task(const SiteLedger* ledger, ReadBatch what) {
    co_return prepare(*ledger, what);
}

asio::awaitable<Result<std::vector<LedgerRow>>> row_task(const SiteLedger* ledger, Seq seq) {
    const auto before = static_cast<Seq>(number_of(seq) - 1);
    co_return ledger->rows_after(before, 1, 1);
}

}  // namespace

SyncClient::Session::Session(SyncConfig config,
                             FrameLink& link,
                             SiteLedger ledger,
                             asio::any_io_executor reader,
                             Clock& clock)
    : config_(std::move(config)),
      link_(&link),
      ledger_(std::move(ledger)),
      reader_(std::move(reader)),
      clock_(&clock),
      uplink_(uplink_config(config_), first_nonce(clock)),
      downlink_(DownlinkConfig{}) {}

// ---- events

void SyncClient::Session::on_link_up() {
    is_link_up_ = true;
    // The urgent lane is asked first; until it has answered the backlog waits.
    uplink_.hold_back(now(), true, uplink_out_);
    uplink_.link_up(now(), uplink_out_);
    settle();
}

void SyncClient::Session::on_link_down(std::string because) {
    is_link_up_ = false;
    uplink_.link_down(std::move(because));
    downlink_.link_down();
    settle();
}

void SyncClient::Session::on_frame(const std::string& payload) {
    const auto message = wire::decode(payload);
    if (!message) {
        ++frames_unreadable_;
        return;
    }
    downlink_.heard(now(), *message, downlink_out_);
    uplink_.heard(now(), *message, uplink_out_);
    settle();
}

void SyncClient::Session::on_head(const store::LedgerHead& head) {
    if (is_link_up_) {
        const FeedCursors cursors{head.cursor_main, head.cursor_urgent};
        downlink_.link_up(now(), cursors, downlink_out_);
    }
    uplink_.head_read(now(), head, uplink_out_);
    settle();
}

void SyncClient::Session::wake(Seq head) {
    uplink_.committed(now(), head, uplink_out_);
    settle();
}

void SyncClient::Session::tick() {
    downlink_.tick(now(), downlink_out_);
    uplink_.tick(now(), uplink_out_);
    settle();
}

// ---- actions

void SyncClient::Session::take_actions() {
    uplink_.hold_back(now(), downlink_.holds_uplink_back(now()), uplink_out_);
    for (DownlinkAction& action : downlink_out_) {
        if (auto* pull = std::get_if<PullFeed>(&action)) todo_.emplace_back(SendFrame{pull->pull});
        if (auto* apply = std::get_if<ApplyPage>(&action)) todo_.emplace_back(std::move(*apply));
    }
    downlink_out_.clear();
    for (UplinkAction& action : uplink_out_)
        std::visit([this](auto& one) { todo_.emplace_back(std::move(one)); }, action);
    uplink_out_.clear();
}

void SyncClient::Session::settle() {
    take_actions();
    if (is_stopping_) todo_.clear();
    if (is_settling_ || !loop_) return;
    is_settling_ = true;
    while (!todo_.empty()) {
        Action action = std::move(todo_.front());
        todo_.pop_front();
        std::visit([this](auto& one) { carry_out(std::move(one)); }, action);
        take_actions();
    }
    is_settling_ = false;
    note_state();
}

void SyncClient::Session::carry_out(SendFrame action) {
    if (auto* status = std::get_if<wire::Status>(&action.message)) {
        status->cursor_main = downlink_.cursors().main;
        status->cursor_urgent = downlink_.cursors().urgent;
        status->state = std::string(name_of(state_now()));
    }
    // Not sent is the same as lost on the way: the watchdogs of the machines see to both.
    static_cast<void>(link_->send(wire::encode(action.message)));
}

void SyncClient::Session::carry_out(const ReadHead&) {
    start(read_head());
}

void SyncClient::Session::carry_out(const ReadBatch& action) {
    start(read_batch(action));
}

void SyncClient::Session::carry_out(const ReadHash& action) {
    start(read_hash(action.seq));
}

void SyncClient::Session::carry_out(const TellAcknowledged& action) {
    to_tell_ = action.what;
    if (is_telling_) return;
    is_telling_ = true;
    start(tell_acknowledged());
}

void SyncClient::Session::carry_out(const GrantEpoch& action) {
    start(grant_epoch(action.what));
}

void SyncClient::Session::carry_out(const RenewLink& action) {
    ++links_renewed_;
    is_link_up_ = false;
    downlink_.link_down();
    link_->renew(action.because);
}

void SyncClient::Session::carry_out(ApplyPage action) {
    start(apply_page(std::move(action)));
}

// ---- tasks

void SyncClient::Session::start(asio::awaitable<void> task) {
    ++tasks_;
    asio::co_spawn(*loop_, std::move(task), [this](const std::exception_ptr& bug) {
        LG_ASSERT(!bug);
        task_ended();
    });
}

void SyncClient::Session::task_ended() {
    --tasks_;
    if (is_stopping_ && tasks_ == 0) timer_->cancel();
}

asio::awaitable<Result<store::LedgerHead>> SyncClient::Session::head_from_reader() {
    co_return co_await asio::co_spawn(reader_, head_task(&ledger_), asio::use_awaitable);
}

asio::awaitable<void> SyncClient::Session::read_head() {
    const auto head = co_await head_from_reader();
    if (head) {
        on_head(*head);
        co_return;
    }
    uplink_.read_failed(now(), head.error().detail());
    settle();
}

asio::awaitable<void> SyncClient::Session::read_batch(ReadBatch what) {
    auto batch = co_await asio::co_spawn(reader_, batch_task(&ledger_, what), asio::use_awaitable);
    if (batch)
        uplink_.batch_read(now(), what.ticket, std::move(*batch), uplink_out_);
    else
        uplink_.read_failed(now(), batch.error().detail());
    settle();
}

asio::awaitable<void> SyncClient::Session::read_hash(Seq seq) {
    const auto rows =
        co_await asio::co_spawn(reader_, row_task(&ledger_, seq), asio::use_awaitable);
    std::optional<Hash> hash;
    if (rows && rows->size() == 1 && rows->front().seq == seq) hash = rows->front().hash;
    uplink_.hash_read(now(), seq, hash, uplink_out_);
    settle();
}

asio::awaitable<void> SyncClient::Session::tell_acknowledged() {
    while (to_tell_) {
        const store::UplinkAcknowledged what = *to_tell_;
        to_tell_.reset();
        const auto told = co_await ledger_.acknowledged(what);
        store_because_ = told ? std::string() : told.error().detail();
    }
    is_telling_ = false;
}

asio::awaitable<void> SyncClient::Session::grant_epoch(store::EpochGranted grant) {
    const auto granted = co_await ledger_.epoch_granted(grant);
    if (!granted) {
        uplink_.read_failed(now(), granted.error().detail());
        settle();
        co_return;
    }
    co_await read_head();
}

asio::awaitable<void> SyncClient::Session::apply_page(ApplyPage what) {
    const wire::Lane lane = what.lane;
    const auto applied = co_await ledger_.apply_page(std::move(what.page));
    if (applied) {
        downlink_.applied(now(), lane, downlink_out_);
        settle();
        co_return;
    }
    const auto head = co_await head_from_reader();
    FeedCursors cursors = downlink_.cursors();
    if (head) cursors = FeedCursors{head->cursor_main, head->cursor_urgent};
    downlink_.apply_failed(now(), lane, cursors, applied.error().detail());
    settle();
}

asio::awaitable<void> SyncClient::Session::run() {
    LG_ASSERT(!loop_);
    co_await asio::this_coro::throw_if_cancelled(false);
    loop_ = co_await asio::this_coro::executor;
    timer_ = std::make_unique<asio::steady_timer>(*loop_);
    since_ = clock_->now();
    FrameLink::Listener listener;
    listener.up = [this] { on_link_up(); };
    listener.down = [this](std::string because) { on_link_down(std::move(because)); };
    listener.frame = [this](const std::string& payload) { on_frame(payload); };
    link_->listen(std::move(listener));
    start(link_->run());
    while (!is_stopping_) {
        timer_->expires_after(tick_every);
        co_await timer_->async_wait(asio::as_tuple(asio::use_awaitable));
        const auto cancellation = co_await asio::this_coro::cancellation_state;
        if (cancellation.cancelled() != asio::cancellation_type::none) stop();
        if (!is_stopping_) tick();
    }
    while (tasks_ > 0) {
        timer_->expires_at(asio::steady_timer::time_point::max());
        co_await timer_->async_wait(asio::as_tuple(asio::use_awaitable));
    }
    link_->listen({});
    loop_.reset();
}

void SyncClient::Session::stop() {
    if (is_stopping_) return;
    is_stopping_ = true;
    link_->stop();
    if (timer_) timer_->cancel();
}

// ---- questions

SyncState SyncClient::Session::state_now() const {
    if (uplink_.stopped())
        return *uplink_.stopped() == UplinkState::forked ? SyncState::forked : SyncState::fenced;
    switch (uplink_.state()) {
        case UplinkState::offline:
            return SyncState::offline;
        case UplinkState::sending: {
            const auto behind = number_of(uplink_.newest()) - number_of(uplink_.acked());
            return behind > config_.rows_max ? SyncState::draining : SyncState::live;
        }
        default:
            return SyncState::connecting;
    }
}

std::string SyncClient::Session::because_now(SyncState state) const {
    if (!uplink_.because().empty()) return uplink_.because();
    if (state == SyncState::connecting) return "The link is up; the cloud has not answered yet.";
    if (state == SyncState::offline) return "No link to the cloud yet.";
    if (!downlink_.because().empty()) return downlink_.because();
    return store_because_;
}

void SyncClient::Session::note_state() {
    const SyncState state = state_now();
    if (state != state_) since_ = clock_->now();
    state_ = state;
    if (uplink_.acked() > success_acked_ || downlink_.items_applied() > success_items_)
        last_success_ = clock_->now();
    success_acked_ = uplink_.acked();
    success_items_ = downlink_.items_applied();
}

SyncView SyncClient::Session::view() const {
    SyncView view;
    view.state = state_now();
    view.because = because_now(view.state);
    view.since = since_;
    view.head = number_of(uplink_.newest());
    view.sent_through = number_of(uplink_.sent_through());
    view.acked_through = number_of(uplink_.acked());
    view.epoch = uplink_.head().epoch;
    view.last_success = last_success_;
    view.cursor_main = downlink_.cursors().main;
    view.cursor_urgent = downlink_.cursors().urgent;
    view.feed_main = downlink_.heads().main;
    view.feed_urgent = downlink_.heads().urgent;
    view.batches_sent = uplink_.batches_sent();
    view.rows_sent = uplink_.rows_sent();
    view.items_applied = downlink_.items_applied();
    view.links_renewed = links_renewed_;
    return view;
}

}  // namespace lotgate::sync
