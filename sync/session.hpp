#pragma once

// What drives the two state machines of a site on the loop: carries out their actions, hands back
// what came of them, ticks them, and watches over the tasks it has started. No decisions here.

#include "sync/downlink.hpp"
#include "sync/sync_client.hpp"
#include "sync/uplink.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace lotgate::sync {

class SyncClient::Session {
public:
    Session(SyncConfig config,
            FrameLink& link,
            SiteLedger ledger,
            boost::asio::any_io_executor reader,
            Clock& clock);

    boost::asio::awaitable<void> run();
    void stop();
    void wake(Seq head);
    [[nodiscard]] SyncView view() const;

private:
    using Action = std::variant<SendFrame,
                                ReadHead,
                                ReadBatch,
                                ReadHash,
                                TellAcknowledged,
                                GrantEpoch,
                                RenewLink,
                                ApplyPage>;

    void on_link_up();
    void on_link_down(std::string because);
    void on_frame(const std::string& payload);
    void on_head(const store::LedgerHead& head);
    void tick();

    // Takes over what the machines asked for, and does it unless it is already being done further
    // up the stack (a link or a ledger may answer at once).
    void settle();
    void take_actions();
    void note_state();
    [[nodiscard]] SyncState state_now() const;
    [[nodiscard]] std::string because_now(SyncState state) const;

    void carry_out(SendFrame action);
    void carry_out(const ReadHead& action);
    void carry_out(const ReadBatch& action);
    void carry_out(const ReadHash& action);
    void carry_out(const TellAcknowledged& action);
    void carry_out(const GrantEpoch& action);
    void carry_out(const RenewLink& action);
    void carry_out(ApplyPage action);

    void start(boost::asio::awaitable<void> task);
    void task_ended();
    boost::asio::awaitable<void> read_head();
    boost::asio::awaitable<void> read_batch(ReadBatch what);
    boost::asio::awaitable<void> read_hash(Seq seq);
    boost::asio::awaitable<void> tell_acknowledged();
    boost::asio::awaitable<void> grant_epoch(store::EpochGranted grant);
    boost::asio::awaitable<void> apply_page(ApplyPage what);
    boost::asio::awaitable<Result<store::LedgerHead>> head_from_reader();

    [[nodiscard]] Ticks now() const { return clock_->monotonic(); }

    const SyncConfig config_;
    FrameLink* const link_;
    const SiteLedger ledger_;
    const boost::asio::any_io_executor reader_;
    Clock* const clock_;

    Uplink uplink_;
    Downlink downlink_;
    UplinkActions uplink_out_;
    DownlinkActions downlink_out_;
    std::deque<Action> todo_;
    bool is_settling_ = false;
    bool is_link_up_ = false;

    std::optional<boost::asio::any_io_executor> loop_;  ///< while run() runs
    std::unique_ptr<boost::asio::steady_timer> timer_;
    bool is_stopping_ = false;
    std::size_t tasks_ = 0;

    std::optional<store::UplinkAcknowledged> to_tell_;  ///< the newest; older ones are implied
    bool is_telling_ = false;
    std::string store_because_;

    SyncState state_ = SyncState::offline;
    Instant since_{};
    Instant last_success_{};
    Seq success_acked_{};
    std::uint64_t success_items_ = 0;
    std::uint64_t links_renewed_ = 0;
    std::uint64_t frames_unreadable_ = 0;
};

}  // namespace lotgate::sync
