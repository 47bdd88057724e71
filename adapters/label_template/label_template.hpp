#pragma once

// Labels as files: ZPL or TSPL with places for fields (notation in config/labels/README.md),
// checked when they are loaded, and filled so that whatever a field holds stays data: no byte of it
// can start a command of the printer. Templates are code: they come from the configuration, never
// from outside.

#include "store/model/result.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lotgate::adapters {

/// Name and value, unescaped.
using LabelFields = std::vector<std::pair<std::string, std::string>>;

/// The fields that a template may name, with what they hold and an example of it.
struct LabelFieldName {
    std::string_view name;
    std::string_view holds;
    std::string_view example;
};

[[nodiscard]] const std::vector<LabelFieldName>& label_field_names();

/// Whose every field has its example: for previews and checks.
[[nodiscard]] LabelFields example_label_fields();

struct TemplateProblem {
    int line = 0;
    int column = 0;
    std::string message;
};

enum class LabelLanguage { zpl, tspl };

/// "zpl", "tspl": the ending of a template's file, and what a printer says it speaks.
[[nodiscard]] std::string_view name_of(LabelLanguage language);
[[nodiscard]] std::optional<LabelLanguage> label_language(std::string_view name);

/// One template. Immutable once parsed.
class LabelTemplate {
public:
    /// Records all problems; the template is usable only if none was added.
    [[nodiscard]] static LabelTemplate parse(std::string_view text,
                                             std::vector<TemplateProblem>& problems,
                                             LabelLanguage language = LabelLanguage::zpl);

    /// One complete format, with ^JZN and ^PQ1 (SET REPRINT OFF and PRINT 1): exactly one label,
    /// never printed again by the printer itself. Fault invalid_input: a field that is needed is
    /// missing, or cannot be printed as what it should be (an SSCC with a wrong check digit);
    /// nothing is approximated.
    [[nodiscard]] Result<std::string> render(const LabelFields& fields) const;

    enum class Shape {
        text,        ///< {order}
        block,       ///< {block lines}: line breaks kept, inside ^FB
        code128,     ///< {code128 00=sscc}: GS1-128
        datamatrix,  ///< {datamatrix 01=gtin 21=serial}: GS1 DataMatrix
        plain128,    ///< {plain128 order}: Code 128
        qr,          ///< {qr link}
    };

    struct Element {
        std::string ai;  ///< empty but for code128 and datamatrix
        std::string field;
        bool is_optional = false;  ///< left out where the field is missing or empty
        int group = 0;  ///< elements of one [ ] are printed together or not at all; 0 = none
    };

    struct Place {
        Shape shape = Shape::text;
        std::vector<Element> elements;
        int line = 0;
        int column = 0;
    };

    /// What a label must have, to be accounted for: a symbol that names it, and a place that tells
    /// a reprint from the first.
    [[nodiscard]] std::vector<std::string> missing() const;

private:
    struct Piece {
        std::string literal;  ///< before the place
        std::optional<Place> place;
        std::string only_if;  ///< left out where this field is missing or empty
    };

    friend class TemplateReader;
    friend class TsplTemplateReader;

    LabelLanguage language_ = LabelLanguage::zpl;

    std::vector<Piece> pieces_;
};

/// The templates of a directory: `carton.zpl` is "carton" for printers that speak ZPL. Immutable
/// once loaded.
class LabelTemplates {
public:
    /// Reads *.zpl and *.tspl. Fault invalid_input: every problem of every file, one a line, as
    /// "file:line:column: what is wrong"; unavailable: the directory cannot be read.
    [[nodiscard]] static Result<std::unique_ptr<LabelTemplates>> load(const std::string& directory);

    /// Fault invalid_input also where there is no such template in that language.
    [[nodiscard]] Result<std::string> render(const std::string& name,
                                             LabelLanguage language,
                                             const LabelFields& fields) const;
    /// Each once, whatever it is written in.
    [[nodiscard]] std::vector<std::string> names() const;
    [[nodiscard]] bool has(const std::string& name, LabelLanguage language) const;

private:
    std::map<std::pair<std::string, LabelLanguage>, LabelTemplate> templates_;
};

}  // namespace lotgate::adapters
