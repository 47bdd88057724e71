#pragma once

// A label as a picture, without a printer: the commands that our templates use, drawn as SVG. It
// shows what would be printed, not how a model's fonts look; a command that is not drawn is named.

#include "adapters/label_template/label_template.hpp"
#include "store/model/result.hpp"

#include <string>
#include <vector>

namespace lotgate::adapters {

struct LabelPreview {
    std::string svg;
    std::vector<std::string> not_shown;  ///< "^GF": commands that were not drawn
};

/// `bytes` is one label as it would be sent. Fault invalid_input: a symbol in it cannot be made.
[[nodiscard]] Result<LabelPreview> preview_label(LabelLanguage language,
                                                 const std::string& bytes,
                                                 unsigned dots_per_mm = 8);

}  // namespace lotgate::adapters
