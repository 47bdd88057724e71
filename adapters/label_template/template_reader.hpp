#pragma once

// Reads a label template and finds what is wrong with it. No I/O.
//
//   template = ^XA … ^XZ, in which a place may stand between ^FD and ^FS:
//   place    = "{" [shape SP] item { SP item } "}"         "{{" and "}}" are braces
//   shape    = "block" | "code128" | "datamatrix" | "plain128" | "qr"      (none = text)
//   item     = [ai "="] field ["?"] | "[" item { SP item } "]"
//   "{if" SP field "}" at the beginning of a line: the line is there only where the field is

#include "adapters/label_template/label_template.hpp"

#include <array>
#include <optional>

namespace lotgate::adapters {

class TemplateReader {
public:
    TemplateReader(std::string_view text, std::vector<TemplateProblem>& problems)
        : text_(text), problems_(problems) {}

    [[nodiscard]] LabelTemplate read();

private:
    /// What has been said of the field that is being drawn.
    struct Field {
        char hex = 0;            ///< of ^FH; 0 = none
        std::string barcode;     ///< "BC", "BX", …
        std::string parameters;  ///< of the barcode
        bool is_block = false;   ///< ^FB
        bool is_open = false;    ///< after ^FD
    };

    void problem(std::string message);
    void command();
    void note(const std::string& name, const std::string& parameters);
    void forbid(const std::string& name, const std::string& parameters);
    void place();
    void flush(std::optional<LabelTemplate::Place> place);
    void begin_condition(std::string_view field);
    void end_line();

    [[nodiscard]] int column() const { return static_cast<int>(at_ - line_begin_) + 1; }

    void check_place(const LabelTemplate::Place& place);
    void literal(std::string_view text);
    void finish();

    std::string_view text_;
    std::vector<TemplateProblem>& problems_;
    LabelTemplate label_;
    std::string literal_;
    std::string condition_;  ///< field of the {if ...} whose line this is
    Field field_;
    std::size_t at_ = 0;
    std::size_t line_begin_ = 0;
    int line_ = 1;
    int starts_ = 0;
    int ends_ = 0;
    bool has_utf8_ = false;
    bool has_quantity_ = false;
    bool has_text_ = false;
};

}  // namespace lotgate::adapters
