#pragma once

// What must hold after a restart (life.hpp). Each gives an empty text, or what is wrong.

#include "store/store.hpp"
#include "tests/powercut/conversation.hpp"
#include "tests/powercut/workload.hpp"

#include <cstdint>
#include <string>

namespace lotgate::powercut {

struct AskedAgain {
    std::uint64_t answered = 0;              ///< for the first time
    std::uint64_t committed_unanswered = 0;  ///< of those, the ledger had it already
};

/// Asks everything again, in the order of the day. Answered requests must get the same answer as
/// a replay; the others are decided now, once.
[[nodiscard]] std::string what_is_lost(store::Store& store,
                                       Conversation& conversation,
                                       Workload& workload,
                                       AskedAgain& asked);

/// Chain, projections, SQLite's own checks.
[[nodiscard]] std::string what_is_broken(const std::string& path, const Conversation& conversation);

/// Tells the store that the cloud has it all.
[[nodiscard]] std::string acknowledge_all(store::Store& store,
                                          const std::string& path,
                                          Conversation& conversation);

}  // namespace lotgate::powercut
