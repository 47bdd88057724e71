#pragma once

// What a hub does with a frame from a site. Stateless: the truth is the row site_cursor, and a
// compare-and-set on it is what keeps rows from being lost or doubled, however many hubs take a
// site's frames in whatever order. An acknowledgement is made only after COMMIT.

#include "store/model/result.hpp"
#include "sync/hub/decide.hpp"
#include "sync/hub/pg.hpp"
#include "sync/wire/frames.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lotgate::hub {

/// Whose frame it is: from its topic.
struct SiteName {
    std::string tenant;
    std::string site;

    [[nodiscard]] std::string id() const { return tenant + "/" + site; }
};

/// A frame to publish below the site's topic.
struct Reply {
    std::string leaf;  ///< "ack", "ctl" or "down"
    sync::wire::Message message;
};

using Replies = std::vector<Reply>;

class Ingest {
public:
    explicit Ingest(Connection& database) : database_(&database) {}

    /// Everything but a batch. Where the database is away the answer is silence: the site asks
    /// again.
    [[nodiscard]] Replies take(const SiteName& site, const sync::wire::Message& message);

    /// Nothing where the batch does not continue the cursor (yet). Where the database is away: a
    /// NACK (busy).
    [[nodiscard]] std::optional<Replies> take_batch(const SiteName& site,
                                                    const sync::wire::Batch& batch);

    /// The NACK for a batch that stayed early.
    [[nodiscard]] Replies refuse_gap(const SiteName& site, const sync::wire::Batch& batch);

    [[nodiscard]] const std::string& last_fault() const { return last_fault_; }

private:
    [[nodiscard]] Result<Replies> on_hello(const SiteName& site, const sync::wire::Hello& hello);
    [[nodiscard]] Result<Replies> on_status(const SiteName& site, const sync::wire::Status& status);
    [[nodiscard]] Result<Replies> on_pull(const SiteName& site, const sync::wire::FeedPull& pull);
    [[nodiscard]] Result<std::optional<Replies>> on_batch(const SiteName& site,
                                                          const sync::wire::Batch& batch);
    [[nodiscard]] Result<bool> is_known(const SiteName& site);
    [[nodiscard]] Result<std::optional<Cursor>> cursor(const SiteName& site);
    [[nodiscard]] Result<Cursor> cursor_or_first(const SiteName& site,
                                                 const sync::wire::Hello& hello);
    [[nodiscard]] Result<bool> append(const SiteName& site,
                                      const Cursor& from,
                                      const sync::wire::Batch& batch,
                                      std::span<const sync::wire::WireRow> rows);

    Connection* database_;
    std::string last_fault_;
};

}  // namespace lotgate::hub
