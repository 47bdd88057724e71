#include "adapters/label_printer/printer_status.hpp"

namespace lotgate::adapters {

std::string HostStatus::hindrance() const {
    if (is_head_open) return "head open: close it";
    if (is_paper_out) return "out of labels: load a roll";
    if (is_ribbon_out) return "out of ribbon: load one";
    if (is_jammed) return "labels or ribbon are jammed: open it and clear them";
    if (is_too_hot) return "head too hot: let it cool down";
    if (has_corrupt_ram) return "printer reports corrupt memory: switch it off and on";
    if (is_in_diagnostics) return "printer is in its diagnostic mode: leave it at its panel";
    if (has_other_error) return "printer reports an error: look at its panel";
    if (is_paused) return "paused: press Pause on the printer";
    return {};
}

}  // namespace lotgate::adapters
