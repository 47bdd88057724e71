#pragma once

// Reads what stands between the braces of a place, the same for every language of printers
// (grammar: template_reader.hpp). No I/O.

#include "adapters/label_template/label_template.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::adapters {

/// A file of a template, in either language.
constexpr std::size_t template_bytes_max = 64 * 1024;

struct PlaceRead {
    LabelTemplate::Place place;
    bool is_place = false;  ///< false where it cannot be used at all
    std::vector<std::string> problems;
};

[[nodiscard]] PlaceRead read_place(std::string_view inside);

/// code128 and datamatrix, whose fields have application identifiers.
[[nodiscard]] bool takes_elements(LabelTemplate::Shape shape);

[[nodiscard]] bool is_label_field(const std::string& name);
/// "; did you mean …?", or empty.
[[nodiscard]] std::string nearest_label_field(const std::string& name);

}  // namespace lotgate::adapters
