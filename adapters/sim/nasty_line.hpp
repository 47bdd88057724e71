#pragma once

// What a scanner's frame may become on the way: quirks that are switched on and off while it runs
// (docs/data/simulators.md). Pure: bytes in, bytes out.

#include "store/model/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace lotgate::sim {

class Fields;

class NastyLine {
public:
    /// "quirk": split, merge, cr_inside, nul_inside, overlong, parity_noise or flood; "on" (true)
    /// and the quirk's own keys.
    Result<> set(Fields& request);

    /// The bytes that leave for one frame now; may be none (merge holds it back) or several frames.
    [[nodiscard]] std::string leave(std::string_view prefix,
                                    std::string_view data,
                                    std::string_view suffix);

    [[nodiscard]] bool is_split() const { return is_split_; }

private:
    [[nodiscard]] std::string mangled(std::string_view data) const;

    bool is_split_ = false;
    bool has_cr_inside_ = false;
    bool has_nul_inside_ = false;
    std::size_t overlong_bytes_ = 0;
    std::size_t noise_every_ = 0;  ///< each such byte arrives as NUL, as a tty with parity gives it
    std::size_t flood_count_ = 1;
    std::size_t merge_count_ = 1;
    std::size_t held_count_ = 0;
    std::string held_;
};

}  // namespace lotgate::sim
