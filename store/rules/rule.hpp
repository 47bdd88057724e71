#pragma once

// The rule book. A rule is a pure function over Facts and an Attempt that returns an accepting
// Verdict or a finding; one file a rule, one row in book.cpp. The order of the table is the
// precedence (parse, identity, hold, state, document, quantity, date, rotation, advisory): all
// findings are collected, and the first blocking one names the code.

#include "store/rules/attempt.hpp"
#include "store/rules/facts.hpp"
#include "store/rules/verdict.hpp"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::rules {

using RuleFunction = Verdict (*)(const Facts&, const Attempt&);

/// A set of steps, for the table.
class Steps {
public:
    constexpr Steps(std::initializer_list<Step> steps) {
        for (const Step step : steps) bits_ |= 1U << static_cast<unsigned>(step);
    }

    template <std::size_t N>
    constexpr explicit Steps(const std::array<Step, N>& steps) {
        for (const Step step : steps) bits_ |= 1U << static_cast<unsigned>(step);
    }

    [[nodiscard]] constexpr Steps without(Step step) const {
        Steps rest = *this;
        rest.bits_ &= ~(1U << static_cast<unsigned>(step));
        return rest;
    }

    [[nodiscard]] constexpr bool has(Step step) const {
        return (bits_ & (1U << static_cast<unsigned>(step))) != 0;
    }

private:
    unsigned bits_ = 0;
};

struct RuleRow {
    std::string_view id;  ///< "R-05"; rules of the gateway's own are "G-nn"
    std::string_view name;
    std::string_view phase;
    Steps steps;
    RuleFunction rule;  ///< an acceptance with a code settles the attempt: no later rule is asked
    std::string_view purpose;
};

/// The law of the site, in order.
[[nodiscard]] std::span<const RuleRow> book();

/// A rule of the law that is no question to a station's facts.
struct ElsewhereRow {
    std::string_view id;
    std::string_view by;
    std::string_view purpose;
};

/// In the order of their ids. With the book, every id of the law stands in one of the two.
[[nodiscard]] std::span<const ElsewhereRow> elsewhere();

struct Judgement {
    Verdict verdict;
    std::vector<Verdict> findings;
};

/// Runs every rule of the attempt's step. The verdict is the first blocking finding, else the
/// first hold, else the first warning, else an acceptance. A finding that the attempt's authority
/// may overrule becomes a warning with its code kept.
[[nodiscard]] Judgement judge(const Facts& facts, const Attempt& attempt);
/// The finding that names the outcome: of all that were found, in the order of the book.
[[nodiscard]] Verdict named_of(const std::vector<Verdict>& findings);

// ---- how a rule says no

/// A refusal in the form the step takes: goods that move on a belt or through a door are diverted,
/// elsewhere nothing moves and the attempt is rejected.
/// Nobody overrules it, unless overrulable() says who may.
[[nodiscard]] Verdict refused(Step step, std::string code, std::string told);
[[nodiscard]] Verdict refused_for_ever(Step step, std::string code, std::string told);
[[nodiscard]] Verdict held(std::string code, std::string told);
/// Only for findings after which the step can still be carried out: a state, an identity or a
/// document that is missing does not come into being because somebody insists.
[[nodiscard]] Verdict overrulable(OverrideClass by, Verdict verdict);
[[nodiscard]] Verdict warned(std::string code, std::string told);

/// What a hold rule places: the reason of the hold that comes with a Decision::hold finding.
[[nodiscard]] std::string_view hold_reason_of(std::string_view code);

/// A case: who decides, and between what. Codes that need nobody have no row.
struct CaseKind {
    std::string_view code;       ///< exact, or a prefix that ends with '_'
    std::string_view who;        ///< "operator", "supervisor", "quality"
    std::string_view decisions;  ///< space-separated
};

[[nodiscard]] std::span<const CaseKind> all_case_kinds();
[[nodiscard]] const CaseKind* case_kind_of(std::string_view code);

/// Within how many seconds such a case is decided, by law; nothing for the others.
[[nodiscard]] std::optional<std::int64_t> case_due_s(std::string_view code);

/// The reason number for a conveyor's register W4 (docs/data/answers.md, "Reasons").
[[nodiscard]] std::uint16_t divert_reason_of(const Verdict& verdict);

/// The whole law as a page of Markdown (docs/RULES.md is this text).
[[nodiscard]] std::string rules_page();

/// Where goods of a grade go: A restock, B repair, C recycle, D scrap; empty where it is no grade.
[[nodiscard]] std::string_view route_of_grade(std::string_view grade);

/// How sure a reading is, in percent: CASE (or empty) 100, MANUAL and PALLET_INFERRED 75, SLOT 25.
[[nodiscard]] int confidence_of(std::string_view capture);

/// "lint:bad_date" becomes "LINT_BAD_DATE".
[[nodiscard]] std::string code_word(std::string_view text);

}  // namespace lotgate::rules
