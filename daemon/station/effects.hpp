#pragma once

// Carries out what decisions ask of the outside world, and brings back what became of it. An
// effect is a durable row before it gets here; here it is only done, once.

#include "adapters/adapter.hpp"
#include "adapters/label_template/label_template.hpp"
#include "daemon/store_access.hpp"
#include "store/store.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace lotgate::site {

/// What waits at a printer, for people.
struct WaitingLabel {
    adapters::QueuedLabel label;
    std::string subject;  ///< SSCC or unit, as the label's fields name it; untrusted
    std::string label_template;
    std::string moved_from;  ///< the printer it was meant for, where that is another
};

/// Loop thread.
class Effects {
public:
    using Labels = std::shared_ptr<const adapters::LabelTemplates>;

    Effects(StoreAccess& store, Clock& clock, Labels labels);

    /// Templates of a reload: for labels from now on. Those that wait were filled before.
    void adopt(Labels labels) { labels_ = std::move(labels); }

    [[nodiscard]] const adapters::LabelTemplates& labels() const { return *labels_; }

    /// The devices of now; called at start and after each reload. They outlive their use here:
    /// forget() comes before a device goes.
    void know(adapters::Printer& printer);
    void know(adapters::Conveyor& conveyor);
    void forget(const std::string& device);
    [[nodiscard]] adapters::Conveyor* conveyor(const std::string& id) const;
    /// A stack light; never waits, and nothing where the device is not there.
    void show(const std::string& device, const std::string& lamp, adapters::Light light) const;

    [[nodiscard]] adapters::Printer* printer(const std::string& id) const;
    [[nodiscard]] std::vector<WaitingLabel> queue_of(const std::string& printer) const;

    /// Labels that surely have not left go to another printer, each after the ledger has it.
    /// The number that went. Faults: invalid_input (no such printer, its policy forbids it).
    boost::asio::awaitable<Result<std::size_t>> move_labels(std::string from, std::string to);
    /// A label of no number, for a person who tries the printer. Not in the ledger.
    [[nodiscard]] Result<> print_test(const std::string& printer);

    /// Fails over where the policy says so. Runs until stop().
    boost::asio::awaitable<void> watch();

    void stop() { is_stopping_ = true; }

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
    /// A label that was handed to a printer, until its end is known.
    struct Asked {
        store::PrintRequest request;
        std::string moved_from;
        const adapters::Printer* at = nullptr;  ///< whose queue it is in; null: between two
    };

    using Labelled = std::map<std::int64_t, Asked>;

    boost::asio::awaitable<void> print(std::int64_t id, store::PrintRequest request);
    boost::asio::awaitable<void> fail_print(std::int64_t id, std::string because);
    boost::asio::awaitable<bool> move_one(std::int64_t id, adapters::Printer& from, std::string to);
    boost::asio::awaitable<void> hand_over(std::int64_t id, adapters::PrintOrder order);
    boost::asio::awaitable<void> fail_over();
    [[nodiscard]] bool should_fail_over(const adapters::Printer& printer);
    [[nodiscard]] Result<std::string> rendered(const adapters::Printer& printer,
                                               std::int64_t id,
                                               const store::PrintRequest& request) const;
    boost::asio::awaitable<void> divert(std::int64_t id, store::DivertRequest request);
    boost::asio::awaitable<bool> report(store::EffectReport report,
                                        store::Haste haste = store::Haste::now);
    boost::asio::awaitable<void> report_soon(store::EffectReport report);
    boost::asio::awaitable<void> resume_one(store::Effect effect, std::string who_stopped);

    static constexpr std::size_t reports_waiting_max = 512;

    StoreAccess* store_;
    Clock* clock_;
    Labels labels_;
    std::map<std::string, adapters::Printer*> printers_;
    std::map<std::string, adapters::Conveyor*> conveyors_;
    Labelled asked_;
    std::size_t reports_waiting_ = 0;  ///< of diverts, on their way into the store
    std::map<std::string, std::chrono::nanoseconds> unable_since_;  ///< by printer
    std::int64_t next_test_ = -1;                                   ///< tests have negative numbers
    bool is_stopping_ = false;
};

}  // namespace lotgate::site
