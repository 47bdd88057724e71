#pragma once

// A place where reads get their meaning. It holds no truth of its own (the document in hand and
// the open carton are rows of the store): it asks the PLC which carton stands there, has the store
// decide, has the effects carried out, and answers.

#include "adapters/scan.hpp"
#include "daemon/api/site_view.hpp"
#include "daemon/config/site_config.hpp"
#include "daemon/station/attempt_of.hpp"
#include "daemon/station/effects.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace lotgate::site {

/// What all stations of a site share. Outlives them.
struct Floor {
    StoreAccess* store = nullptr;
    Effects* effects = nullptr;
    Clock* clock = nullptr;
    const barcode::Dictionary* dictionary = nullptr;  ///< null: the built-in table
    std::function<Moment()> moment;
    std::function<std::string(const std::string& device)> next_request_id;
    std::function<void(const api::DecisionView&)> decided;  ///< tells the screens
};

/// Loop thread. One per [[station]]; a reload replaces its configuration in place.
class Station {
public:
    Station(config::StationConfig config, Floor& floor);

    [[nodiscard]] const config::StationConfig& config() const { return config_; }

    void reconfigure(config::StationConfig config) { config_ = std::move(config); }

    /// From the scanner's bytes to the answer, with everything durable and the PLC written.
    boost::asio::awaitable<Result<api::DecisionView>> scan(adapters::Scan scan);
    /// A carton the PLC announced and nobody could read: it goes to the exception lane.
    boost::asio::awaitable<void> unread(adapters::Induction induction);

private:
    boost::asio::awaitable<Result<api::DecisionView>> decide(rules::Attempt attempt);
    boost::asio::awaitable<std::optional<rules::DivertContext>> carton_here(Instant arrived);
    [[nodiscard]] rules::DivertContext context_of(const adapters::Induction& induction,
                                                  Instant arrived) const;
    [[nodiscard]] std::uint32_t rounds_of(const std::string& code) const;
    void note_round(const std::string& code, const std::string& did);
    void show(adapters::Light light) const;

    config::StationConfig config_;
    Floor* floor_;
    /// Cartons that go round for a full lane, by what was read; forgotten with a restart.
    std::map<std::string, std::uint32_t> rounds_;
};

[[nodiscard]] adapters::Light light_of(const rules::Verdict& verdict);

}  // namespace lotgate::site
