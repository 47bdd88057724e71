#include "daemon/cloud.hpp"

#include "daemon/handover.hpp"
#include "store/queries.hpp"
#include "sync/mqtt_link.hpp"

#include <boost/asio/thread_pool.hpp>
#include <spdlog/spdlog.h>

namespace lotgate::site {

namespace asio = boost::asio;

namespace {

/// The ledger as sync reads it: a connection of its own, so that a long trace for a person does
/// not hold up the uplink. Reader thread only.
class LedgerReader {
public:
    explicit LedgerReader(std::string path) : path_(std::move(path)) {}

    Result<store::Queries*> queries() {
        if (!queries_) {
            LG_TRY(queries_, store::Queries::open(path_));
        }
        return queries_.get();
    }

private:
    std::string path_;
    std::unique_ptr<store::Queries> queries_;
};

asio::awaitable<Result<>> committed(StoreAccess& store,
                                    store::Command command,
                                    store::Haste haste = store::Haste::now) {
    const auto outcome = co_await store.submit(std::move(command), haste);
    if (!outcome) co_return fail(outcome.error());
    co_return Result<>();
}

sync::SiteLedger ledger_of(const std::shared_ptr<LedgerReader>& reader, StoreAccess& store) {
    sync::SiteLedger ledger;
    ledger.head = [reader]() -> Result<store::LedgerHead> {
        LG_TRY(auto* queries, reader->queries());
        return queries->head();
    };
    ledger.rows_after =
        [reader](Seq after, std::size_t rows, std::size_t bytes) -> Result<std::vector<LedgerRow>> {
        LG_TRY(auto* queries, reader->queries());
        return queries->rows_after(after, rows, bytes);
    };
    ledger.apply_page = [&store](store::FeedPage page) {
        return committed(store, store::Command(std::move(page)));
    };
    ledger.acknowledged = [&store](store::UplinkAcknowledged acknowledged) {
        return committed(store, store::Command(acknowledged), store::Haste::soon);
    };
    ledger.epoch_granted = [&store](store::EpochGranted granted) {
        return committed(store, store::Command(granted));
    };
    return ledger;
}

}  // namespace

struct Cloud::Parts {
    Parts(const config::SiteConfig& config,
          StoreAccess& store,
          const asio::any_io_executor& loop,
          Clock& clock)
        : link(loop, config.cloud->broker, config.cloud->tenant, config.site),
          reader(std::make_shared<LedgerReader>(config.store_path)),
          client(sync_config(config),
                 link,
                 ledger_of(reader, store),
                 reader_thread.get_executor(),
                 clock) {
        name_thread(reader_thread, "cloud reader");
    }

    ~Parts() { reader_thread.join(); }

    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    static sync::SyncConfig sync_config(const config::SiteConfig& config) {
        sync::SyncConfig made;
        made.tenant = config.cloud->tenant;
        made.site = config.site;
        return made;
    }

    asio::thread_pool reader_thread{1};
    sync::MqttLink link;
    std::shared_ptr<LedgerReader> reader;
    sync::SyncClient client;
};

Cloud::Cloud(const config::SiteConfig& config,
             StoreAccess& store,
             asio::any_io_executor loop,
             Clock& clock)
    : parts_(std::make_unique<Parts>(config, store, loop, clock)) {}

Cloud::~Cloud() = default;

asio::awaitable<void> Cloud::run() {
    return parts_->client.run();
}

void Cloud::stop() {
    parts_->client.stop();
}

void Cloud::wake(Seq head) {
    parts_->client.wake(head);
}

sync::SyncView Cloud::view() const {
    return parts_->client.view();
}

}  // namespace lotgate::site
