#include "store/projections/import_fold.hpp"

#include "store/projections/feed_json.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cstdlib>

namespace lotgate::store {

namespace json = boost::json;

namespace {

const std::string& argument_of(const OperationBody& body, std::string_view name) {
    static const std::string none;
    for (const auto& [own, value] : body.arguments)
        if (own == name) return value;
    return none;
}

void add(std::vector<std::string>& keys, const char* kind, const std::string& name) {
    if (name.empty()) return;
    std::string key = std::string(kind) + name;
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(std::move(key));
}

const json::array* array_at(const json::object& item, std::string_view name) {
    const json::value* value = item.if_contains(name);
    return value == nullptr ? nullptr : value->if_array();
}

}  // namespace

std::vector<std::string> keys_of_item(std::string_view kind, const json::object& item) {
    std::vector<std::string> keys;
    add(keys, "gtin:", gtin_at(item).value_or(""));
    if (!kind.starts_with("stock")) add(keys, "id:", text_at(item, "id"));
    if (const json::array* codes = array_at(item, "codes"))
        for (const json::value& code : *codes)
            if (code.is_string()) add(keys, "code:", std::string(code.get_string()));
    if (const json::value* target = item.if_contains("target"); target && target->is_object())
        add(keys, "gtin:", gtin_at(target->get_object()).value_or(""));
    if (const json::array* lines = array_at(item, "lines"); lines && kind == "asn")
        for (const json::value& line : *lines) {
            if (!line.is_object()) continue;
            add(keys, "gtin:", gtin_at(line.get_object()).value_or(""));
            add(keys, "sscc:", text_at(line.get_object(), "sscc"));
            add(keys, "sscc:", text_at(line.get_object(), "pallet"));
        }
    return keys;
}

ImportFold::ImportFold(sqlite::Database& db, FeedFold& feed)
    : feed_(&feed),
      run_(db, "SELECT run,kind,state,items FROM import_run WHERE id=?"),
      run_new_(db,
               "INSERT INTO import_run(id,run,kind,state,slices,items,bytes,changed,waiting,seq) "
               "VALUES(?1,?2,?3,'staged',1,0,0,?4,0,?2) ON CONFLICT(id) DO UPDATE SET "
               "slices=slices+1,changed=changed+excluded.changed"),
      run_grow_(db,
                "UPDATE import_run SET items=items+?1,waiting=waiting+?1,bytes=bytes+?2 "
                "WHERE id=?3"),
      run_state_(db, "UPDATE import_run SET state=?,seq=? WHERE id=?"),
      run_done_(db,
                "UPDATE import_run SET waiting=waiting-?1,state=CASE WHEN waiting=?1 AND "
                "state='open' THEN 'done' ELSE state END,seq=?2 WHERE run=?3"),
      item_new_(db, "INSERT INTO import_stage(id,item) VALUES(?,?)"),
      item_ids_(db, "SELECT id FROM import_stage WHERE id>? AND id<=? ORDER BY id"),
      item_(db, "SELECT item FROM import_stage WHERE id=?"),
      item_gone_(db, "DELETE FROM import_stage WHERE id=?"),
      key_new_(db, "INSERT OR IGNORE INTO import_key(key,id) VALUES(?,?)"),
      key_gone_(db, "DELETE FROM import_key WHERE key=? AND id=?") {}

ImportFold::Run ImportFold::run_of(const std::string& id) {
    Run run;
    if (auto rows = run_(id); rows.next()) {
        run.run = rows.integer(0);
        run.kind = rows.text(1);
        run.state = rows.text(2);
        run.items = rows.integer(3);
    }
    return run;
}

void ImportFold::apply(std::int64_t seq, const ImportSet& set) {
    if (set.state == "staged") return run_new_.run(set.id, seq, set.kind, set.changed);
    run_state_.run(set.state == "done" ? "open" : set.state, seq, set.id);
    leaves_out_ = false;
    if (set.state == "done") write_through(seq, set.id, run_of(set.id).items);
}

void ImportFold::apply(std::int64_t seq, const OperationBody& body) {
    if (body.verdict.blocks()) return;
    const std::string& id = argument_of(body, "import");
    if (body.kind == "import_rows")
        feed_->import(seq, argument_of(body, "kind"), argument_of(body, "items"));
    if (body.kind == "import_stage") stage(seq, id, argument_of(body, "items"));
    if (body.kind != "import_apply") return;
    leaves_out_ = !argument_of(body, "leave_out").empty();
    if (const std::string& places = argument_of(body, "places"); !places.empty())
        write_named(seq, id, places);
    else
        write_through(seq, id, std::strtoll(argument_of(body, "through").c_str(), nullptr, 10));
}

void ImportFold::stage(std::int64_t, const std::string& id, const std::string& items) {
    const Run run = run_of(id);
    boost::system::error_code error;
    const json::value list = json::parse(items, error);
    if (error || !list.is_array() || run.run == 0) return;
    std::int64_t place = run.items;
    for (const json::value& value : list.get_array()) {
        const std::int64_t item = staged_id(run.run, ++place);
        item_new_.run(item, json::serialize(value));
        if (!value.is_object()) continue;
        for (const std::string& key : keys_of_item(run.kind, value.get_object()))
            key_new_.run(key, item);
    }
    run_grow_.run(place - run.items, items.size(), id);
}

void ImportFold::write_through(std::int64_t seq, const std::string& id, std::int64_t last) {
    const Run run = run_of(id);
    std::vector<std::int64_t> ids;
    for (auto rows = item_ids_(staged_id(run.run, 0), staged_id(run.run, last)); rows.next();)
        ids.push_back(rows.integer(0));
    write(seq, run, ids);
}

void ImportFold::write_named(std::int64_t seq, const std::string& id, const std::string& places) {
    const Run run = run_of(id);
    std::vector<std::int64_t> ids;
    for (const char* at = places.c_str(); *at != '\0';) {
        char* end = nullptr;
        ids.push_back(staged_id(run.run, std::strtoll(at, &end, 10)));
        if (end == at) break;
        at = *end == ' ' ? end + 1 : end;
    }
    write(seq, run, ids);
}

void ImportFold::write(std::int64_t seq, const Run& run, const std::vector<std::int64_t>& ids) {
    std::string list = "[";
    std::int64_t written = 0;
    for (const std::int64_t id : ids) {
        std::string item;
        if (auto rows = item_(id); rows.next()) item = rows.text(0);
        if (item.empty()) continue;
        boost::system::error_code error;
        const json::value value = json::parse(item, error);
        if (!error && value.is_object())
            for (const std::string& key : keys_of_item(run.kind, value.get_object()))
                key_gone_.run(key, id);
        item_gone_.run(id);
        list += (written++ == 0 ? "" : ",") + item;
    }
    if (written > 0 && !leaves_out_) feed_->import(seq, run.kind, list + "]");
    run_done_.run(written, seq, run.run);
}

}  // namespace lotgate::store
