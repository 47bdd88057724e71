#pragma once

// The commands of ZPL and of TSPL that our templates use, drawn. Only for preview.cpp.

#include "adapters/label_preview/preview.hpp"

namespace lotgate::adapters {

[[nodiscard]] Result<LabelPreview> preview_zpl(const std::string& bytes, unsigned dots_per_mm);
[[nodiscard]] Result<LabelPreview> preview_tspl(const std::string& bytes, unsigned dots_per_mm);

}  // namespace lotgate::adapters
