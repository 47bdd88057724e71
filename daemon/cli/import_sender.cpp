#include "daemon/cli/import_sender.hpp"

#include "daemon/cli/printing.hpp"
#include "daemon/cli/text.hpp"

#include <boost/json.hpp>

namespace lotgate::cli {

namespace json = boost::json;

namespace {

constexpr std::int64_t slice_items_max = 250;
constexpr std::size_t slice_bytes_max = 48UL * 1024;

}  // namespace

std::string ImportSender::import_id() const {
    return "import:" + said_->what + ":" + file_->fingerprint + said_->station;
}

bool ImportSender::is_small() const {
    return file_->items <= slice_items_max && file_->bytes <= slice_bytes_max;
}

Result<> ImportSender::take(const std::string& item) {
    if (!items_.empty() && items_.size() + item.size() > slice_bytes_max) LG_CHECK(send_slice());
    items_ += items_.empty() ? "[" : ",";
    items_ += item;
    if (++count_ == slice_items_max) LG_CHECK(send_slice());
    return {};
}

Result<> ImportSender::finish() {
    if (!items_.empty()) LG_CHECK(send_slice());
    if (is_small() || staged_ == 0) return {};
    json::object body;
    body["rows"] = std::to_string(file_->items);
    body["pin"] = pins_.first;
    body["second_pin"] = pins_.second;
    body["request_id"] = import_id() + ":publish";
    return post("import_publish", std::move(body));
}

Result<> ImportSender::send_slice() {
    json::object body;
    body["kind"] = said_->what;
    body["rows"] = std::to_string(file_->items);
    body["items"] = items_ + "]";
    if (file_->changed > 0) body["changed"] = std::to_string(file_->changed);
    const std::int64_t first = staged_ + 1;
    const std::int64_t count = count_;
    items_.clear();
    count_ = 0;
    if (is_small()) {
        body["pin"] = pins_.first;
        body["second_pin"] = pins_.second;
        body["request_id"] = import_id() + ":1";
        return post("import_rows", std::move(body));
    }
    body["first"] = std::to_string(first);
    body["request_id"] = import_id() + ":" + std::to_string(first);
    LG_CHECK(post("import_stage", std::move(body)));
    staged_ += count;
    return {};
}

Result<> ImportSender::post(const char* operation, json::object body) {
    body["import"] = import_id();
    body["badge"] = said_->badge;
    body["second_badge"] = said_->second_badge;
    body["reason"] = said_->reason.empty() ? "import of " + said_->more : said_->reason;
    LG_TRY(Said said, ask(operation, body));
    // What was refused changed nothing, and may be allowed now: it is asked anew.
    if (said.is_refused && said.is_replay) {
        body["request_id"] = std::string(body["request_id"].as_string()) + ":" + new_request_id();
        LG_TRY(said, ask(operation, body));
    }
    is_replay_ = said.is_replay || said.code == "IMPORT_DONE";
    if (!said.is_refused || said.code == "IMPORT_DONE") return {};
    trouble_ = {exit_refused, said.told, "lotgate import --help"};
    return fail(FaultCode::conflict, trouble_.told);
}

Result<ImportSender::Said> ImportSender::ask(const char* operation, const json::object& body) {
    HttpAsk request;
    request.method = "POST";
    request.target = std::string("/api/v1/operations/") + operation;
    request.body = json::serialize(body);
    const auto answered = send_request(*said_, request);
    if (!answered) {
        trouble_ = answered.error();
        return fail(FaultCode::unavailable, trouble_.told);
    }
    json::error_code error;
    const json::value answer = json::parse(answered->json, error);
    const json::object* object = error ? nullptr : answer.if_object();
    if (object == nullptr) {
        trouble_ = {exit_failed, "the answer is not JSON", "lotgate version"};
        return fail(FaultCode::corrupt, trouble_.told);
    }
    const json::value* replay = object->if_contains("is_replay");
    Said said;
    said.is_refused = text_at(answer, {"light"}) == "bad";
    said.is_replay = replay != nullptr && replay->is_bool() && replay->get_bool();
    said.code = text_at(answer, {"code"});
    said.told = text_at(answer, {"told"});
    return said;
}

}  // namespace lotgate::cli
