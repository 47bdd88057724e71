#include "store/answers/recall_reach.hpp"

#include "store/answers/answers.hpp"
#include "store/projections/feed_fold.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <map>

namespace lotgate::store {

namespace {

constexpr std::int64_t serials_shown_max = 200;  // of an order; the rest is counted
constexpr std::int64_t outages_shown_max = 1000;

std::string text_of_ms(std::int64_t ms) {
    return to_string(Instant{ms * 1000});
}

std::int64_t one_number(sqlite::Rows rows) {
    return rows.next() && !rows.is_null(0) ? rows.integer(0) : 0;
}

}  // namespace

// Rows are in the order of their clock: halving finds it.
std::int64_t first_seq_at(sqlite::Database& db, std::int64_t ms) {
    sqlite::Statement head(db, "SELECT max(seq) FROM ledger");
    sqlite::Statement hlc(db, "SELECT hlc FROM ledger WHERE seq=?");
    std::int64_t low = 1;
    std::int64_t high = one_number(head()) + 1;
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        if (one_number(hlc(middle)) >> 16 >= ms)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

namespace {

struct Late {
    std::int64_t quantity = 0;
    std::int64_t quantity_at_most = 0;  ///< counted goods: the books know no time of each
    std::int64_t first_seq = 0;
    json::array serials;
};

void take_unit(Late& late, std::int64_t seq, const std::string& serial) {
    if (late.quantity++ == 0 || seq < late.first_seq) late.first_seq = seq;
    if (static_cast<std::int64_t>(late.serials.size()) < serials_shown_max)
        late.serials.emplace_back(serial);
}

class Leavers {
public:
    explicit Leavers(sqlite::Database& db)
        : of_unit_(db,
                   "SELECT order_id,serial,seq FROM unit WHERE gtin=? AND serial=? "
                   "AND state='SHIPPED' AND seq>=?"),
          of_lot_(db,
                  "SELECT order_id,serial,seq FROM unit WHERE gtin=? AND lot_key=? "
                  "AND lot_key<>'' AND state='SHIPPED' AND seq>=? ORDER BY order_id,serial"),
          of_product_(db,
                      "SELECT order_id,serial,seq FROM unit WHERE gtin=? AND ?='' "
                      "AND state='SHIPPED' AND seq>=? ORDER BY order_id,serial"),
          goods_(db,
                 "SELECT substr(place,9),sum(quantity) FROM balance WHERE gtin=?1 AND (?2='' OR "
                 "lot_key=?2) AND place>='shipped:' AND place<'shipped;' GROUP BY place"),
          last_of_order_(db, "SELECT max(seq) FROM mention WHERE subject=?") {}

    std::map<std::string, Late> after(const std::string& target, std::int64_t seq) {
        std::map<std::string, Late> by_order;
        const std::string rest = target.substr(target.find(':') + 1);
        const std::string gtin = rest.substr(0, 14);
        const std::string name = rest.size() > 15 ? rest.substr(15) : std::string();
        const bool is_unit = target.starts_with("unit:");
        sqlite::Statement& units = is_unit                      ? of_unit_
                                   : target.starts_with("lot:") ? of_lot_
                                                                : of_product_;
        for (auto rows = units(gtin, name, seq); rows.next();)
            take_unit(by_order[rows.text(0)], rows.integer(2), rows.text(1));
        if (is_unit) return by_order;
        for (auto rows = goods_(gtin, name); rows.next();) {
            const std::int64_t last = one_number(last_of_order_(document_target(rows.text(0))));
            if (last < seq) continue;
            Late& late = by_order[rows.text(0)];
            late.quantity_at_most += rows.integer(1);
            if (late.first_seq == 0) late.first_seq = last;
        }
        return by_order;
    }

private:
    sqlite::Statement of_unit_, of_lot_, of_product_, goods_, last_of_order_;
};

}  // namespace

std::int64_t effective_ms_in(std::string_view body_text) {
    boost::system::error_code error;
    const json::value body = json::parse(body_text, error);
    const json::object* object = error ? nullptr : body.if_object();
    if (object == nullptr) return 0;
    json::value item;
    // Of the feed it is the item's, of an operation an argument.
    if (const json::value* text = object->if_contains("item"); text && text->is_string())
        item = json::parse(std::string_view(text->get_string()), error);
    else if (const json::value* arguments = object->if_contains("arguments"))
        item = *arguments;
    if (error || !item.is_object()) return 0;
    const json::value* at = item.get_object().if_contains("effective_at");
    if (at == nullptr || !at->is_string()) return 0;
    const auto instant = parse_instant(std::string_view(at->get_string()));
    return instant ? instant->us / 1000 : 0;
}

void add_shipped_after(sqlite::Database& db, const ShippedAfter& what, json::object& answer) {
    json::array list;
    Leavers leavers(db);
    sqlite::Statement order(db,
                            "SELECT d.party,coalesce(y.name,''),d.kind,(SELECT known_cursor FROM "
                            "ledger WHERE seq=?2),(SELECT hlc FROM ledger WHERE seq=?2) "
                            "FROM (SELECT 1) LEFT JOIN document d ON d.id=?1 "
                            "LEFT JOIN party y ON y.id=d.party");
    const auto add = [&](const KnownSince& recall, const std::string& id, auto& late) {
        json::object row{{"code", "SHIPPED_AFTER_RECALL"},
                         {"hold", recall.hold},
                         {"order", id},
                         {"quantity", late.quantity},
                         {"was_known", late.first_seq > recall.placed_seq}};
        if (late.quantity_at_most != 0) row["quantity_at_most"] = late.quantity_at_most;
        if (!late.serials.empty()) row["serials"] = std::move(late.serials);
        if (auto rows = order(id, late.first_seq); rows.next()) {
            row["customer"] = rows.text(0);
            if (!rows.view(1).empty()) row["customer_name"] = rows.text(1);
            if (rows.view(2) == "rtv") row["is_return_to_vendor"] = true;
            row["known_cursor"] = rows.integer(3);
            row["first_at"] = text_of_ms(rows.integer(4) >> 16);
        }
        list.push_back(std::move(row));
    };
    for (const KnownSince& recall : what.since) {
        const std::int64_t seq = first_seq_at(db, recall.effective_ms);
        for (const std::string& target : what.targets) {
            for (auto& [id, late] : leavers.after(target, seq)) add(recall, id, late);
        }
    }
    answer["shipped_after_recall"] = std::move(list);
}

Period period_of(sqlite::Database& db,
                 const std::vector<std::string>& targets,
                 std::int64_t last_seq) {
    sqlite::Statement mentioned(db, "SELECT min(seq) FROM mention WHERE subject=?");
    sqlite::Statement lot(db, "SELECT first_seq FROM lot WHERE gtin=? AND lot_key=?");
    sqlite::Statement lots(db, "SELECT min(first_seq) FROM lot WHERE gtin=?");
    sqlite::Statement hlc(db, "SELECT hlc FROM ledger WHERE seq=?");
    sqlite::Statement head(db, "SELECT max(seq) FROM ledger");
    Period period;
    const auto begin_with = [&](std::int64_t seq) {
        if (seq != 0 && (period.from_seq == 0 || seq < period.from_seq)) period.from_seq = seq;
    };
    for (const std::string& target : targets) {
        begin_with(one_number(mentioned(target)));
        const std::string rest = target.substr(target.find(':') + 1);
        if (target.starts_with("lot:") && rest.size() > 15)
            begin_with(one_number(lot(rest.substr(0, 14), rest.substr(15))));
        if (target.starts_with("product:")) begin_with(one_number(lots(rest)));
    }
    period.until_seq = last_seq != 0 ? last_seq : one_number(head());
    if (period.from_seq == 0) period.from_seq = period.until_seq;
    period.from_ms = one_number(hlc(period.from_seq)) >> 16;
    period.until_ms = one_number(hlc(period.until_seq)) >> 16;
    return period;
}

void add_unseen(sqlite::Database& db, const Period& period, json::object& answer) {
    answer["period"] =
        json::object{{"from", text_of_ms(period.from_ms)}, {"until", text_of_ms(period.until_ms)}};
    sqlite::Statement windows(db,
                              "SELECT kind,name,station,since,until FROM outage WHERE since<=? AND "
                              "(until IS NULL OR until>=?) ORDER BY since,kind,name LIMIT ?");
    json::array outages;
    std::int64_t certain_until = period.until_ms;
    for (auto rows = windows(period.until_ms, period.from_ms, outages_shown_max); rows.next();) {
        const bool is_open = rows.is_null(4);
        json::object row{{"kind", rows.text(0)}, {"name", rows.text(1)}};
        if (!rows.view(2).empty()) row["station"] = rows.text(2);
        row["since"] = text_of_ms(rows.integer(3));
        if (!is_open) row["until"] = text_of_ms(rows.integer(4));
        row["is_open"] = is_open;
        outages.push_back(std::move(row));
        if (is_open && rows.view(0) != "clock")
            certain_until = std::min(certain_until, rows.integer(3));
    }
    answer["outages"] = std::move(outages);
    sqlite::Statement passed(
        db,
        "SELECT station,what,count(*),min(at),max(at) FROM unseen WHERE seq>=? AND seq<=? "
        "GROUP BY 1,2 ORDER BY 1,2");
    json::array unseen;
    for (auto rows = passed(period.from_seq, period.until_seq); rows.next();)
        unseen.push_back(json::object{{"station", rows.text(0)},
                                      {"what", rows.text(1)},
                                      {"cartons", rows.integer(2)},
                                      {"first_at", text_of_ms(rows.integer(3))},
                                      {"last_at", text_of_ms(rows.integer(4))}});
    answer["unseen"] = std::move(unseen);
    answer["certain_until"] = text_of_ms(std::max(certain_until, period.from_ms));
}

}  // namespace lotgate::store
