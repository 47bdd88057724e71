#pragma once

// A site at the seam of the API: views are plain members, answers are texts a test sets. What is
// above the seam (server, routes, page, command) is the real program.

#include "daemon/api/site_view.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace lotgate::test {

/// Loop thread only, but for the members set before it runs.
class FakeSite : public api::SiteView {
public:
    /// "ATL-3" with a scanner that works, a printer with its lid open, a dock and a pack station.
    FakeSite();

    api::StatusView now;
    std::vector<api::DeviceView> all_devices;
    std::vector<api::StationView> all_stations;
    /// "summary", "recent", "cases", "chain", "trace L-88", "why #12" -> JSON; absent: a Fault.
    std::map<std::string, std::string> answers;
    bool unknown_names = false;  ///< absent answers: nothing has that name, instead of a bad disk
    std::vector<api::ScanCall> scans;            ///< as they came in
    std::vector<api::CaseCall> decisions;        ///< as they came in
    std::vector<api::OperationCall> operations;  ///< as they came in
    std::function<Result<api::DecisionView>(const api::ScanCall&)> decide;

    /// As the daemon does after each decision and each change.
    void tell(const api::Change& change) const;

    /// Tells the time of the status, and of what it decides.
    void set_time(Instant instant) { now.now = instant; }

    [[nodiscard]] api::StatusView status() const override { return now; }

    [[nodiscard]] std::vector<api::DeviceView> devices() const override { return all_devices; }

    [[nodiscard]] std::vector<api::StationView> stations() const override { return all_stations; }

    [[nodiscard]] Answer summary() override { return answer("summary"); }

    [[nodiscard]] Answer recent(std::size_t count) override;
    [[nodiscard]] Answer cases(bool open_only) override;

    [[nodiscard]] Answer trace(std::string what) override { return answer("trace " + what); }

    [[nodiscard]] Answer recall(std::string what) override { return answer("recall " + what); }

    [[nodiscard]] Answer why(std::string what) override { return answer("why " + what); }

    [[nodiscard]] Answer exported(store::ExportTerms terms) override {
        return answer("export " + terms.sheet + " " + terms.lot + " " +
                      (terms.from ? to_string(*terms.from) : "") + ".." +
                      (terms.to ? to_string(*terms.to) : "") + (terms.is_for_all ? " all" : "") +
                      " after " + std::to_string(terms.after));
    }

    [[nodiscard]] Answer picks(std::string order) override { return answer("picks " + order); }

    [[nodiscard]] Answer stock_change(std::string items) override {
        return answer("stock_change " + items);
    }

    [[nodiscard]] Answer verify_chain() override { return answer("chain"); }

    [[nodiscard]] boost::asio::awaitable<Result<api::DecisionView>> scan(
        api::ScanCall call) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::uint64_t>> decide_case(
        api::CaseCall call) override;
    [[nodiscard]] Result<api::PreviewView> preview(api::PreviewCall call) const override;
    [[nodiscard]] Answer print_queue(std::string printer) override;
    [[nodiscard]] Answer ask_printer(api::PrinterCall call) override;
    [[nodiscard]] boost::asio::awaitable<Result<api::DecisionView>> operate(
        api::OperationCall call) override;

    void on_change(std::function<void(const api::Change&)> told) override {
        told_ = std::move(told);
    }

private:
    [[nodiscard]] Answer answer(std::string question);

    std::function<void(const api::Change&)> told_;
};

/// The decision of a fake site: accepted, unless the code starts with "BAD" or "WARN".
[[nodiscard]] api::DecisionView decided_about(const std::string& station, const std::string& code);

}  // namespace lotgate::test
