#pragma once

// What an accepted attempt changes, station by station, and what the person is told. Pure: facts
// and verdict in, changes and effects out; the fold applies them.

#include "store/events/bodies.hpp"
#include "store/events/rows_as_they_are.hpp"
#include "store/rules/rule.hpp"

#include <cstdint>
#include <string>

namespace lotgate::store {

/// One attempt on its way to an event.
struct Draft {
    const rules::Attempt* attempt = nullptr;
    const rules::Facts* facts = nullptr;
    rules::Judgement judgement;
    std::uint64_t seq = 0;  ///< of the event that this becomes
    AttemptBody body;
    int ids = 0;
    bool is_part = false;  ///< of a container that is done piece by piece

    /// Unique for ever: made from the event's number. At most 16 of an event.
    [[nodiscard]] std::int64_t next_id();
    [[nodiscard]] bool found(std::string_view code) const;
};

/// Fills in changes, effects, cases, holds, what was done, progress and mentions.
void plan(Draft& draft);
/// The same for one piece of a container, beside what the pieces before it have filled in.
void plan_part(Draft& draft);
/// The container itself, after all of its pieces.
void plan_container_done(Draft& draft);
/// Cards and holds alone: of a piece that stops its container, and of the container itself.
void plan_cards(Draft& draft);

void plan_people(Draft& draft);
/// What was weighed where stock was chosen, for `lotgate why`.
void note_considered(Draft& draft);
void plan_receive(Draft& draft);
/// The announced pallet or case, after all in it was received.
void plan_announced_done(Draft& draft);
void plan_pack(Draft& draft);
void plan_divert(Draft& draft);
void plan_ship(Draft& draft);
void plan_single_unit(Draft& draft);
/// Goods are put at the scanned place from now on.
void plan_location(Draft& draft);
void plan_return(Draft& draft);
void plan_count(Draft& draft);
void plan_palletise(Draft& draft);

/// The unit's row as it is, to be changed in part.
[[nodiscard]] UnitMoved unit_row(const Draft& draft, UnitState to);
/// The way from its state to `to` at this step; a legal one, or the command fails.
[[nodiscard]] std::vector<UnitState> way_to(const Draft& draft, UnitState to);
[[nodiscard]] std::string progress_of(std::int64_t done, std::int64_t of);

}  // namespace lotgate::store
