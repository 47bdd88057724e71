#include "adapters/transport/backoff.hpp"

#include <algorithm>
#include <memory>
#include <random>
#include <utility>

namespace lotgate::adapters {

Random machine_random() {
    auto engine = std::make_shared<std::minstd_rand>(std::random_device{}());
    return [engine] { return std::uniform_real_distribution<double>(0.0, 1.0)(*engine); };
}

Backoff::Backoff(Random random) : Backoff(std::move(random), Limits{}) {}

Backoff::Backoff(Random random, Limits limits)
    : random_(std::move(random)), limits_(limits), ceiling_(limits.first_ceiling) {}

std::chrono::milliseconds Backoff::next() {
    ++attempts_;
    const auto span = static_cast<double>((ceiling_ - limits_.shortest).count());
    const auto extra = static_cast<std::int64_t>(span * random_());
    ceiling_ = std::min(ceiling_ * 2, limits_.longest);
    return limits_.shortest + std::chrono::milliseconds(extra);
}

void Backoff::reset() {
    ceiling_ = limits_.first_ceiling;
    attempts_ = 0;
}

}  // namespace lotgate::adapters
