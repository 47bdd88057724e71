#pragma once

// The last bytes of one wire, both ways, for a case or a person to look at. Bounded in bytes;
// loop thread only.

#include "store/model/time.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::adapters {

enum class WireWay { in, out, event };

[[nodiscard]] std::string_view name_of(WireWay way);

struct WireRecord {
    WireRecord(Instant at_, WireWay way_, std::string bytes_)
        : at(at_), way(way_), bytes(std::move(bytes_)) {}

    Instant at;
    WireWay way;
    std::string bytes;  ///< raw for in and out: escape before showing
};

class FlightRecorder {
public:
    explicit FlightRecorder(std::size_t bytes_max = 16 * 1024);

    void note(Instant at, WireWay way, std::string_view bytes);
    /// The last `count` of them, oldest first.
    [[nodiscard]] std::vector<WireRecord> records(
        std::size_t count = std::numeric_limits<std::size_t>::max()) const;
    /// Each record from now on is also handed over as a line, until `until` or until `lines_max`
    /// were; an empty function ends it. Watching changes nothing that is recorded.
    void trace(Instant until, std::function<void(const std::string&)> line) const;
    [[nodiscard]] bool is_traced(Instant at) const;
    static constexpr std::size_t trace_lines_max = 5000;

    /// One line a record: "2026-11-22T01:44:09.123456Z <- ]C10109506000134352\x1d21A\r".
    [[nodiscard]] std::string text() const;

private:
    const std::size_t bytes_max_;
    std::size_t bytes_ = 0;
    std::deque<WireRecord> records_;

    struct Trace {
        Instant until;
        std::function<void(const std::string&)> line;
        std::size_t lines = 0;
    };

    mutable Trace trace_;
};

/// "<- ]C1010950600013435\r"
[[nodiscard]] std::string line_of(const WireRecord& record);

/// Printable ASCII as it is, "\\", everything else as \xHH. Safe in logs and terminals.
[[nodiscard]] std::string escaped(std::string_view bytes);

/// A device whose wire is recorded: found by dynamic_cast from Adapter.
class Recorded {
public:
    Recorded() = default;
    Recorded(const Recorded&) = delete;
    Recorded& operator=(const Recorded&) = delete;
    virtual ~Recorded() = default;

    [[nodiscard]] virtual const FlightRecorder& recorder() const = 0;
};

}  // namespace lotgate::adapters
