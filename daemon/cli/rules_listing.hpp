#pragma once

// `lotgate rules`: the rule book as it is compiled in, in its order of precedence.

#include <string>

namespace lotgate::cli {

[[nodiscard]] std::string rules_as_text();
[[nodiscard]] std::string rules_as_json();

}  // namespace lotgate::cli
