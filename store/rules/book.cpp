#include "store/rules/book.hpp"

#include <vector>

namespace lotgate::rules {

namespace {

std::vector<RuleRow> bound() {
    std::vector<RuleRow> rows;
    for (const auto& part : {book_of_identity(), book_of_state(), book_of_goods()})
        rows.insert(rows.end(), part.begin(), part.end());
    return rows;
}

}  // namespace

std::span<const RuleRow> book() {
    static const std::vector<RuleRow> the_book = bound();
    return the_book;
}

}  // namespace lotgate::rules
