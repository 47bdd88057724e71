#pragma once

// A label printer that speaks TSPL, on TCP port 9100, a serial line or USB. What its answers mean:
// README.md beside this file; the supervision is that of every label printer.

#include "adapters/label_printer/label_printer.hpp"
#include "adapters/tspl_printer/replies.hpp"

#include <string_view>
#include <utility>

namespace lotgate::adapters {

class TsplPrinter final : public LabelPrinter {
public:
    static constexpr std::string_view kind_name = "tspl_printer";

    TsplPrinter(DeviceId id, const LabelPrinterConfig& config, OnPrint on_print, World world)
        : LabelPrinter(
              {std::move(id), tspl_language()}, config, std::move(on_print), std::move(world)) {}

    /// With a line of one's own (tests).
    TsplPrinter(
        DeviceId id, LabelPrinterConfig config, OnPrint on_print, World world, OpenStream open)
        : LabelPrinter({std::move(id), tspl_language()},
                       std::move(config),
                       std::move(on_print),
                       std::move(world),
                       std::move(open)) {}

    [[nodiscard]] std::string_view kind() const override { return kind_name; }
};

}  // namespace lotgate::adapters
