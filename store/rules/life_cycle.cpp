#include "store/rules/life_cycle.hpp"

#include "store/model/assert.hpp"

#include <array>
#include <deque>

namespace lotgate::rules {

namespace {

constexpr std::array<std::string_view, unit_state_count> names = {"NONE",
                                                                  "EXPECTED",
                                                                  "RECEIVED",
                                                                  "IN_INVENTORY",
                                                                  "ALLOCATED",
                                                                  "PICKED",
                                                                  "PACKED",
                                                                  "SHIPPED",
                                                                  "RETURNED",
                                                                  "MISSING",
                                                                  "SCRAPPED",
                                                                  "RELABELLED",
                                                                  "VOIDED"};

std::size_t index_of(UnitState state) {
    return static_cast<std::size_t>(state);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::vector<Transition> read_transitions() {
    std::vector<Transition> rows;
    const auto lines = split(transitions_csv(), '\n');
    for (std::size_t i = 1; i < lines.size(); ++i) {
        if (lines[i].empty()) continue;
        const auto fields = split(lines[i], ',');
        LG_ASSERT(fields.size() == 8);
        const auto from = unit_state_named(fields[0]);
        const auto to = unit_state_named(fields[1]);
        LG_ASSERT(from && to);
        rows.push_back(
            {*from, *to, std::string(fields[2]), fields[3] == "yes", std::string(fields[4])});
    }
    return rows;
}

struct Law {
    std::vector<Transition> rows = read_transitions();
    std::array<std::array<const Transition*, unit_state_count>, unit_state_count> by_pair{};

    Law() {
        for (const Transition& row : rows) by_pair[index_of(row.from)][index_of(row.to)] = &row;
    }
};

const Law& law() {
    static const Law the_law;
    return the_law;
}

bool is_made_by(const Transition& move, std::string_view step) {
    for (const std::string_view name : split(move.steps, ' '))
        if (name == step) return true;
    return false;
}

}  // namespace

std::string_view name_of(UnitState state) {
    return names[index_of(state)];
}

std::optional<UnitState> unit_state_named(std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name) return static_cast<UnitState>(i);
    return std::nullopt;
}

bool is_on_site(UnitState state) {
    switch (state) {
        case UnitState::received:
        case UnitState::in_inventory:
        case UnitState::allocated:
        case UnitState::picked:
        case UnitState::packed:
        case UnitState::returned:
            return true;
        default:
            return false;
    }
}

std::span<const Transition> transitions() {
    return law().rows;
}

const Transition* find_transition(UnitState from, UnitState to) {
    return law().by_pair[index_of(from)][index_of(to)];
}

UnitState goal_of(Step step) {
    switch (step) {
        case Step::receive:
            return UnitState::received;
        case Step::putaway:
            return UnitState::in_inventory;
        case Step::pick:
            return UnitState::picked;
        case Step::pack:
            return UnitState::packed;
        case Step::ship:
            return UnitState::shipped;
        case Step::take_back:
            return UnitState::returned;
        default:
            return UnitState::none;
    }
}

std::string_view next_step_from(UnitState state) {
    switch (state) {
        case UnitState::none:
        case UnitState::expected:
            return "Receive it first.";
        case UnitState::received:
            return "Put it away first.";
        case UnitState::allocated:
        case UnitState::in_inventory:
            return "It stands in the rack: pick it first.";
        case UnitState::picked:
            return "Pack it, or put it back first.";
        case UnitState::packed:
            return "Open its carton first.";
        case UnitState::shipped:
            return "It has left: take it back at the returns station first.";
        case UnitState::returned:
            return "Grade it at the returns station first.";
        case UnitState::missing:
            return "It is missing: count it in first.";
        default:
            return "Its life has ended: put it in quarantine and call quality.";
    }
}

std::vector<UnitState> way(UnitState from, UnitState to, std::string_view step) {
    std::array<int, unit_state_count> came_from{};
    came_from.fill(-1);
    std::deque<UnitState> open{from};
    came_from[index_of(from)] = static_cast<int>(from);
    while (!open.empty() && came_from[index_of(to)] < 0) {
        const UnitState here = open.front();
        open.pop_front();
        for (const Transition& move : transitions()) {
            if (move.from != here || came_from[index_of(move.to)] >= 0) continue;
            if (!is_made_by(move, step)) continue;
            came_from[index_of(move.to)] = static_cast<int>(here);
            open.push_back(move.to);
        }
    }
    std::vector<UnitState> path;
    if (came_from[index_of(to)] < 0 || from == to) return path;
    for (UnitState at = to; at != from; at = static_cast<UnitState>(came_from[index_of(at)]))
        path.insert(path.begin(), at);
    path.insert(path.begin(), from);
    return path;
}

}  // namespace lotgate::rules
