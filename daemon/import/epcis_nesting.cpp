#include "daemon/import/epcis_nesting.hpp"

#include <algorithm>

namespace lotgate::import {

namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

std::vector<std::string> texts_of(const json::object& object, std::string_view key) {
    std::vector<std::string> texts;
    const json::value* value = object.if_contains(key);
    if (value == nullptr || !value->is_array()) return texts;
    for (const json::value& one : value->get_array())
        if (one.is_string()) texts.emplace_back(one.get_string());
    return texts;
}

std::string path_of(std::size_t number) {
    return "epcisBody.eventList[" + std::to_string(number) + "]";
}

std::vector<Amount> amounts_of(const json::object& event, std::string_view list_name) {
    std::vector<Amount> amounts;
    const json::value* list = event.if_contains(list_name);
    if (list == nullptr || !list->is_array()) return amounts;
    for (const json::value& one : list->get_array()) {
        const json::object* object = one.if_object();
        if (object == nullptr) continue;
        EpcParts parts = parts_of_epc(text_of(*object, "epcClass"));
        const json::value* quantity = object->if_contains("quantity");
        if (parts.gtin.empty() || quantity == nullptr || !quantity->is_number()) continue;
        amounts.push_back({std::move(parts), json::serialize(*quantity)});
    }
    return amounts;
}

Result<> Nesting::learn(const json::object& event, std::size_t number) {
    if (text_of(event, "type") != "AggregationEvent") return {};
    const std::string action = text_of(event, "action");
    const std::string parent = text_of(event, "parentID");
    if (action == "DELETE") return unlearn(event, parent, number);
    if (action != "ADD") return {};
    const auto children = texts_of(event, "childEPCs");
    for (std::size_t i = 0; i < children.size(); ++i)
        if (std::string told = put_in(parent, children[i], number); !told.empty())
            return fail(FaultCode::invalid_input,
                        path_of(number) + ".childEPCs[" + std::to_string(i) + "] \"" +
                            children[i].substr(0, 100) + "\": " + told);
    for (Amount& amount : amounts_of(event, "childQuantityList"))
        inside_[parent].amounts.push_back(std::move(amount));
    return {};
}

const Nesting::Inside* Nesting::in(const std::string& epc) const {
    const auto found = inside_.find(epc);
    return found == inside_.end() ? nullptr : &found->second;
}

bool Nesting::is_pallet(const std::string& epc) const {
    const Inside* inside = in(epc);
    return inside != nullptr &&
           std::any_of(inside->children.begin(),
                       inside->children.end(),
                       [this](const std::string& child) { return inside_.contains(child); });
}

std::string Nesting::put_in(const std::string& parent,
                            const std::string& child,
                            std::size_t number) {
    if (child == parent) return "it would stand in itself.";
    std::string over = parent;
    for (auto up = stands_.find(over); up != stands_.end(); up = stands_.find(over)) {
        over = up->second.in;
        if (over == child)
            return "it would stand in a loop: " + path_of(up->second.event) +
                   " puts it around this container.";
    }
    const auto [before, is_new] = stands_.emplace(child, Stands{parent, number});
    if (is_new)
        inside_[parent].children.push_back(child);
    else if (before->second.in != parent)
        return "it stands in " + before->second.in.substr(0, 100) + " by " +
               path_of(before->second.event) + ", and in one container alone.";
    return {};
}

// Where nothing is named, all of it comes out.
Result<> Nesting::unlearn(const json::object& event,
                          const std::string& parent,
                          std::size_t number) {
    const auto inside = inside_.find(parent);
    if (inside == inside_.end()) return {};
    const auto children = texts_of(event, "childEPCs");
    const auto amounts = amounts_of(event, "childQuantityList");
    if (children.empty() && amounts.empty()) {
        const std::vector<std::string> all = inside->second.children;
        take_out(parent, all);
        inside->second.amounts.clear();
    }
    take_out(parent, children);
    for (const Amount& amount : amounts)
        if (!take_out(parent, amount))
            return fail(FaultCode::invalid_input,
                        path_of(number) + ".childQuantityList: it takes " + amount.quantity +
                            " of " + amount.goods.gtin +
                            " out, and no event has put just that in. Have the sender say what "
                            "is left by new events.");
    if (inside->second.children.empty() && inside->second.amounts.empty()) inside_.erase(inside);
    return {};
}

void Nesting::take_out(const std::string& parent, const std::vector<std::string>& children) {
    for (const std::string& child : children) {
        const auto stands = stands_.find(child);
        if (stands == stands_.end() || stands->second.in != parent) continue;
        stands_.erase(stands);
        std::erase(inside_[parent].children, child);
    }
}

bool Nesting::take_out(const std::string& parent, const Amount& amount) {
    auto& amounts = inside_[parent].amounts;
    const auto same = std::find_if(amounts.begin(), amounts.end(), [&](const Amount& one) {
        return one.is_of(amount) && one.quantity == amount.quantity;
    });
    if (same == amounts.end()) return false;
    amounts.erase(same);
    return true;
}

}  // namespace lotgate::import
