#pragma once

// What the life-cycle operations share: the unit or lot they are about, and the moves that the life
// cycle has.

#include "store/operations/draft.hpp"

#include <string>
#include <string_view>

namespace lotgate::store {

/// The unit's row as it is, to be changed in part.
[[nodiscard]] UnitMoved unit_row(const OperationDraft& draft);
/// The unit is known and may move to `to`; else the draft is refused and false is returned. A held
/// unit makes only the moves that transitions.csv marks for it.
[[nodiscard]] bool unit_may_become(OperationDraft& draft, UnitState to);
/// Takes it out of the carton and the order it was meant for.
void leave_carton_and_order(OperationDraft& draft, UnitMoved& moved);
/// "unit:…" or "lot:…" of the arguments; adds it to the mentions and the subject.
std::string name_goods(OperationDraft& draft);

/// Moves the quantity of the counted lot away from the place of the arguments, or from wherever it
/// stands, largest place first. Refuses where there is not as much.
[[nodiscard]] bool take_counted(OperationDraft& draft, const std::string& to);
/// The arguments name a serial-tracked unit, or a counted lot with a quantity; else refused.
[[nodiscard]] bool goods_are_named(OperationDraft& draft);

/// Opens a case of the table of case kinds.
void open_case(OperationDraft& draft,
               std::string_view kind,
               const std::string& subject,
               std::string told,
               const std::string& hold = {});

}  // namespace lotgate::store
