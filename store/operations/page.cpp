// The table of operations for people: as Markdown, and as JSON for the API.

#include "store/operations/table.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace lotgate::store {

namespace {

std::string_view who_may(const OperationRow& row) {
    if (row.is_housekeeping) return "the gateway alone";
    switch (row.who) {
        case rules::OverrideClass::operator_confirms:
            return "anybody with a badge";
        case rules::OverrideClass::supervisor:
            return "a supervisor's badge and a reason";
        case rules::OverrideClass::two_people:
            return "two badges and a reason";
        case rules::OverrideClass::never:
            return "nobody";
    }
    return "nobody";
}

}  // namespace

std::string operations_page() {
    std::string page =
        "# Operations\n\n"
        "What a person does that is no scan. Made from `store/operations/table.cpp` by\n"
        "`lotgate operations --markdown`; a test holds it up to date.\n\n"
        "Each is one event of kind `operation` ([events.md](events.md)), done by\n"
        "`lotgate do KIND name=value … --badge B [--reason R] [--second-badge B2]` or\n"
        "`POST /api/v1/operations/KIND` ([api.md](api.md)). The same `request_id` again gets the\n"
        "same answer and has no second effect. A refusal is an answer, and is in the ledger too.\n"
        "At a site that knows its people (feed kind `user`), a supervisor, and each of two "
        "people,\n"
        "gives a PIN too, and five wrong ones in a row lock the badge.\n";
    for (const OperationRow& row : operations()) {
        page += fmt::format(
            "\n## {}\n\n{} Rule {}; who: {}.\n\n", row.id, row.purpose, row.rule, who_may(row));
        if (row.arguments.empty()) {
            page += "It takes no arguments.\n";
            continue;
        }
        page += "| Argument | Kind | Needed | What it is |\n|---|---|---|---|\n";
        for (const Argument& argument : row.arguments) {
            std::string words;
            if (!argument.words.empty()) words = fmt::format(" ({})", argument.words);
            page += fmt::format("| `{}` | {}{} | {} | {} |\n",
                                argument.name,
                                name_of(argument.kind),
                                words,
                                argument.is_required ? "yes" : "",
                                argument.about);
        }
    }
    return page;
}

std::string operations_json() {
    boost::json::array list;
    for (const OperationRow& row : operations()) {
        boost::json::array arguments;
        for (const Argument& argument : row.arguments) {
            boost::json::object one{{"name", argument.name},
                                    {"kind", name_of(argument.kind)},
                                    {"is_required", argument.is_required},
                                    {"about", argument.about}};
            if (!argument.words.empty()) one["words"] = argument.words;
            arguments.emplace_back(std::move(one));
        }
        list.emplace_back(boost::json::object{{"id", row.id},
                                              {"rule", row.rule},
                                              {"who", rules::name_of(row.who)},
                                              {"purpose", row.purpose},
                                              {"arguments", std::move(arguments)}});
    }
    return boost::json::serialize(boost::json::object{{"operations", std::move(list)}});
}

}  // namespace lotgate::store
