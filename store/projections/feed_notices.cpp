// What only the cloud can know, and tells the site: a serial that two sites have, a promise that
// went to another order, an event it does not take, and where a returned unit was sold. Each is a
// card with its evidence; nothing that was done here is undone by it.

#include "store/projections/feed_fold.hpp"
#include "store/projections/feed_json.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace lotgate::store {

namespace json = boost::json;

namespace {

struct UnitNamed {
    std::string gtin;
    std::string serial;
};

std::optional<UnitNamed> unit_at(const json::object& item) {
    const auto gtin = gtin_at(item);
    const std::string serial = text_at(item, "serial");
    if (!gtin || !Serial::parse(serial)) return std::nullopt;
    return UnitNamed{*gtin, serial};
}

}  // namespace

FeedFold::UnitNow FeedFold::unit_now(const std::string& gtin, const std::string& serial) {
    UnitNow now;
    auto rows = unit_now_(gtin, serial);
    if (!rows.next()) return now;
    now.state = rules::unit_state_named(rows.view(0)).value_or(UnitState::none);
    now.order = rows.text(1);
    now.line = rows.integer(2);
    return now;
}

// held at both sites; which label is false is for people.
bool FeedFold::serial_conflict(Item& item) {
    const json::object& body = *item.json;
    const auto named = unit_at(body);
    const std::string site = text_at(body, "other_site");
    if (!named || site.empty()) return false;
    const std::string subject = unit_key(named->gtin, named->serial);
    std::string id = text_at(body, "id");
    if (id.empty()) id = fmt::format("X-{}-{}", item.body->lane, item.body->dseq);
    mention(item, subject);
    hold_.run(id, "conflict", "", subject, "cloud", "also at " + site, item.seq);
    mention(item, "hold:" + id);
    const UnitNow here = unit_now(named->gtin, named->serial);
    open_case(
        item,
        "CROSS_SITE_DUP",
        subject,
        fmt::format("Serial {} of {} is {} here and {} at {}: one of the two labels is false. "
                    "It is held at both sites: put it apart, compare the labels with {}, and "
                    "decide together.",
                    named->serial,
                    named->gtin,
                    here.state == UnitState::none ? "not" : rules::name_of(here.state),
                    text_at(body, "other_state"),
                    site,
                    site),
        id);
    return true;
}

// what was fetched here stays with its order, and the cloud plans anew; what was only
// promised is free.
bool FeedFold::allocation_superseded(Item& item) {
    const json::object& body = *item.json;
    const std::string order = text_at(body, "order");
    const std::string given_to = text_at(body, "given_to");
    if (order.empty()) return false;
    if (body.contains("lot")) return lot_superseded(item, order, given_to);
    const auto named = unit_at(body);
    if (!named) return false;
    const std::string subject = unit_key(named->gtin, named->serial);
    mention(item, subject);
    mention(item, document_target(order));
    const UnitNow here = unit_now(named->gtin, named->serial);
    if (here.order != order) return true;
    if (here.state == UnitState::allocated || here.state == UnitState::received ||
        here.state == UnitState::in_inventory) {
        promises_.apply(item.seq, UnitPromised{named->gtin, named->serial, {}, 0});
        return true;
    }
    open_case(
        item,
        "ALLOC_SUPERSEDED",
        subject,
        fmt::format("The cloud gave serial {} to order {}, and it is {} for {} here by now. It "
                    "stays with {}: the cloud plans {} anew. Nothing to bring back.",
                    named->serial,
                    given_to.empty() ? "another one" : given_to,
                    rules::name_of(here.state),
                    order,
                    order,
                    given_to.empty() ? "the other" : given_to));
    return true;
}

// The same for goods of a lot: without a quantity, all that the order was promised of it.
bool FeedFold::lot_superseded(Item& item, const std::string& order, const std::string& given_to) {
    const json::object& body = *item.json;
    const auto gtin = gtin_at(body);
    const std::string lot_key = lot_key_of(text_at(body, "lot"));
    if (!gtin || lot_key.empty()) return false;
    const std::int64_t named = quantity_at(body, "quantity", catalogue_.tracking_of(*gtin).scale);
    std::int64_t left = named > 0 ? named : std::numeric_limits<std::int64_t>::max();
    const std::string subject = lot_target(*gtin, lot_key);
    mention(item, subject);
    mention(item, document_target(order));
    std::vector<Promised> freed;
    for (auto rows = promised_lots_(order, *gtin, lot_key); rows.next() && left > 0;) {
        const std::int64_t off = std::min(left, rows.integer(1));
        freed.push_back(Promised{order, rows.integer(0), *gtin, lot_key, -off});
        left -= off;
    }
    for (const Promised& one : freed) promises_.apply(item.seq, one);
    std::int64_t taken = 0;
    if (auto rows = lot_taken_(*gtin, lot_key, order); rows.next()) taken = rows.integer(0);
    if (left == 0 || taken == 0) return true;
    open_case(item,
              "ALLOC_SUPERSEDED",
              subject,
              fmt::format("The cloud gave lot {} of {} to order {}, and some of it is fetched, "
                          "packed or shipped for {} by now. It stays with {}: the cloud plans {} "
                          "anew. Nothing to bring back.",
                          text_at(body, "lot"),
                          *gtin,
                          given_to.empty() ? "another one" : given_to,
                          order,
                          order,
                          given_to.empty() ? "the other" : given_to));
    return true;
}

// the event stays as it is; what is wrong with it is made good by another one.
bool FeedFold::event_rejected(Item& item) {
    const json::object& body = *item.json;
    const std::int64_t seq = number_at(body, "seq");
    const std::string code = text_at(body, "code");
    if (seq <= 0 || code.empty()) return false;
    const std::string about = text_at(body, "subject");
    if (!about.empty()) mention(item, about);
    open_case(
        item,
        "SYNC_REJECTED",
        fmt::format("event:{}", seq),
        fmt::format("The cloud does not take event {}{}: {} {} The event stays in the ledger. "
                    "Look at it (lotgate why #{}), make good what is wrong by an operation, "
                    "and close this.",
                    seq,
                    about.empty() ? "" : " (" + about + ")",
                    code,
                    text_at(body, "told"),
                    seq));
    return true;
}

// the answer to a return of which this site knows no shipment. The hold that it came with
// stays, and the card says what is known now.
bool FeedFold::return_answer(Item& item) {
    const json::object& body = *item.json;
    const auto named = unit_at(body);
    const std::string answer = text_at(body, "answer");
    const std::string site = text_at(body, "site");
    if (!named || (answer != "foreign" && answer != "never_sold")) return false;
    const std::string subject = unit_key(named->gtin, named->serial);
    mention(item, subject);
    std::string hold;
    std::int64_t waiting = 0;
    if (auto rows = case_open_now_("RETURN_NO_OUTBOUND", subject); rows.next()) {
        waiting = rows.integer(0);
        hold = rows.text(1);
    }
    if (waiting != 0)
        case_close_.run("answered", "cloud", "the cloud knows where it belongs", item.seq, waiting);
    if (hold.empty()) {
        hold = fmt::format("X-{}-{}", item.body->lane, item.body->dseq);
        hold_.run(hold, "suspect", "", subject, "cloud", answer + " " + site, item.seq);
        mention(item, "hold:" + hold);
    }
    if (answer == "foreign") {
        open_case(
            item,
            "RETURN_FOREIGN",
            subject,
            fmt::format("Serial {} was sold by {}{}, not by this site. It stays held: hand it "
                        "back, or send it there; no credit is given here.",
                        named->serial,
                        site.empty() ? "another site" : site,
                        text_at(body, "order").empty() ? std::string()
                                                       : " with order " + text_at(body, "order")),
            hold);
    } else {
        open_case(item,
                  "NEVER_SOLD",
                  subject,
                  fmt::format("Serial {} was never sold: {} has it as {}. It stays held: call a "
                              "supervisor; no credit is given.",
                              named->serial,
                              site.empty() ? "the cloud" : site,
                              text_at(body, "state").empty() ? "not sold" : text_at(body, "state")),
                  hold);
    }
    return true;
}

}  // namespace lotgate::store
