#pragma once

// The life of a unit: its states, and which moves exist. The law is transitions.csv (compiled in);
// every pair of states that is not in it does not exist. Holds are another matter: a held unit
// makes only the moves marked held_may.

#include "store/rules/attempt.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::rules {

enum class UnitState {
    none,  ///< not known here; before EXPECTED or an unannounced receipt
    expected,
    received,
    in_inventory,
    allocated,
    picked,
    packed,
    shipped,
    returned,
    missing,
    scrapped,
    relabelled,
    voided,
};

inline constexpr int unit_state_count = 13;

[[nodiscard]] std::string_view name_of(UnitState state);  ///< "IN_INVENTORY"
[[nodiscard]] std::optional<UnitState> unit_state_named(std::string_view name);
/// Where the unit is inside the building.
[[nodiscard]] bool is_on_site(UnitState state);

struct Transition {
    UnitState from = UnitState::none;
    UnitState to = UnitState::none;
    std::string event;
    bool held_may = false;
    std::string steps;  ///< space-separated names of the steps that make it, or empty
};

/// The rows of transitions.csv.
[[nodiscard]] std::span<const Transition> transitions();
/// The move from one state to another, or nullptr where there is none.
[[nodiscard]] const Transition* find_transition(UnitState from, UnitState to);
/// The text compiled in.
[[nodiscard]] std::string_view transitions_csv();

/// The shortest legal way, both ends included, using only moves that one step makes; empty where
/// there is none. Packing takes a unit from the rack through PICKED to PACKED in one go.
[[nodiscard]] std::vector<UnitState> way(UnitState from, UnitState to, std::string_view step);

/// What a step makes of a unit, or none where the step makes no move.
[[nodiscard]] UnitState goal_of(Step step);
/// The sentence that says what a person does with a unit in this state.
[[nodiscard]] std::string_view next_step_from(UnitState state);

}  // namespace lotgate::rules
