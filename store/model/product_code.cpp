#include "store/model/product_code.hpp"

#include <algorithm>

namespace lotgate {

bool is_product_code(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || text.size() > product_code_bytes_max) return false;
    const std::string_view scheme = text.substr(0, colon);
    const std::string_view value = text.substr(colon + 1);
    const bool is_known = scheme == "hibc" || scheme == "ppn" || scheme == "part";
    return is_known && !value.empty() &&
           std::all_of(value.begin(), value.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

bool is_unique_in_the_world(std::string_view product_code) {
    return product_code.substr(0, 5) != "part:";
}

}  // namespace lotgate
