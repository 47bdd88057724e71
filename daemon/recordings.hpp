#pragma once

// What the wire of a device looked like when a read was refused: kept in a file by the number of
// the event, for the case it opened. Evidence for a person, no truth: a file that is missing or
// cannot be written changes no decision. A thread of its own writes, so that a slow disk stalls no
// device; what comes while too many wait is not kept, and counted.

#include "store/model/result.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace lotgate::site {

class Recordings {
public:
    static constexpr std::size_t files_max = 500;  ///< the oldest go
    static constexpr std::size_t waiting_max = 32;

    /// Makes the folder when the first one is kept.
    explicit Recordings(std::string folder);
    Recordings(const Recordings&) = delete;
    Recordings& operator=(const Recordings&) = delete;
    /// Returns when what was taken is written.
    ~Recordings();

    /// Any thread; returns at once, `text` is asked for in the writing thread. False where too many
    /// wait.
    bool keep(std::uint64_t seq, std::function<std::string()> text);
    /// Those of events up to there go: the events themselves are in an archive.
    void forget_through(std::uint64_t seq);
    /// Fault invalid_input where there is none of this event.
    [[nodiscard]] Result<std::string> read(std::uint64_t seq) const;

    [[nodiscard]] std::uint64_t not_kept() const;

private:
    struct Writer;

    std::unique_ptr<Writer> writer_;
};

}  // namespace lotgate::site
