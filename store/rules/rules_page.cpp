#include "store/rules/case_effects.hpp"
#include "store/rules/life_cycle.hpp"
#include "store/rules/rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

namespace {

constexpr int step_count = 9;

std::string steps_of(const RuleRow& row) {
    std::string names;
    int count = 0;
    for (int i = 0; i < step_count; ++i) {
        if (!row.steps.has(static_cast<Step>(i))) continue;
        ++count;
        if (!names.empty()) names += ", ";
        names += name_of(static_cast<Step>(i));
    }
    return count == step_count ? "all" : names;
}

}  // namespace

std::string rules_page() {
    std::string page =
        "# The rules of the site\n\n"
        "Written from the tables in `store/rules` (book_of_*.cpp, transitions.csv, rule.cpp); the "
        "tests "
        "compare this page with them. Every rule that applies to a step is asked; the first one in "
        "this order that refuses names the verdict, and all findings are kept in the ledger.\n\n"
        "## Rules\n| rule | asks at | name | law |\n|---|---|---|---|\n";
    for (const RuleRow& row : book())
        page +=
            fmt::format("| {} | {} | {} | {} |\n", row.id, steps_of(row), row.name, row.purpose);
    page +=
        "\n## Rules that are no question to a station\nWhat the rest of the law is carried out "
        "by: before a read is judged, in an operation, in the store itself or between the site "
        "and the cloud.\n\n| rule | carried out by | law |\n|---|---|---|\n";
    for (const ElsewhereRow& row : elsewhere())
        page += fmt::format("| {} | {} | {} |\n", row.id, row.by, row.purpose);
    page +=
        "\n## The life of a unit\nA move that is not here does not happen. Held units make only "
        "the moves marked so.\n\n| from | to | move | held units too | made at |\n"
        "|---|---|---|---|---|\n";
    for (const Transition& move : transitions())
        page += fmt::format("| {} | {} | {} | {} | {} |\n",
                            name_of(move.from),
                            name_of(move.to),
                            move.event,
                            move.held_may ? "yes" : "",
                            move.steps);
    page +=
        "\n## Cases\nWho decides, and between what. A code that ends with `_` stands for all that "
        "begin with it.\n\n| code | decided by | decisions |\n|---|---|---|\n";
    for (const CaseKind& kind : all_case_kinds())
        page += fmt::format("| {} | {} | {} |\n", kind.code, kind.who, kind.decisions);
    page +=
        "\n## Decisions\nWhat each of them does, in the event that closes the case.\n\n"
        "| decision | effect | operation |\n|---|---|---|\n";
    for (const CaseEffect& effect : case_effects())
        page += fmt::format("| {} | {} | {} |\n", effect.decision, effect.told, effect.operation);
    page +=
        "\n## Reasons\nWhy a person may overrule; a rule with reasons of its own takes no "
        "others.\n\n| reason | means | for |\n|---|---|---|\n";
    for (const OverrideReason& reason : override_reasons())
        page += fmt::format("| {} | {} | {} |\n",
                            reason.code,
                            reason.words,
                            reason.only_for.empty() ? "any" : reason.only_for);
    return page;
}

}  // namespace lotgate::rules
