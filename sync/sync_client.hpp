#pragma once

// The site's side of the cloud: sends the ledger up, takes the feed down. The ledger is the only
// queue; what the client keeps in memory is a window of batches. Protocol: docs/data/sync.md.
//
// Threads: everything is called on the loop thread, except where SiteLedger says otherwise.

#include "store/model/ledger_row.hpp"
#include "store/model/result.hpp"
#include "store/model/time.hpp"
#include "store/queries.hpp"
#include "store/store.hpp"
#include "sync/frame_link.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::sync {

enum class SyncState {
    offline,     ///< no link to the cloud; work goes on
    connecting,  ///< the link is up, the cloud has not said where to go on
    draining,    ///< sending a backlog
    live,        ///< the cloud is at most a moment behind
    fenced,      ///< the cloud told us not to send; recording goes on
    forked,      ///< our history and the cloud's differ; recording goes on, a person decides
};

[[nodiscard]] std::string_view name_of(SyncState state);

/// Where sync stands, for health, status and metrics.
struct SyncView {
    SyncState state = SyncState::offline;
    std::string because;              ///< for a person, with the next step; empty when all is well
    Instant since;                    ///< of this state
    std::uint64_t head = 0;           ///< last durable row
    std::uint64_t sent_through = 0;   ///< last row handed to the link
    std::uint64_t acked_through = 0;  ///< last row committed in the cloud
    std::uint64_t epoch = 0;
    Instant last_success;  ///< last acknowledgement or feed page; 0 = never
    std::uint64_t cursor_main = 0;
    std::uint64_t cursor_urgent = 0;
    std::uint64_t feed_main = 0;  ///< the cloud's head of the lane, as far as known
    std::uint64_t feed_urgent = 0;
    std::uint64_t batches_sent = 0;
    std::uint64_t rows_sent = 0;  ///< with those sent again
    std::uint64_t items_applied = 0;
    std::uint64_t links_renewed = 0;  ///< links dropped because the other side was silent
};

struct SyncConfig {
    std::string tenant = "default";
    std::string site;
    std::uint32_t window = 8;                       ///< batches on their way, 1 to 64
    std::uint32_t rows_max = 500;                   ///< rows in a batch, 1 to 2000
    std::size_t bytes_max = 192 * 1024;             ///< of bodies in a batch
    std::chrono::milliseconds ack_within{10'000};   ///< else HELLO again
    std::chrono::milliseconds silence_max{15'000};  ///< nothing heard: the link is dead
    std::chrono::milliseconds status_every{5'000};  ///< sign of life; below silence_max
};

/// The topics of a site. The tenant and the site hold no '/', '+', '#' (SyncClient asserts it).
[[nodiscard]] std::string topic_of(std::string_view tenant,
                                   std::string_view site,
                                   std::string_view leaf);

/// The site's truth, as sync sees it.
struct SiteLedger {
    /// Called on the `reader` executor, one call at a time.
    std::function<Result<store::LedgerHead>()> head;
    std::function<Result<std::vector<LedgerRow>>(Seq after, std::size_t rows, std::size_t bytes)>
        rows_after;
    /// Called on the loop; they return when the store has committed. A page that does not continue
    /// the cursor is Fault conflict.
    std::function<boost::asio::awaitable<Result<>>(store::FeedPage)> apply_page;
    std::function<boost::asio::awaitable<Result<>>(store::UplinkAcknowledged)> acknowledged;
    std::function<boost::asio::awaitable<Result<>>(store::EpochGranted)> epoch_granted;
};

class SyncClient {
public:
    /// `reader` runs reads of the ledger and the packing of batches, so that a drain does not hold
    /// up the loop: a thread pool of one thread, or the loop itself. `clock` and `link` outlive
    /// the client.
    SyncClient(SyncConfig config,
               FrameLink& link,
               SiteLedger ledger,
               boost::asio::any_io_executor reader,
               Clock& clock);
    SyncClient(const SyncClient&) = delete;
    SyncClient& operator=(const SyncClient&) = delete;
    ~SyncClient();

    /// Runs the link too. Returns after stop(), when nothing of it runs any more.
    boost::asio::awaitable<void> run();
    void stop();
    /// The ledger has grown: `head` is durable.
    void wake(Seq head);
    [[nodiscard]] SyncView view() const;

private:
    class Session;
    std::unique_ptr<Session> session_;
};

}  // namespace lotgate::sync
