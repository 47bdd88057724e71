// A recall answered in one go: what is here and where, who has what, what is on its way between,
// what nobody can know, where it came from, and whether the quantities add up. Through relabels,
// splits and merges: the family of goods is walked by its chains, each member once, so that loops
// end.

#include "store/answers/recall.hpp"

#include "store/answers/answers.hpp"
#include "store/answers/recall_reach.hpp"
#include "store/projections/feed_fold.hpp"
#include "store/rules/life_cycle.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>

namespace lotgate::store {

namespace {

struct Name {
    std::string kind;  ///< "lot", "product" or "unit"
    std::string gtin;
    std::string rest;
};

Name name_in(const std::string& target) {
    Name name;
    const std::size_t colon = target.find(':');
    name.kind = target.substr(0, colon);
    const std::string rest = target.substr(colon + 1);
    name.gtin = rest.substr(0, 14);
    if (rest.size() > 15) name.rest = rest.substr(15);
    return name;
}

struct ByOrder {
    std::int64_t quantity = 0;
    std::int64_t last_seq = 0;
};

struct InCarton {
    std::int64_t quantity = 0;
    std::string order;
};

/// What is found of all members of the family together.
struct Found {
    std::map<std::pair<std::string, std::string>, std::int64_t> on_hand;  ///< place and state
    std::map<std::string, InCarton> cartons;                              ///< by container id
    std::map<std::string, ByOrder> shipped;
    std::map<std::string, std::int64_t> announced;  ///< by ASN
    std::map<std::string, std::int64_t> received;   ///< by ASN; "" for what no ASN announced
    std::int64_t in = 0;
    std::int64_t here = 0;
    std::int64_t left = 0;
    std::map<std::string, std::int64_t> gone;  ///< by how
    std::int64_t last_seq = 0;                 ///< when the last unit of them moved
};

const char* clause_of(const Name& name) {
    if (name.kind == "unit") return "gtin=?1 AND serial=?2";
    if (name.kind == "lot") return "gtin=?1 AND lot_key=?2 AND lot_key<>''";
    return "gtin=?1 AND ?2=''";
}

void add_units(sqlite::Database& db, const Name& name, Found& found) {
    sqlite::Statement units(
        db,
        fmt::format("SELECT state,location,coalesce(container,''),order_id,document,count(*),"
                    "max(seq) FROM unit WHERE {} GROUP BY 1,2,3,4,5",
                    clause_of(name)));
    for (auto rows = units(name.gtin, name.rest); rows.next();) {
        const std::string state = rows.text(0);
        const std::string container = rows.text(2);
        const std::string order = rows.text(3);
        const std::string asn = rows.text(4);
        const std::int64_t count = rows.integer(5);
        found.last_seq = std::max(found.last_seq, rows.integer(6));
        if (state == "VOIDED") continue;
        if (state == "EXPECTED") {
            found.announced[asn] += count;
            continue;
        }
        found.in += count;
        found.received[asn] += count;
        if (state == "SHIPPED") {
            ByOrder& shipped = found.shipped[order];
            shipped.quantity += count;
            shipped.last_seq = std::max(shipped.last_seq, rows.integer(6));
            found.left += count;
        } else if (state == "SCRAPPED" || state == "RELABELLED" || state == "MISSING") {
            found.gone[state] += count;
        } else {
            found.here += count;
            found.on_hand[{rows.text(1), state}] += count;
            if (state == "PACKED" && !container.empty()) {
                found.cartons[container].quantity += count;
                found.cartons[container].order = order;
            }
        }
    }
}

void add_goods(sqlite::Database& db, const Name& name, Found& found) {
    if (name.kind == "unit") return;
    sqlite::Statement lots(
        db, fmt::format("SELECT coalesce(sum(received),0) FROM lot WHERE {}", clause_of(name)));
    if (auto rows = lots(name.gtin, name.rest); rows.next() && rows.integer(0) > 0) {
        found.in += rows.integer(0);
        found.received[""] += rows.integer(0);
    }
    sqlite::Statement goods(
        db,
        fmt::format(
            "SELECT place,sum(quantity) FROM balance WHERE {} GROUP BY place ORDER BY place",
            clause_of(name)));
    for (auto rows = goods(name.gtin, name.rest); rows.next();) {
        const std::string place = rows.text(0);
        const std::int64_t quantity = rows.integer(1);
        if (place.starts_with("shipped:")) {
            found.shipped[place.substr(8)].quantity += quantity;
            found.left += quantity;
        } else if (place.starts_with("gone:")) {
            found.gone[place.substr(5)] += quantity;
        } else {
            found.here += quantity;
            found.on_hand[{place, "counted"}] += quantity;
            if (place.starts_with("carton:")) found.cartons[place.substr(7)].quantity += quantity;
        }
    }
}

std::vector<std::string> relatives(sqlite::Database& db,
                                   const std::vector<std::string>& from,
                                   const char* sql) {
    sqlite::Statement next(db, sql);
    std::set<std::string> seen(from.begin(), from.end());
    std::deque<std::string> open(from.begin(), from.end());
    std::vector<std::string> all;
    while (!open.empty()) {
        const std::string name = open.front();
        open.pop_front();
        for (auto rows = next(name); rows.next();)
            if (seen.insert(rows.text(0)).second) {
                open.push_back(rows.text(0));
                all.push_back(rows.text(0));
            }
    }
    return all;
}

// Lots of a product are named by the product's own clause; units of a relabelled lot are not.
std::vector<std::string> family_of(sqlite::Database& db, const std::string& target) {
    std::vector<std::string> start{target};
    const Name name = name_in(target);
    if (name.kind != "unit") {
        sqlite::Statement members(
            db,
            fmt::format("SELECT DISTINCT parent FROM lineage WHERE parent IN (SELECT 'unit:'||gtin"
                        "||'/'||serial FROM unit WHERE {} AND state='RELABELLED')",
                        clause_of(name)));
        for (auto rows = members(name.gtin, name.rest); rows.next();) start.push_back(rows.text(0));
    }
    auto family = relatives(db, start, "SELECT DISTINCT child FROM lineage WHERE parent=?");
    family.insert(family.begin(), target);
    return family;
}

// A member that another member's clause counts already is not counted twice.
bool is_covered(sqlite::Database& db, const Name& member, const std::vector<Name>& counted) {
    for (const Name& other : counted) {
        if (other.gtin != member.gtin) continue;
        if (other.kind == "product") return true;
        if (other.kind == member.kind && other.rest == member.rest) return true;
        if (other.kind != "lot" || member.kind != "unit") continue;
        sqlite::Statement lot(db, "SELECT 1 FROM unit WHERE gtin=? AND serial=? AND lot_key=?");
        if (auto rows = lot(member.gtin, member.rest, other.rest); rows.next()) return true;
    }
    return false;
}

class Parties {
public:
    explicit Parties(sqlite::Database& db)
        : document_(db, "SELECT kind,party FROM document WHERE id=?"),
          party_(db, "SELECT name,phone,email,address FROM party WHERE id=?"),
          at_(db,
              "SELECT hlc FROM ledger WHERE seq=?1 UNION ALL "
              // In an archive: no later than its last row.
              "SELECT until FROM archive WHERE ?1 BETWEEN first_seq AND last_seq LIMIT 1") {}

    std::pair<std::string, std::string> of_document(const std::string& id) {
        auto rows = document_(id);
        if (!rows.next()) return {};
        return {rows.text(0), rows.text(1)};
    }

    const json::object& contact(const std::string& id) {
        const auto known = contacts_.find(id);
        if (known != contacts_.end()) return known->second;
        json::object contact{{"customer", id}};
        if (auto rows = party_(id); rows.next()) {
            static constexpr std::array names{"customer_name", "phone", "email", "address"};
            for (int i = 0; i < 4; ++i)
                if (!rows.view(i).empty())
                    contact[names[static_cast<std::size_t>(i)]] = rows.text(i);
        }
        return contacts_.emplace(id, std::move(contact)).first->second;
    }

    std::int64_t ms_at(std::int64_t seq) {
        auto rows = at_(seq);
        return rows.next() ? rows.integer(0) >> 16 : 0;
    }

private:
    sqlite::Statement document_, party_, at_;
    std::map<std::string, json::object> contacts_;
};

// Of a row of holds_of.
json::object hold_in(const sqlite::Rows& rows) {
    json::object hold{{"id", rows.text(0)},
                      {"reason", rows.text(1)},
                      {"target", rows.text(3)},
                      {"placed_by", rows.text(4)},
                      {"is_open", rows.is_null(6)}};
    // Of a lifted hold the event may be in an archive.
    if (!rows.is_null(7))
        hold["known_at"] = time_of_hlc(static_cast<std::uint64_t>(rows.integer(7)));
    if (!rows.view(2).empty()) hold["class"] = rows.text(2);
    return hold;
}

json::array holds_of(sqlite::Database& db,
                     const std::vector<std::string>& targets,
                     std::vector<KnownSince>& since) {
    sqlite::Statement holds(db,
                            "SELECT h.id,h.reason,h.class,h.target,h.placed_by,h.placed_seq,"
                            "h.lifted_seq,l.hlc,l.body FROM hold h LEFT JOIN ledger l "
                            "ON l.seq=h.placed_seq WHERE h.target=? ORDER BY h.placed_seq");
    json::array list;
    for (const std::string& target : targets) {
        for (auto rows = holds(target); rows.next();) {
            json::object hold = hold_in(rows);
            const std::int64_t effective =
                rows.view(1) == "recall" ? effective_ms_in(rows.view(8)) : 0;
            if (effective != 0) {
                hold["effective_at"] = to_string(Instant{effective * 1000});
                since.push_back({effective, rows.integer(5), rows.text(0)});
            }
            list.push_back(std::move(hold));
        }
    }
    return list;
}

void add_shipped(const Found& found, Parties& parties, json::object& answer) {
    json::array shipped;

    struct Sum {
        std::int64_t quantity = 0;
        std::int64_t orders = 0;
    };

    std::map<std::string, Sum> by_customer;
    for (const auto& [order, what] : found.shipped) {
        const auto [kind, party] = parties.of_document(order);
        const std::int64_t ms = parties.ms_at(what.last_seq);
        json::object row{{"order", order}, {"quantity", what.quantity}, {"customer", party}};
        const json::object& contact = parties.contact(party);
        if (const auto* name = contact.if_contains("customer_name")) row["customer_name"] = *name;
        if (kind == "rtv") row["is_return_to_vendor"] = true;
        if (ms != 0) row["last_at"] = to_string(Instant{ms * 1000});
        by_customer[party].quantity += what.quantity;
        by_customer[party].orders += 1;
        shipped.push_back(std::move(row));
    }
    json::array contacts;
    for (const auto& [party, sum] : by_customer) {
        json::object contact = parties.contact(party);
        contact["quantity"] = sum.quantity;
        contact["orders"] = sum.orders;
        contacts.push_back(std::move(contact));
    }
    answer["shipped"] = std::move(shipped);
    answer["contacts"] = std::move(contacts);
}

void add_between(sqlite::Database& db, const Found& found, json::object& answer) {
    sqlite::Statement container(db,
                                "SELECT coalesce(c.sscc,''),c.state,c.document,c.station,c.lane,"
                                "coalesce(p.sscc,c.parent,'') FROM container c "
                                "LEFT JOIN container p ON p.id=c.parent WHERE c.id=?");
    sqlite::Statement unsure(db,
                             "SELECT kind,state FROM effect WHERE subject=? AND state IN "
                             "('unknown','missed','late','expired','lane_full','rejected',"
                             "'in_doubt','intended','sent','acknowledged') ORDER BY id");
    json::array cartons;
    json::array unknown;
    for (const auto& [id, what] : found.cartons) {
        auto rows = container(id);
        if (!rows.next()) continue;
        const std::string sscc = rows.text(0);
        json::object row{{"id", id},
                         {"state", rows.text(1)},
                         {"order", rows.text(2)},
                         {"station", rows.text(3)},
                         {"quantity", what.quantity}};
        if (!sscc.empty()) row["sscc"] = sscc;
        if (rows.integer(4) != 0) row["lane"] = rows.integer(4);
        if (!rows.view(5).empty()) row["pallet"] = rows.text(5);
        cartons.push_back(std::move(row));
        for (auto effects = unsure(sscc); effects.next();)
            unknown.push_back(json::object{
                {"sscc", sscc}, {"effect", effects.text(0)}, {"state", effects.text(1)}});
    }
    json::array announced;
    for (const auto& [asn, quantity] : found.announced)
        announced.push_back(json::object{{"asn", asn}, {"quantity", quantity}});
    answer["cartons"] = std::move(cartons);
    answer["announced"] = std::move(announced);
    answer["unknown"] = std::move(unknown);
}

// Where it came from: the ASNs that brought or announced it.
json::array asns_of(sqlite::Database& db,
                    const std::vector<std::string>& family,
                    const Found& found,
                    Parties& parties) {
    std::map<std::string, std::int64_t> quantities = found.received;
    sqlite::Statement lines(db,
                            "SELECT DISTINCT l.document FROM document_line l JOIN document d "
                            "ON d.id=l.document AND d.kind='asn' WHERE l.gtin=? "
                            "AND (?2='' OR l.lot_key=?2)");
    for (const std::string& member : family) {
        const Name name = name_in(member);
        if (name.kind == "unit") continue;
        for (auto rows = lines(name.gtin, name.rest); rows.next();)
            quantities.emplace(rows.text(0), 0);
    }
    sqlite::Statement purchase(db, "SELECT po FROM document WHERE id=?");
    json::array from;
    for (const auto& [asn, quantity] : quantities) {
        if (asn.empty()) continue;
        json::object row{{"asn", asn}};
        if (quantity != 0) row["units"] = quantity;
        const auto [kind, party] = parties.of_document(asn);
        row["supplier"] = party;
        if (const auto* name = parties.contact(party).if_contains("customer_name"))
            row["supplier_name"] = *name;
        if (auto rows = purchase(asn); rows.next() && !rows.view(0).empty())
            row["po"] = rows.text(0);
        from.push_back(std::move(row));
    }
    return from;
}

// What the lots say of vendor, purchase order and the maker's own lot.
json::array lots_of(sqlite::Database& db,
                    const std::vector<std::string>& family,
                    Parties& parties) {
    json::array own;
    sqlite::Statement lots(db,
                           "SELECT raw,supplier,po,mfr_lot FROM lot WHERE gtin=?1 AND "
                           "(?2='' OR lot_key=?2) AND (po<>'' OR mfr_lot<>'' OR supplier<>'') "
                           "ORDER BY lot_key LIMIT 1000");
    for (const std::string& member : family) {
        const Name name = name_in(member);
        if (name.kind == "unit") continue;
        for (auto rows = lots(name.gtin, name.rest); rows.next();) {
            json::object row{{"lot", rows.text(0)}};
            if (!rows.view(1).empty()) row["supplier"] = rows.text(1);
            if (const auto* known = parties.contact(rows.text(1)).if_contains("customer_name"))
                row["supplier_name"] = *known;
            if (!rows.view(2).empty()) row["po"] = rows.text(2);
            if (!rows.view(3).empty()) row["mfr_lot"] = rows.text(3);
            own.push_back(std::move(row));
        }
    }
    return own;
}

json::object balance_of(const Found& found) {
    std::int64_t gone = 0;
    json::object by_how;
    for (const auto& [how, quantity] : found.gone) {
        gone += quantity;
        by_how[how] = quantity;
    }
    return {{"in", found.in},
            {"on_hand", found.here},
            {"shipped", found.left},
            {"gone", gone},
            {"gone_by", std::move(by_how)},
            {"difference", found.in - found.here - found.left - gone}};
}

std::vector<std::string> targets_named(sqlite::Database& db, const std::string& what) {
    if (what.starts_with("hold:")) {
        sqlite::Statement hold(db, "SELECT target FROM hold WHERE id=?");
        auto rows = hold(what.substr(5));
        if (!rows.next()) return {};
        return {rows.text(0)};
    }
    if (what.starts_with("lot:") && what.size() > 19)
        return {lot_target(what.substr(4, 14), lot_key_of(what.substr(19)))};
    std::vector<std::string> targets;
    for (std::string& subject : subjects_named(db, what))
        if (subject.starts_with("lot:") || subject.starts_with("unit:") ||
            subject.starts_with("product:"))
            targets.push_back(std::move(subject));
    return targets;
}

json::object recall_of_one(sqlite::Database& db, const std::string& target) {
    const std::vector<std::string> family = family_of(db, target);
    auto around = relatives(db, {target}, "SELECT DISTINCT parent FROM lineage WHERE child=?");
    Found found;
    std::vector<Name> counted;
    std::vector<std::string> counted_targets;
    for (const std::string& member : family) {
        const Name name = name_in(member);
        if (is_covered(db, name, counted)) continue;
        add_units(db, name, found);
        add_goods(db, name, found);
        counted.push_back(name);
        counted_targets.push_back(member);
    }
    Parties parties(db);
    json::object answer{{"target", target}};
    answer["made_of"] = json::array(around.begin(), around.end());
    answer["made_into"] = json::array(std::next(family.begin()), family.end());
    std::vector<std::string> held = family;
    held.insert(held.end(), around.begin(), around.end());
    if (name_in(target).kind != "product") held.push_back(product_target(name_in(target).gtin));
    std::vector<KnownSince> since;
    answer["holds"] = holds_of(db, held, since);
    json::array on_hand;
    for (const auto& [where, quantity] : found.on_hand)
        on_hand.push_back(
            json::object{{"place", where.first}, {"state", where.second}, {"quantity", quantity}});
    answer["on_hand"] = std::move(on_hand);
    add_between(db, found, answer);
    add_shipped(found, parties, answer);
    add_shipped_after(db, {counted_targets, since}, answer);
    std::vector<std::string> both = family;
    both.insert(both.end(), around.begin(), around.end());
    answer["from"] = asns_of(db, both, found, parties);
    answer["lots"] = lots_of(db, both, parties);
    answer["mass_balance"] = balance_of(found);
    const bool is_over = found.here == 0 && found.announced.empty();
    add_unseen(db, period_of(db, family, is_over ? found.last_seq : 0), answer);
    return answer;
}

}  // namespace

Result<json::object> recall_of(sqlite::Database& db, const std::string& what) {
    const auto targets = targets_named(db, what);
    if (targets.empty())
        return fail(FaultCode::invalid_input,
                    "nothing here has that name; give a lot, \"gtin/lot\", \"product:gtin\", a "
                    "serial or \"hold:number\"",
                    what);
    json::array found;
    for (const std::string& target : targets) found.push_back(recall_of_one(db, target));
    json::object answer{{"what", what}, {"found", std::move(found)}};
    answer["complete"] = completeness_of(db);
    return answer;
}

}  // namespace lotgate::store
