#pragma once

// How well a scanner reads: the share of no-reads among its last reads, and how many it reads while
// it reads at all, both against its own usual. A lens that gets dirty shows here days before it
// fails. No I/O, no clock.

#include <bitset>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace lotgate::adapters {

class ReadRate {
public:
    void note(bool is_no_read);

    /// Of the last 100 reads (fewer at the start); 0 where there were none.
    [[nodiscard]] double recent_no_reads() const;

    /// Over all reads, older ones weighing less.
    [[nodiscard]] double usual_no_reads() const { return usual_; }

    /// Enough reads, and clearly more no-reads than usual: a sentence for a person, else empty.
    [[nodiscard]] std::string warning() const;

private:
    static constexpr std::size_t window = 100;

    std::bitset<window> last_;  ///< set = no-read; a ring
    std::size_t at_ = 0;
    std::size_t count_ = 0;  ///< up to window
    std::size_t total_ = 0;
    double usual_ = 0.0;
};

/// Reads in ten minutes in which there were any: silence is a pause, not a fault. What a scanner
/// without a photo-eye misses it cannot report as a no-read; it only reads fewer.
class ScanRate {
public:
    static constexpr std::chrono::minutes window{10};

    /// A code was read. `now` since any fixed moment, never backwards.
    void note(std::chrono::nanoseconds now);

    /// In the last ten minutes that are over and had any.
    [[nodiscard]] std::uint64_t recent() const { return recent_; }

    /// The mean of such ten minutes; recent ones weigh more.
    [[nodiscard]] double usual() const { return usual_; }

    /// Half an hour with less than a third of what is usual: a sentence for a person, else empty.
    [[nodiscard]] std::string warning() const;

private:
    void close_window();

    bool has_window_ = false;
    std::int64_t window_ = 0;  ///< number of the present one
    std::uint64_t reads_ = 0;  ///< in it
    std::uint64_t recent_ = 0;
    double usual_ = 0.0;
    std::size_t known_ = 0;  ///< windows in `usual_`
    unsigned poor_ = 0;      ///< windows in a row with too few
};

}  // namespace lotgate::adapters
