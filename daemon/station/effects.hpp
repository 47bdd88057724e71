#pragma once

// Carries out what decisions ask of the outside world, and brings back what became of it. An
// effect is a durable row before it gets here; here it is only done, once.

#include "adapters/adapter.hpp"
#include "adapters/label_template/label_template.hpp"
#include "daemon/store_access.hpp"
#include "store/store.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace lotgate::site {

/// Loop thread.
class Effects {
public:
    Effects(StoreAccess& store, Clock& clock, const adapters::LabelTemplates& labels);

    /// The devices of now; called at start and after each reload. They outlive their use here:
    /// forget() comes before a device goes.
    void know(adapters::Printer& printer);
    void know(adapters::Conveyor& conveyor);
    void forget(const std::string& device);
    [[nodiscard]] adapters::Conveyor* conveyor(const std::string& id) const;
    /// A stack light; never waits, and nothing where the device is not there.
    void show(const std::string& device, const std::string& lamp, adapters::Light light) const;

    /// Diverts are written to the PLC before this returns; labels are queued at their printer.
    /// What cannot be done is reported at once, as failed or unknown.
    boost::asio::awaitable<void> carry_out(std::vector<store::Effect> effects);

    /// After a start: what was intended and is still wanted is done; what was under way is in
    /// doubt, and never done again.
    boost::asio::awaitable<void> resume(std::vector<store::Effect> effects);

    /// A printer that was stopped while the site goes on (its configuration changed, or it is gone)
    /// has ended: what waited there goes to its successor of the same name, or ends as failed.
    boost::asio::awaitable<void> take_over(const adapters::Printer* stopped);

    /// What devices report; true when durable.
    boost::asio::awaitable<bool> printed(adapters::PrintReport report);
    boost::asio::awaitable<void> diverted(adapters::DivertReport report);
    /// A carton that went past a decision point undecided.
    boost::asio::awaitable<void> passed(store::CartonPassed carton);

private:
    boost::asio::awaitable<void> print(std::int64_t id, store::PrintRequest request);
    boost::asio::awaitable<void> divert(std::int64_t id, store::DivertRequest request);
    boost::asio::awaitable<bool> report(store::EffectReport report,
                                        store::Haste haste = store::Haste::now);
    boost::asio::awaitable<void> report_soon(store::EffectReport report);
    boost::asio::awaitable<void> resume_one(store::Effect effect, std::string who_stopped);

    static constexpr std::size_t reports_waiting_max = 512;

    StoreAccess* store_;
    Clock* clock_;
    const adapters::LabelTemplates* labels_;
    std::map<std::string, adapters::Printer*> printers_;
    std::map<std::string, adapters::Conveyor*> conveyors_;
    std::map<std::int64_t, const adapters::Printer*> at_printer_;  ///< labels handed over, not done
    std::size_t reports_waiting_ = 0;  ///< of diverts, on their way into the store
};

}  // namespace lotgate::site
