#pragma once

// Everything that was asked of the store and what it answered: the memory against which a
// restarted store is held.

#include "store/store.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lotgate::powercut {

struct Exchange {
    store::Command sent;
    std::optional<store::Outcome> answer;  ///< the first good one
};

struct Conversation {
    std::vector<Exchange> exchanges;
    Seq last_answered{};
    Seq acknowledged{};  ///< the cloud was told to have everything up to here
};

/// Gives the numbers of the exchanges to send next; empty ends it. Called on the store thread.
using NextBurst = std::function<std::vector<std::size_t>()>;

/// Told of every answer, in order. Called on the store thread.
using Heard = std::function<void(std::size_t exchange, Result<store::Outcome> answer)>;

/// Sends burst after burst, each when the one before is answered, until there is none left or the
/// store says it is unsafe. Every burst but the first command is submitted from the store thread
/// itself, so that the same commands always share a transaction. False: it did not answer in time.
[[nodiscard]] bool converse(store::Store& store,
                            const Conversation& conversation,
                            const NextBurst& next,
                            const Heard& heard);

}  // namespace lotgate::powercut
