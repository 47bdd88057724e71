#include "store/rules/attempt.hpp"

#include <array>

namespace lotgate::rules {

namespace {

constexpr std::array<std::string_view, 10> step_names = {"receive",
                                                         "putaway",
                                                         "pick",
                                                         "pack",
                                                         "divert",
                                                         "ship",
                                                         "take_back",
                                                         "count",
                                                         "quarantine",
                                                         "palletise"};

}  // namespace

std::string_view name_of(Step step) {
    return step_names[static_cast<std::size_t>(step)];
}

std::optional<Step> step_named(std::string_view name) {
    for (std::size_t i = 0; i < step_names.size(); ++i)
        if (step_names[i] == name) return static_cast<Step>(i);
    return std::nullopt;
}

}  // namespace lotgate::rules
