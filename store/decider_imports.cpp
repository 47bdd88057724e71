// A file in force whose rows are not all in the tables yet: what a scan, an operation or the cloud
// speaks of is written before it is looked at, so that all of them meet the whole file or nothing
// of it; the rest is written between them (decision 0050).

#include "store/decider.hpp"
#include "store/projections/import_fold.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace lotgate::store {

namespace {

// A step takes some ten milliseconds, and a scan may wait for one.
constexpr std::int64_t step_items = 200;
constexpr std::int64_t step_bytes = 128L * 1024;
// What is written before one scan, at most: some tens of milliseconds.
constexpr std::size_t asked_items_max = 2000;

}  // namespace

void Decider::read_imports() {
    imports_.clear();
    sqlite::Statement open(*database_,
                           "SELECT run,id,state='dropped' FROM import_run WHERE waiting>0 AND "
                           "state IN ('open','dropped') ORDER BY run");
    for (auto rows = open(); rows.next();)
        imports_.push_back({rows.integer(0), rows.text(1), rows.integer(2) != 0});
}

Operation Decider::import_apply(const std::string& import) const {
    Operation operation;
    operation.kind = "import_apply";
    operation.authority.badge = gateway_badge;
    operation.is_housekeeping = true;
    operation.at = clock_->now();
    operation.site_date = site_date(operation.at, config_.zone);
    operation.arguments = {{"import", import}};
    return operation;
}

Operation Decider::import_step(ImportStep step) {
    const ImportInForce& first = imports_.front();
    sqlite::Statement next(*database_,
                           "SELECT id,length(item) FROM import_stage WHERE id>? AND id<? "
                           "ORDER BY id LIMIT ?");
    const std::int64_t before = staged_id(first.run, 0);
    std::int64_t through = before + 1;
    std::int64_t bytes = 0;
    for (auto rows =
             next(before, staged_id(first.run + 1, 0), step == ImportStep::some ? step_items : 1);
         rows.next();) {
        if (bytes > 0 && bytes + rows.integer(1) > step_bytes) break;
        through = rows.integer(0);
        bytes += rows.integer(1);
    }
    Operation operation = import_apply(first.id);
    operation.arguments.emplace_back("through", std::to_string(through - before));
    if (first.is_dropped)
        operation.arguments.emplace_back("leave_out", "dropped");
    else if (step == ImportStep::leave_out)
        operation.arguments.emplace_back("leave_out", "yes");
    return operation;
}

Result<> Decider::write_first(const std::vector<std::string>& keys) {
    sqlite::Statement waiting(*database_,
                              "SELECT id FROM import_key WHERE key=? AND id>? AND id<?");
    const std::vector<ImportInForce> imports = imports_;
    for (const ImportInForce& import : imports) {
        if (import.is_dropped) continue;
        std::set<std::int64_t> places;
        const std::int64_t before = staged_id(import.run, 0);
        for (const std::string& key : keys)
            for (auto rows = waiting(key, before, staged_id(import.run + 1, 0));
                 places.size() < asked_items_max && rows.next();)
                places.insert(rows.integer(0) - before);
        if (places.empty()) continue;
        std::string list;
        for (const std::int64_t place : places)
            list += (list.empty() ? "" : " ") + std::to_string(place);
        Operation operation = import_apply(import.id);
        operation.arguments.emplace_back("places", std::move(list));
        LG_TRY(const Outcome written, carry_out(operation));
        static_cast<void>(written);
    }
    return {};
}

// A container's scan is about all that stands in it, and all that was announced in it.
std::vector<std::string> Decider::keys_within(const std::string& sscc) {
    sqlite::Statement within(
        *database_,
        "WITH RECURSIVE inside(id) AS (SELECT id FROM container WHERE sscc=?1 UNION SELECT c.id "
        "FROM container c JOIN inside ON c.parent=inside.id), lines(document,gtin) AS (SELECT "
        "document,gtin FROM document_line WHERE sscc=?1 UNION SELECT document,gtin FROM "
        "document_line WHERE pallet=?1) "
        "SELECT 'gtin:'||gtin FROM lines UNION "
        "SELECT 'gtin:'||u.gtin FROM inside JOIN unit u ON u.container=inside.id UNION "
        "SELECT 'gtin:'||b.gtin FROM inside JOIN balance b ON b.place='carton:'||inside.id UNION "
        "SELECT 'id:'||d.party FROM lines JOIN document d ON d.id=lines.document");
    std::vector<std::string> keys;
    for (auto rows = within(sscc); rows.next();) keys.push_back(rows.text(0));
    return keys;
}

Result<> Decider::write_what_concerns(const rules::Attempt& attempt) {
    const rules::ScannedIdentity& what = attempt.what;
    std::vector<std::string> keys;
    if (what.gtin) keys.push_back("gtin:" + what.gtin->text());
    if (what.sscc) keys.push_back("sscc:" + what.sscc->text());
    if (!what.plain.empty()) keys.push_back("id:" + what.plain);
    for (const std::string& code : what.product_codes) keys.push_back("code:" + code);
    sqlite::Statement in_hand(*database_,
                              "SELECT s.document,s.place,coalesce(d.party,'') FROM station s "
                              "LEFT JOIN document d ON d.id=s.document WHERE s.id=?");
    if (auto rows = in_hand(attempt.station); rows.next())
        for (int column = 0; column < 3; ++column)
            if (!rows.view(column).empty()) keys.push_back("id:" + rows.text(column));
    keys.push_back("id:" + attempt.station);
    LG_CHECK(write_first(keys));
    return what.sscc ? write_first(keys_within(what.sscc->text())) : Result<>();
}

Result<> Decider::write_what_concerns(const Operation& operation) {
    if (operation.kind == "import_apply") return {};
    std::vector<std::string> keys;
    for (const auto& [name, value] : operation.arguments) {
        if (name == "gtin") keys.push_back("gtin:" + value);
        if (name == "document" || name == "place" || name == "from") keys.push_back("id:" + value);
        if (name == "sscc") keys.push_back("sscc:" + value);
        const std::size_t colon = value.find(':');
        if (name != "target" || colon == std::string::npos) continue;
        const std::string rest = value.substr(colon + 1);
        keys.push_back("id:" + rest);
        if (const auto gtin = Gtin::parse(rest.substr(0, rest.find('/'))))
            keys.push_back("gtin:" + gtin->text());
    }
    return write_first(keys);
}

Result<> Decider::write_what_concerns(const FeedPage& page) {
    std::vector<std::string> keys;
    for (const FeedItem& item : page.items) {
        boost::system::error_code error;
        const boost::json::value body = boost::json::parse(item.body, error);
        if (error || !body.is_object()) continue;
        for (std::string& key : keys_of_item(item.kind, body.get_object()))
            keys.push_back(std::move(key));
    }
    return write_first(keys);
}

}  // namespace lotgate::store
