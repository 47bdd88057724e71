#include "sync/sync_client.hpp"

#include "store/model/assert.hpp"
#include "sync/session.hpp"

#include <fmt/format.h>

#include <utility>

namespace lotgate::sync {

namespace {

bool is_one_level(std::string_view text) {
    return !text.empty() && text.find_first_of(std::string_view("/+#\0", 4)) == text.npos;
}

}  // namespace

std::string_view name_of(SyncState state) {
    switch (state) {
        case SyncState::offline:
            return "offline";
        case SyncState::connecting:
            return "connecting";
        case SyncState::draining:
            return "draining";
        case SyncState::live:
            return "live";
        case SyncState::fenced:
            return "fenced";
        case SyncState::forked:
            return "forked";
    }
    return "unknown";
}

std::string topic_of(std::string_view tenant, std::string_view site, std::string_view leaf) {
    LG_ASSERT(is_one_level(tenant) && is_one_level(site));
    return fmt::format("lg/1/{}/{}/{}", tenant, site, leaf);
}

SyncClient::SyncClient(SyncConfig config,
                       FrameLink& link,
                       SiteLedger ledger,
                       boost::asio::any_io_executor reader,
                       Clock& clock)
    : session_(std::make_unique<Session>(
          std::move(config), link, std::move(ledger), std::move(reader), clock)) {}

SyncClient::~SyncClient() = default;

boost::asio::awaitable<void> SyncClient::run() {
    return session_->run();
}

void SyncClient::stop() {
    session_->stop();
}

void SyncClient::wake(Seq head) {
    session_->wake(head);
}

SyncView SyncClient::view() const {
    return session_->view();
}

}  // namespace lotgate::sync
