#pragma once

// How well a scanner reads: the share of no-reads among its last reads, against its own usual
// share. A lens that gets dirty shows here days before it fails. No I/O, no clock.

#include <bitset>
#include <cstddef>
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

}  // namespace lotgate::adapters
