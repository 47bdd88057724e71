#pragma once

// The site's link to the cloud: the sync client, the MQTT link it speaks over, and the ledger as
// it sees it. Without [cloud] there is none, and the ledger simply grows.

#include "daemon/config/site_config.hpp"
#include "daemon/store_access.hpp"
#include "sync/sync_client.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace lotgate::site {

/// Loop thread.
class Cloud {
public:
    Cloud(const config::SiteConfig& config,
          StoreAccess& store,
          boost::asio::any_io_executor loop,
          Clock& clock);
    ~Cloud();
    Cloud(const Cloud&) = delete;
    Cloud& operator=(const Cloud&) = delete;

    boost::asio::awaitable<void> run();
    void stop();
    void wake(Seq head);
    [[nodiscard]] sync::SyncView view() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace lotgate::site
