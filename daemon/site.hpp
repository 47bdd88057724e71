#pragma once

// The composition root: owns every part of the site, starts them in order and stops them in order.
// What the parts do is theirs; here they are only joined.

#include "daemon/api/site_view.hpp"
#include "daemon/config/site_config.hpp"
#include "daemon/station/station.hpp"
#include "store/model/result.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace lotgate::site {

struct SiteParts;  // site_parts.hpp
struct Outage;     // site_outages.cpp

/// Loop thread, but for open().
class Site final : public api::SiteView {
public:
    struct Startup {
        config::SiteConfig config;
        std::string config_path;    ///< read again on reload
        std::string last_good;      ///< where the last good configuration is kept, or empty
        bool is_last_good = false;  ///< running on it, since the present one cannot be used
        Clock* clock = nullptr;
    };

    /// Opens the store, loads the labels, binds the page: whatever can be wrong before the first
    /// scan says so here, in one sentence with the next step.
    [[nodiscard]] static Result<std::unique_ptr<Site>> open(Startup startup,
                                                            boost::asio::io_context& loop);
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;
    ~Site() override;

    /// Starts devices, sync and page on the loop, tells systemd, and resumes open effects.
    void start();
    /// Reads the configuration again. A bad one changes nothing, loudly.
    void reload();
    /// Orderly: scanners first, then what they asked for, then the ledger; ends the loop.
    void stop();

    // ---- api::SiteView
    [[nodiscard]] api::StatusView status() const override;
    [[nodiscard]] std::vector<api::DeviceView> devices() const override;
    [[nodiscard]] std::vector<api::StationView> stations() const override;
    [[nodiscard]] Answer summary() override;
    [[nodiscard]] Answer recent(std::size_t count) override;
    [[nodiscard]] Answer cases(bool open_only) override;
    [[nodiscard]] Answer trace(std::string what) override;
    [[nodiscard]] Answer recall(std::string what) override;
    [[nodiscard]] Answer why(std::string what) override;
    [[nodiscard]] Answer exported(store::ExportTerms terms) override;
    [[nodiscard]] Answer picks(std::string order) override;
    [[nodiscard]] Answer stock_change(std::string items) override;
    [[nodiscard]] Answer verify_chain() override;
    [[nodiscard]] Result<api::PreviewView> preview(api::PreviewCall call) const override;
    [[nodiscard]] Answer print_queue(std::string printer) override;
    [[nodiscard]] Answer ask_printer(api::PrinterCall call) override;
    [[nodiscard]] boost::asio::awaitable<Result<api::DecisionView>> scan(
        api::ScanCall call) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::uint64_t>> decide_case(
        api::CaseCall call) override;
    [[nodiscard]] boost::asio::awaitable<Result<api::DecisionView>> operate(
        api::OperationCall call) override;
    [[nodiscard]] api::DeviceTools* device_tools() override;
    void on_change(std::function<void(const api::Change&)> told) override;

private:
    explicit Site(std::unique_ptr<SiteParts> parts);
    /// Whatever devices say goes to this site.
    void hear_devices(adapters::DeviceServices& services);
    void publish_states(const config::SiteConfig& config);

    boost::asio::awaitable<adapters::ScanAnswer> answer_scanner(adapters::Scan scan);
    /// Holds what expired, once in each civil day of the site.
    boost::asio::awaitable<void> hold_expired();
    boost::asio::awaitable<void> look_for_waiting();
    boost::asio::awaitable<void> drop_old_imports();
    /// Notes what could not be seen, and since when: devices, the cloud, this program itself.
    boost::asio::awaitable<void> watch_outages();
    boost::asio::awaitable<bool> note_outage(Outage outage);
    boost::asio::awaitable<Result<std::uint64_t>> look_at_archive(api::OperationCall* call);
    boost::asio::awaitable<void> check_balances(std::string today);
    boost::asio::awaitable<void> route_unread(std::string conveyor, adapters::Induction induction);
    void announce_carton(const std::string& conveyor, std::uint16_t point);
    boost::asio::awaitable<void> carton_went(std::string conveyor, adapters::DivertReport report);
    [[nodiscard]] Station* station_deciding(const std::string& conveyor, std::uint16_t point) const;
    boost::asio::awaitable<void> resume_effects();
    boost::asio::awaitable<void> shut_down();
    [[nodiscard]] Floor floor();
    void tell(const api::DecisionView& view);
    void adopt_stations(std::vector<config::StationConfig> stations);
    [[nodiscard]] Station* station_named(const std::string& id) const;
    [[nodiscard]] Station* station_of(const std::string& device) const;
    [[nodiscard]] std::string status_line() const;

    std::unique_ptr<SiteParts> parts_;
};

}  // namespace lotgate::site
