#include "adapters/label_preview/preview.hpp"

#include "adapters/label_preview/languages.hpp"

namespace lotgate::adapters {

Result<LabelPreview> preview_label(LabelLanguage language,
                                   const std::string& bytes,
                                   unsigned dots_per_mm) {
    return language == LabelLanguage::tspl ? preview_tspl(bytes, dots_per_mm)
                                           : preview_zpl(bytes, dots_per_mm);
}

}  // namespace lotgate::adapters
