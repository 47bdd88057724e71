#include "store/model/assert.hpp"

#include <cstdlib>
#include <iostream>

namespace lotgate {

void assert_failed(std::string_view expression, std::string_view file, int line) {
    std::cerr << "lotgate: bug: " << expression << " does not hold at " << file << ":" << line
              << "\n";
    std::abort();
}

}  // namespace lotgate
