#pragma once

// What a label printer says of itself, whatever its language: as far as it matters for one label.

#include <cstdint>
#include <string>

namespace lotgate::adapters {

struct HostStatus {
    bool is_paper_out = false;
    bool is_ribbon_out = false;
    bool is_head_open = false;
    bool is_paused = false;
    bool is_buffer_full = false;
    bool is_in_diagnostics = false;
    bool has_corrupt_ram = false;
    bool is_too_cold = false;
    bool is_too_hot = false;
    bool is_jammed = false;
    bool is_paper_low = false;
    bool has_other_error = false;  ///< a fault that is none of the above
    bool has_partial_format = false;
    bool has_label_to_take = false;  ///< peel-off: a label waits to be taken
    bool is_working = false;         ///< feeding, cutting, imaging or printing
    unsigned formats_waiting = 0;    ///< in the receive buffer
    std::uint64_t labels_left = 0;   ///< of the present batch
    bool tells_buffer = true;        ///< false for answers that know faults only

    /// Why it cannot print until a person has been there; empty if it can.
    [[nodiscard]] std::string hindrance() const;

    /// Nothing is being received or printed, as far as it tells.
    [[nodiscard]] bool is_idle() const {
        return tells_buffer && !is_working && formats_waiting == 0 && !is_buffer_full &&
               !has_partial_format && labels_left == 0;
    }

    friend bool operator==(const HostStatus&, const HostStatus&) = default;
};

}  // namespace lotgate::adapters
