#include "store/model/quantity.hpp"

#include <algorithm>

namespace lotgate {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

Fault not_a_quantity(std::string_view text, std::string why) {
    return {FaultCode::invalid_input, std::move(why), std::string(text)};
}

}  // namespace

std::int64_t one_unit(int scale) {
    std::int64_t one = 1;
    for (int i = 0; i < std::clamp(scale, 0, quantity_scale_max); ++i) one *= 10;
    return one;
}

Result<std::int64_t> parse_quantity(std::string_view text, int scale) {
    const std::size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    std::string_view decimals =
        point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
    const bool is_number = !whole.empty() && std::all_of(whole.begin(), whole.end(), is_digit) &&
                           std::all_of(decimals.begin(), decimals.end(), is_digit) &&
                           (point == std::string_view::npos || !decimals.empty());
    if (!is_number) return fail(not_a_quantity(text, "a quantity is written like 12 or 12.5"));
    while (!decimals.empty() && decimals.back() == '0') decimals.remove_suffix(1);
    if (decimals.size() > static_cast<std::size_t>(std::clamp(scale, 0, quantity_scale_max)))
        return fail(not_a_quantity(text, "the quantity has more decimals than the product's unit"));
    std::int64_t quantity = 0;
    const auto add = [&quantity](char digit) {
        quantity = quantity * 10 + (digit - '0');
        return quantity <= quantity_max;
    };
    bool fits = std::all_of(whole.begin(), whole.end(), add);
    fits = fits && std::all_of(decimals.begin(), decimals.end(), add);
    for (auto i = static_cast<int>(decimals.size()); fits && i < scale; ++i) fits = add('0');
    if (!fits) return fail(not_a_quantity(text, "the quantity is larger than any stock"));
    return quantity;
}

std::string quantity_text(std::int64_t quantity, int scale) {
    const std::int64_t one = one_unit(scale);
    std::string text = std::to_string(quantity / one);
    std::int64_t rest = quantity % one;
    if (rest < 0) {
        rest = -rest;
        if (quantity / one == 0) text.insert(0, "-");
    }
    if (rest == 0) return text;
    std::string decimals = std::to_string(rest + one).substr(1);
    while (decimals.back() == '0') decimals.pop_back();
    return text + "." + decimals;
}

}  // namespace lotgate
