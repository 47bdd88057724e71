#pragma once

// The one loop every device with a byte link runs: open, serve until the link fails, say why,
// wait, open again. Retry lives here and nowhere else.

#include "adapters/transport/backoff.hpp"
#include "adapters/transport/byte_stream.hpp"
#include "adapters/transport/health_keeper.hpp"
#include "store/model/time.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace lotgate::adapters {

/// Waits on the loop, in real time or in a test's virtual time; cancelled with its coroutine.
using Wait = std::function<boost::asio::awaitable<void>(std::chrono::milliseconds)>;

/// What an adapter needs of the world besides its wire. Copied into the adapter.
struct World {
    const Clock* clock = nullptr;  ///< outlives the adapter
    Wait wait;
    Random random;
    LogLine log;
};

/// The machine's clock, timers and randomness.
[[nodiscard]] World machine_world(LogLine log);

/// Serves one opened link until it fails, and says why it ended. Shared, since another coroutine of
/// the device may still be writing when this one returns; the link is closed then.
using Serve = std::function<boost::asio::awaitable<Fault>(std::shared_ptr<ByteStream>)>;

/// Runs `serve` with each opened link, for ever; ends by cancellation only. `serve` returns the
/// Fault that ended the link, and reports ready itself (through `health`) when it knows. Fault
/// codes invalid_input and conflict become HealthState::failed (still tried again, slowly), all
/// others retrying. `backoff` is reset by the caller after useful work. All references belong to
/// the frame that awaits this.
struct Supervised {
    const OpenStream& open;
    const Serve& serve;
    HealthKeeper& health;
    Backoff& backoff;
    const Wait& wait;
};

[[nodiscard]] boost::asio::awaitable<void> supervise(const Supervised& device);

}  // namespace lotgate::adapters
