#pragma once

// Reads a TSPL label template and finds what is wrong with it. No I/O.
//
//   template = lines; a line that begins with ";" is for people and is not sent
//   A place stands inside the quotes of TEXT, BLOCK, BARCODE, DMATRIX or QRCODE. Its grammar, and
//   that of "{if field}", is in template_reader.hpp.

#include "adapters/label_template/label_template.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::adapters {

class TsplTemplateReader {
public:
    TsplTemplateReader(std::string_view text, std::vector<TemplateProblem>& problems)
        : text_(text), problems_(problems) {}

    [[nodiscard]] LabelTemplate read();

private:
    void problem(std::string message);
    void line(std::string_view text);
    [[nodiscard]] std::string_view condition(std::string_view text);
    void command(std::string_view text);
    void content(std::string_view text);
    void place(std::string_view inside, std::string_view before);
    void flush(std::optional<LabelTemplate::Place> place);
    void finish();

    std::string_view text_;
    std::vector<TemplateProblem>& problems_;
    LabelTemplate label_;
    std::string literal_;
    std::string condition_;
    std::string word_;  ///< of the command in hand
    int line_ = 0;
    int column_ = 1;
    bool has_size_ = false;
    bool has_clear_ = false;
    bool has_utf8_ = false;
    bool has_text_ = false;
    int prints_ = 0;
};

}  // namespace lotgate::adapters
