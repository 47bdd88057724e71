#include "daemon/cli/rules_listing.hpp"

#include "daemon/cli/text.hpp"
#include "store/rules/rule.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace lotgate::cli {

namespace {

std::string steps_of(const rules::RuleRow& row) {
    std::string names;
    std::size_t count = 0;
    for (const rules::Step step : rules::every_step) {
        if (!row.steps.has(step)) continue;
        ++count;
        names += (names.empty() ? "" : ", ") + std::string(rules::name_of(step));
    }
    return count == rules::every_step.size() ? "all" : names;
}

}  // namespace

std::string rules_as_text() {
    Table table({"RULE", "PHASE", "STEPS", "NAME", "PURPOSE"});
    for (const rules::RuleRow& row : rules::book()) {
        table.add({std::string(row.id),
                   std::string(row.phase),
                   steps_of(row),
                   std::string(row.name),
                   std::string(row.purpose)});
    }
    return table.text();
}

std::string rules_as_json() {
    boost::json::array list;
    for (const rules::RuleRow& row : rules::book()) {
        boost::json::object rule;
        rule["id"] = row.id;
        rule["name"] = row.name;
        rule["phase"] = row.phase;
        rule["steps"] = steps_of(row);
        rule["purpose"] = row.purpose;
        list.emplace_back(std::move(rule));
    }
    boost::json::object answer;
    answer["rules"] = std::move(list);
    return boost::json::serialize(answer) + "\n";
}

}  // namespace lotgate::cli
