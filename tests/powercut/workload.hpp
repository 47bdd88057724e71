#pragma once

// A day at one site, made up by a seed: goods announced, received (twice, wrong, unread), packed,
// labelled, diverted, loaded; holds placed and lifted by the cloud. The next command depends only
// on the seed and on what was answered before, so a seed is the same day each time.

#include "store/store.hpp"

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace lotgate::powercut {

class Workload {
public:
    explicit Workload(std::uint64_t seed);

    /// What the cloud sends a new site: products, announced goods, orders, carton numbers.
    [[nodiscard]] std::vector<store::Command> first_feed();
    [[nodiscard]] store::Command next();
    /// What was decided about it, so that the day goes on from there.
    void heard(const store::Command& sent, const store::Outcome& outcome);

private:
    [[nodiscard]] std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

    [[nodiscard]] rules::Attempt attempt(rules::Step step, std::string station);
    [[nodiscard]] rules::Attempt receive();
    [[nodiscard]] rules::Attempt pack();
    [[nodiscard]] rules::Attempt send_away();
    [[nodiscard]] store::EffectReport report();
    [[nodiscard]] store::FeedPage hold_or_lift();

    std::mt19937_64 random_;
    std::shared_ptr<const rules::StationPolicy> policy_;
    std::int64_t now_us_;
    std::uint64_t requests_ = 0;
    std::uint64_t serials_ = 0;
    std::uint64_t orders_ = 0;
    std::uint64_t urgent_ = 0;
    bool has_asn_open_ = false;
    bool has_order_open_ = false;
    bool is_held_ = false;
    std::vector<std::string> in_stock_;
    std::vector<std::string> cartons_;
    std::vector<store::Effect> effects_;
};

}  // namespace lotgate::powercut
