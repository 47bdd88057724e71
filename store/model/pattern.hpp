#pragma once

// What serials and lots of a product look like: regular expressions that always match the whole
// text and take time proportional to it, whatever the pattern is (patterns come from the network;
// a backtracking matcher can be made to run for years).
//
//   pattern = branch ("|" branch)*        branch = (atom count?)*
//   atom    = character | "." | "[" "^"? (c | c "-" c)+ "]" | "(" pattern ")" | "\" escape
//   escape  = d D w W s S, or any character that stands for itself
//   count   = "*" | "+" | "?" | "{n}" | "{n,}" | "{n,m}"      "^" in front and "$" at the end:
//   no-ops

#include "store/model/result.hpp"

#include <bitset>
#include <cstddef>
#include <string_view>
#include <vector>

namespace lotgate {

class Pattern {
public:
    [[nodiscard]] static Result<Pattern> parse(std::string_view text);

    [[nodiscard]] bool matches(std::string_view text) const;

    using Characters = std::bitset<256>;

    struct Step {
        enum class Kind { character, fork, jump, end } kind = Kind::end;
        Characters characters = {};
        std::size_t to = 0;
        std::size_t or_to = 0;
    };

private:
    explicit Pattern(std::vector<Step> steps) : steps_(std::move(steps)) {}

    void follow(std::size_t step, std::vector<std::size_t>& at, std::vector<bool>& seen) const;

    std::vector<Step> steps_;
};

}  // namespace lotgate
