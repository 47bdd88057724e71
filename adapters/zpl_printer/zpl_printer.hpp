#pragma once

// A label printer that speaks ZPL, on TCP port 9100, a serial line or USB. How a label is proved
// to be printed: README.md beside this file; the supervision is that of every label printer.

#include "adapters/label_printer/label_printer.hpp"
#include "adapters/zpl_printer/replies.hpp"

#include <string_view>
#include <utility>

namespace lotgate::adapters {

using ZplPrinterConfig = LabelPrinterConfig;

class ZplPrinter final : public LabelPrinter {
public:
    static constexpr std::string_view kind_name = "zpl_printer";

    ZplPrinter(DeviceId id, const ZplPrinterConfig& config, OnPrint on_print, World world)
        : LabelPrinter(
              {std::move(id), zpl_language()}, config, std::move(on_print), std::move(world)) {}

    /// With a line of one's own (tests).
    ZplPrinter(DeviceId id, ZplPrinterConfig config, OnPrint on_print, World world, OpenStream open)
        : LabelPrinter({std::move(id), zpl_language()},
                       std::move(config),
                       std::move(on_print),
                       std::move(world),
                       std::move(open)) {}

    [[nodiscard]] std::string_view kind() const override { return kind_name; }
};

}  // namespace lotgate::adapters
