#pragma once

// How long to wait before the next attempt: full jitter (a random time between the shortest pause
// and a ceiling that doubles), so that fifty devices behind one switch do not come back at once.

#include <chrono>
#include <functional>

namespace lotgate::adapters {

/// A number in [0, 1). Injected, so that tests and the simulator repeat.
using Random = std::function<double()>;

/// Seeded from the machine; loop thread only.
[[nodiscard]] Random machine_random();

class Backoff {
public:
    struct Limits {
        std::chrono::milliseconds shortest{100};
        std::chrono::milliseconds first_ceiling{250};  ///< of the first pause; doubles each time
        std::chrono::milliseconds longest{30'000};
    };

    explicit Backoff(Random random);
    Backoff(Random random, Limits limits);

    /// The next pause, in [shortest, ceiling].
    [[nodiscard]] std::chrono::milliseconds next();
    /// After useful work (a frame, a label), not after a mere connect: a port that accepts and
    /// drops at once must not be hammered.
    void reset();

    [[nodiscard]] unsigned attempts() const { return attempts_; }

private:
    Random random_;
    Limits limits_;
    std::chrono::milliseconds ceiling_;
    unsigned attempts_ = 0;
};

}  // namespace lotgate::adapters
