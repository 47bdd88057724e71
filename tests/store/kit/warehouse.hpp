#pragma once

// A small warehouse for tests of the store: a clock that stands still until it is moved, a
// database in a directory of its own, and phrases for what people scan.

#include "store/queries.hpp"
#include "store/store.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace lotgate::testkit {

class FakeClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override { return {us_.load()}; }

    [[nodiscard]] std::chrono::nanoseconds monotonic() const override {
        return std::chrono::microseconds(us_.load());
    }

    void set(std::string_view iso) { us_ = parse_instant(iso)->us; }

    void advance_ms(std::int64_t ms) { us_ += ms * 1000; }

private:
    std::atomic<std::int64_t> us_{parse_instant("2026-11-22T08:00:00Z")->us};
};

/// A directory of its own below the system's temporary directory, removed afterwards.
class TempDir {
public:
    TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;
    ~TempDir();

    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

inline constexpr const char* romaine = "09506000134352";   ///< serial and lot tracked, expiry
inline constexpr const char* kale = "09506000134369";      ///< lot tracked, counted
inline constexpr const char* widget = "09506000134376";    ///< serial tracked only
inline constexpr const char* stranger = "09506000134383";  ///< no product here

class Warehouse {
public:
    Warehouse();

    /// Ends the store and opens it anew, as after a restart.
    void restart();

    /// The same, as a site that tracks no product by serial and by lot at once.
    void restart_with_exclusive_tracking() {
        has_exclusive_tracking_ = true;
        restart();
    }

    void stop() { store_.reset(); }

    [[nodiscard]] store::Store& store() { return *store_; }

    [[nodiscard]] FakeClock& clock() { return clock_; }

    [[nodiscard]] const std::string& path() const { return path_; }

    /// How far the clock is trusted from now on: "synced", "holdover" or "unset".
    void trust_clock(std::string quality) { clock_quality_ = std::move(quality); }

    [[nodiscard]] std::unique_ptr<store::Queries> queries() const;

    /// Submits and waits for the answer.
    Result<store::Outcome> ask(store::Command command);
    store::Outcome scan(rules::Attempt attempt);
    /// An operation by badge B-7 with a reason and a second badge, so that only its plan says no.
    [[nodiscard]] store::Operation operation(
        const std::string& kind, std::vector<std::pair<std::string, std::string>> arguments);
    store::Outcome operate(const std::string& kind,
                           std::vector<std::pair<std::string, std::string>> arguments);
    /// Applies feed items in the main lane (kind, body, kind, body, …).
    void send(const std::vector<std::pair<std::string, std::string>>& items,
              const std::string& lane = "main");
    /// Products, parties, ASN-1 (romaine S-1..S-4 of lot L-88, 10 kale of lot K-1), SO-1 (two
    /// romaine, three kale) and a range of carton numbers.
    void furnish();

    // ---- what people scan
    [[nodiscard]] rules::Attempt at(rules::Step step, const std::string& station);
    [[nodiscard]] rules::Attempt unit(rules::Step step,
                                      const std::string& station,
                                      const std::string& serial,
                                      const std::string& gtin = romaine);
    [[nodiscard]] rules::Attempt goods(rules::Step step,
                                       const std::string& station,
                                       const std::string& lot,
                                       std::int64_t quantity);
    [[nodiscard]] rules::Attempt code(rules::Step step,
                                      const std::string& station,
                                      const std::string& plain);
    [[nodiscard]] rules::Attempt carton(rules::Step step,
                                        const std::string& station,
                                        const std::string& sscc);

    [[nodiscard]] rules::StationPolicy& policy() { return *policy_; }

    [[nodiscard]] std::string summary();
    /// True where projections folded anew equal the live ones.
    [[nodiscard]] std::string rebuild();

private:
    TempDir directory_;
    std::string path_;
    FakeClock clock_;
    std::shared_ptr<rules::StationPolicy> policy_ = std::make_shared<rules::StationPolicy>();
    std::unique_ptr<store::Store> store_;
    bool has_exclusive_tracking_ = false;
    std::string clock_quality_ = "synced";
    std::uint64_t requests_ = 0;
    std::uint64_t dseq_main_ = 0;
    std::uint64_t dseq_urgent_ = 0;
};

/// The value of the print field, or "".
[[nodiscard]] std::string print_field(const store::Outcome& outcome, const std::string& name);

}  // namespace lotgate::testkit
