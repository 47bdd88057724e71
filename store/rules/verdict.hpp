#pragma once

// What the rule book says. A refusal is data: it is written to the ledger, shown and synced.

#include <string>
#include <string_view>
#include <vector>

namespace lotgate::rules {

/// What happens to the goods.
enum class Decision {
    accept,
    warn,    ///< accepted, amber, and a case is opened
    hold,    ///< taken into custody under a hold
    divert,  ///< no transition; the carton goes to the exception lane, the observation is kept
    reject,  ///< no transition; nothing moves
};

[[nodiscard]] std::string_view name_of(Decision decision);

/// Who may overrule it (rules page, 3.0).
enum class OverrideClass { never, supervisor, two_people, operator_confirms };

[[nodiscard]] std::string_view name_of(OverrideClass override_class);

/// One rule's finding. An accepting verdict has Decision::accept and an empty code.
struct Verdict {
    Decision decision = Decision::accept;
    std::string code;  ///< "SERIAL_DUPLICATE"
    std::string rule;  ///< "R-05", filled in by the book
    std::string told;  ///< one sentence for the operator that says the next step
    OverrideClass override_class = OverrideClass::never;
    std::string overruled = {};  ///< the decision it was before somebody overruled it, or empty
    /// Of an acceptance with a code: said beside it, where others of that kind settle the attempt.
    bool is_note = false;

    [[nodiscard]] bool blocks() const {
        return decision == Decision::divert || decision == Decision::reject;
    }

    [[nodiscard]] bool accepted() const { return decision == Decision::accept; }
};

}  // namespace lotgate::rules
