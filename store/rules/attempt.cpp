#include "store/rules/attempt.hpp"

namespace lotgate::rules {

namespace {

constexpr std::array<std::string_view, every_step.size()> step_names = {"receive",
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
    for (const Step step : every_step)
        if (name_of(step) == name) return step;
    return std::nullopt;
}

}  // namespace lotgate::rules
