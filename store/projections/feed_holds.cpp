// Holds and recalls of the feed, and what is not understood but may be one.

#include "store/projections/feed_fold.hpp"
#include "store/projections/feed_json.hpp"
#include "store/projections/projections.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace lotgate::store {

namespace json = boost::json;

namespace {

// The target of a hold in the form that is looked up, or empty where it cannot be understood.
std::string target_of(const json::object& target) {
    const std::string kind = text_at(target, "kind");
    const auto gtin = Gtin::parse(text_at(target, "gtin"));
    if (kind == "container" && Sscc::parse(text_at(target, "sscc")))
        return container_target(text_at(target, "sscc"));
    if (kind == "document" && !text_at(target, "id").empty())
        return document_target(text_at(target, "id"));
    if (!gtin) return {};
    if (kind == "product") return product_target(gtin->text());
    if (kind == "lot" && !text_at(target, "lot").empty())
        return lot_target(gtin->text(), lot_key_of(text_at(target, "lot")));
    if (kind == "unit" && !text_at(target, "serial").empty())
        return unit_key(gtin->text(), text_at(target, "serial"));
    return {};
}

}  // namespace

bool FeedFold::hold(Item& item) {
    const json::object& body = *item.json;
    const json::value* target = body.if_contains("target");
    if (text_at(body, "id").empty() || target == nullptr || !target->is_object()) return false;
    const std::string key = target_of(target->get_object());
    if (key.empty()) return false;
    std::string reason = text_at(body, "reason");
    // A hold of a reason this program does not know is a hold all the same.
    if (reason.empty()) reason = "quarantine";
    hold_.run(text_at(body, "id"),
              reason,
              text_at(body, "class"),
              key,
              text_at(body, "placed_by"),
              text_at(body, "note"),
              item.seq);
    mention(item, key);
    if (reason == "recall") recall_applied(item, key);
    if (reason == "recall") recalled_ = key;
    return true;
}

bool FeedFold::hold_lift(Item& item) {
    const std::string id = text_at(*item.json, "id");
    if (id.empty()) return false;
    lift_.run(item.seq, id);
    mention(item, "hold:" + id);
    return true;
}

// What a recall finds here is a card for quality: how much is in the building, how much has left.
void FeedFold::recall_applied(Item& item, const std::string& target) {
    const bool is_lot = target.starts_with("lot:");
    if (!is_lot && !target.starts_with("product:")) return;
    const std::string rest = target.substr(target.find(':') + 1);
    const std::string gtin = rest.substr(0, 14);
    const std::string lot_key = is_lot ? rest.substr(15) : std::string();
    std::int64_t here = 0;
    std::int64_t left = 0;
    for (auto rows = recalled_units_(gtin, lot_key); rows.next();) {
        const auto state = rules::unit_state_named(rows.view(0)).value_or(UnitState::none);
        if (rules::is_on_site(state)) here += rows.integer(1);
        if (state == UnitState::shipped) left += rows.integer(1);
    }
    for (auto rows = recalled_goods_(gtin, lot_key); rows.next();)
        (rows.integer(0) != 0 ? left : here) += rows.integer(1);
    open_case(item,
              "RECALL_APPLIED",
              target,
              fmt::format("A recall took effect: {} are in the building, {} have left. Bring what "
                          "is here to quarantine; the trace of the lot lists the customers.",
                          here,
                          left));
}

// A kind this program does not know may be a safety matter where it comes urgently: what it names
// is held until somebody has looked.
void FeedFold::unknown_kind(Item& item) {
    const FeedBody& body = *item.body;
    std::string key;
    const json::value* target = item.json->if_contains("target");
    if (body.lane == "urgent" && target != nullptr && target->is_object())
        key = target_of(target->get_object());
    if (!key.empty()) {
        hold_.run(fmt::format("F-{}-{}", body.lane, body.dseq),
                  "suspect",
                  "",
                  key,
                  "gateway",
                  "unknown kind " + body.kind,
                  item.seq);
        mention(item, key);
    }
    open_case(item,
              "FEED_UNKNOWN_KIND",
              body.kind,
              fmt::format("The cloud sent a {} that this program does not know. Update lotgate.",
                          body.kind));
}

}  // namespace lotgate::store
