#include "daemon/api/routes.hpp"

#include "daemon/api/body.hpp"
#include "daemon/api/to_json.hpp"
#include "daemon/web/assets.hpp"
#include "store/model/settings.hpp"
#include "store/rules/authority.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace lotgate::api {

namespace json = boost::json;

namespace {

constexpr std::size_t question_bytes_max = 8192;  // a QR code holds 7,089 digits
constexpr std::size_t decisions_max = 500;

Problem problem(int status, std::string_view code, std::string detail, std::string next) {
    const std::string_view title = status == 404   ? "Not found"
                                   : status == 405 ? "Not this way"
                                   : status == 429 ? "Once at a time"
                                                   : "Not understood";
    return {status, std::string(code), std::string(title), std::move(detail), std::move(next)};
}

std::string_view next_segment(std::string_view& rest) {
    const auto slash = rest.find('/');
    const std::string_view segment = rest.substr(0, slash);
    rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
    return segment;
}

/// The captured {parts}, or nothing where `path` is not of `pattern`.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
    if (std::count(pattern.begin(), pattern.end(), '/') !=
        std::count(path.begin(), path.end(), '/')) {
        return std::nullopt;
    }
    std::vector<std::string> captured;
    while (!pattern.empty() || !path.empty()) {
        const std::string_view wanted = next_segment(pattern);
        const std::string_view given = next_segment(path);
        if (!wanted.empty() && wanted.front() == '{') {
            if (given.empty()) return std::nullopt;
            captured.emplace_back(given);
        } else if (wanted != given) {
            return std::nullopt;
        }
    }
    return captured;
}

template <class Number>
std::optional<Number> number_in(std::string_view text) {
    Number number{};
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (text.empty() || read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    return number;
}

Reply asset_reply(const Request& request, const web::Asset& asset) {
    Reply reply;
    reply.content_type = std::string(asset.content_type);
    reply.headers.emplace_back("ETag", std::string(asset.etag));
    reply.headers.emplace_back("Cache-Control", "no-cache");
    if (request.if_none_match.find(asset.etag) != std::string::npos) {
        reply.status = 304;
    } else {
        reply.constant_body = asset.body;
    }
    return reply;
}

Reply answer_of(Result<std::string> answer) {
    return answer ? json_reply(std::move(*answer)) : reply_of(answer.error());
}

/// Invalid input to a question means that nothing has that name.
Reply found_or_404(Result<std::string> answer) {
    if (answer || answer.error().code() != FaultCode::invalid_input) {
        return answer_of(std::move(answer));
    }
    return reply_of(problem(404,
                            "not_found",
                            answer.error().detail() + ": \"" + answer.error().untrusted() + "\".",
                            "Scan it, or look at the last decisions for what is known."));
}

std::optional<Reply> refused_question(const std::string& what) {
    if (!what.empty() && what.size() <= question_bytes_max) return std::nullopt;
    return reply_of(problem(400,
                            "what_missing",
                            what.empty() ? "The question names nothing." : "That is too long.",
                            "Add ?what= with a serial, lot, SSCC or document code."));
}

}  // namespace

std::string Call::query(const std::string& name) const {
    const auto found = request.query.find(name);
    return found == request.query.end() ? std::string{} : found->second;
}

const std::vector<Routes::Route>& Routes::table() {
    static const std::vector<Route> routes{
        {"GET", "/healthz", &Routes::health},
        {"GET", "/metrics", &Routes::metrics},
        {"GET", "/api/v1/metrics", &Routes::metrics},
        {"GET", "/api/v1/status", &Routes::status},
        {"GET", "/api/v1/devices", &Routes::devices},
        {"GET", "/api/v1/stations", &Routes::stations},
        {"GET", "/api/v1/decisions", &Routes::decisions},
        {"GET", "/api/v1/cases", &Routes::cases},
        {"GET", "/api/v1/trace", &Routes::trace},
        {"GET", "/api/v1/recall", &Routes::recall},
        {"GET", "/api/v1/why", &Routes::why},
        {"GET", "/api/v1/exports/{sheet}", &Routes::exported},
        {"GET", "/api/v1/orders/{id}/picks", &Routes::picks},
        {"GET", "/api/v1/outbox", &Routes::outbox},
        {"GET", "/api/v1/chain", &Routes::chain},
        {"GET", "/api/v1/live", &Routes::live},
        {"GET", "/api/v1/devices/{id}", &Routes::device},
        {"POST", "/api/v1/devices/{id}/inject", &Routes::inject},
        {"POST", "/api/v1/devices/{id}/replace", &Routes::replace},
        {"POST", "/api/v1/devices/{id}/trace", &Routes::trace_wire},
        {"POST", "/api/v1/devices/{id}/trigger", &Routes::trigger},
        {"POST", "/api/v1/discover", &Routes::discover},
        {"GET", "/api/v1/cases/{id}/recording", &Routes::recording},
        {"POST", "/api/v1/stations/{id}/scan", &Routes::scan},
        {"POST", "/api/v1/cases/{id}/decide", &Routes::decide},
        {"GET", "/api/v1/operations", &Routes::operations},
        {"POST", "/api/v1/stock/change", &Routes::stock_change},
        {"GET", "/api/v1/reasons", &Routes::reasons},
        {"POST", "/api/v1/operations/{kind}", &Routes::operate},
        {"GET", "/api/v1/labels/{template}/preview", &Routes::preview},
        {"GET", "/api/v1/printers/{id}/queue", &Routes::print_queue},
        {"POST", "/api/v1/printers/{id}/{verb}", &Routes::ask_printer},
    };
    return routes;
}

Routes::Answer Routes::answer(const Request& request) {
    const bool is_head = request.method == "HEAD";
    const std::string_view method = is_head ? std::string_view("GET") : request.method;
    std::string allowed;
    for (const Route& route : table()) {
        auto captured = match(route.pattern, request.path);
        if (!captured) continue;
        if (route.method != method) {
            allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
            continue;
        }
        const Call call{request, std::move(*captured)};
        Reply reply = co_await (this->*route.handler)(call);
        co_return reply;
    }
    const web::Asset* const asset = web::find_asset(request.path);
    if (asset != nullptr && method == "GET") co_return asset_reply(request, *asset);
    if (asset != nullptr && allowed.empty()) allowed = "GET";
    if (!allowed.empty()) {
        Reply reply = reply_of(problem(405,
                                       "wrong_method",
                                       "This address does not take " + request.method + ".",
                                       "It takes " + allowed + "."));
        reply.headers.emplace_back("Allow", allowed);
        co_return reply;
    }
    co_return reply_of(problem(404,
                               "unknown_route",
                               "There is nothing at " + request.path + ".",
                               "docs/data/api.md lists the addresses; the page is at /."));
}

Routes::Answer Routes::health(const Call& /*call*/) {
    Reply reply;
    const StatusView now = site_.status();
    reply.content_type = "text/plain; charset=utf-8";
    reply.status = now.store.is_unsafe ? 503 : 200;
    reply.body = now.store.is_unsafe ? "store unsafe\n" : "ok\n";
    co_return reply;
}

Routes::Answer Routes::status(const Call& /*call*/) {
    const auto summary = co_await site_.summary();
    std::string text = to_json(site_.status());
    text = with_member("devices", to_json(site_.devices()), text);
    co_return json_reply(with_member("summary", summary ? *summary : "null", text));
}

Routes::Answer Routes::devices(const Call& /*call*/) {
    const std::string now = "\"" + to_string(site_.status().now) + "\"";
    co_return json_reply("{\"now\":" + now + ",\"devices\":" + to_json(site_.devices()) + "}");
}

Routes::Answer Routes::stations(const Call& /*call*/) {
    co_return json_reply("{\"stations\":" + to_json(site_.stations()) + "}");
}

Routes::Answer Routes::decisions(const Call& call) {
    const std::string text = call.query("count");
    const auto count = text.empty() ? std::optional<std::size_t>(50) : number_in<std::size_t>(text);
    if (!count || *count == 0 || *count > decisions_max) {
        co_return reply_of(
            problem(400, "count_range", "count is not a number from 1 to 500.", "Ask ?count=50."));
    }
    co_return answer_of(co_await site_.recent(*count));
}

Routes::Answer Routes::cases(const Call& call) {
    const bool is_all = call.query("all") == "1" || call.query("all") == "true";
    co_return answer_of(co_await site_.cases(!is_all));
}

Routes::Answer Routes::trace(const Call& call) {
    if (auto refused = refused_question(call.query("what"))) co_return std::move(*refused);
    co_return found_or_404(co_await site_.trace(call.query("what")));
}

Routes::Answer Routes::recall(const Call& call) {
    if (auto refused = refused_question(call.query("what"))) co_return std::move(*refused);
    co_return found_or_404(co_await site_.recall(call.query("what")));
}

Routes::Answer Routes::why(const Call& call) {
    if (auto refused = refused_question(call.query("what"))) co_return std::move(*refused);
    co_return found_or_404(co_await site_.why(call.query("what")));
}

Routes::Answer Routes::reasons(const Call& /*call*/) {
    json::array reasons;
    for (const rules::OverrideReason& reason : rules::override_reasons()) {
        json::object one;
        one["code"] = reason.code;
        one["words"] = reason.words;
        one["only_for"] = reason.only_for;
        reasons.emplace_back(std::move(one));
    }
    json::object answer;
    answer["reasons"] = std::move(reasons);
    co_return json_reply(json::serialize(answer));
}

Routes::Answer Routes::picks(const Call& call) {
    co_return found_or_404(co_await site_.picks(call.captured.at(0)));
}

Routes::Answer Routes::outbox(const Call& /*call*/) {
    const auto summary = co_await site_.summary();
    co_return json_reply(
        with_member("summary", summary ? *summary : "null", to_json(site_.status())));
}

Routes::Answer Routes::chain(const Call& /*call*/) {
    if (is_verifying_) {
        co_return reply_of(problem(429,
                                   "verifying",
                                   "The chain is being verified for somebody else.",
                                   "Ask again when that has ended."));
    }
    is_verifying_ = true;
    auto verified = co_await site_.verify_chain();
    is_verifying_ = false;
    co_return answer_of(std::move(verified));
}

Routes::Answer Routes::live(const Call& /*call*/) {
    Reply reply;
    reply.is_live = true;
    co_return reply;
}

Routes::Answer Routes::metrics(const Call& /*call*/) {
    const auto summary = co_await site_.summary();
    Reply reply;
    reply.content_type = "text/plain; version=0.0.4; charset=utf-8";
    reply.body = metrics_.text(site_.status(), site_.devices(), summary ? *summary : "");
    co_return reply;
}

Routes::Answer Routes::scan(const Call& call) {
    const std::vector<BodyMember> known{{"code", question_bytes_max, true},
                                        {"badge", 64},
                                        {"request_id", 128},
                                        {"source", 16},
                                        {"capture", 16},
                                        {"serial", 64},
                                        {"lot", 64},
                                        {"override.badge", 64},
                                        {"override.pin", 64},
                                        {"override.reason", 64},
                                        {"override.second_badge", 64},
                                        {"override.second_pin", 64},
                                        {"override.code", 64}};
    auto body = read_body(call.request, known);
    if (!body) co_return std::move(body.error());
    const std::string station = call.captured.at(0);
    std::vector<std::string> names;
    for (const StationView& own : site_.stations()) names.push_back(own.id);
    if (std::find(names.begin(), names.end(), station) == names.end()) {
        const auto near = nearest_spelling(station, names);
        co_return reply_of(
            problem(404,
                    "unknown_station",
                    "There is no station \"" + station + "\".",
                    near ? "Did you mean \"" + *near + "\"?" : "`lotgate stations` lists them."));
    }
    ScanCall scan(station, body->at("code"));
    scan.badge = (*body)["badge"];
    scan.request_id = (*body)["request_id"];
    scan.source = (*body)["source"].empty() ? "page" : (*body)["source"];
    scan.capture = (*body)["capture"];
    scan.serial = (*body)["serial"];
    scan.lot = (*body)["lot"];
    static constexpr std::array captures{"", "CASE", "MANUAL", "SLOT", "PALLET_INFERRED"};
    if (std::find(captures.begin(), captures.end(), scan.capture) == captures.end())
        co_return reply_of(problem(400,
                                   "capture_unknown",
                                   "capture says how the code was learnt.",
                                   "It is CASE, MANUAL, SLOT or PALLET_INFERRED."));
    adapters::OverrideFields fields{(*body)["override.badge"],
                                    (*body)["override.pin"],
                                    (*body)["override.reason"],
                                    (*body)["override.second_badge"],
                                    (*body)["override.second_pin"],
                                    (*body)["override.code"]};
    if (!fields.badge.empty()) scan.overriding = std::move(fields);
    const auto decided = co_await site_.scan(std::move(scan));
    co_return decided ? json_reply(to_json(*decided)) : reply_of(decided.error());
}

Routes::Answer Routes::decide(const Call& call) {
    const std::vector<BodyMember> known{{"decision", 64, true},
                                        {"actor", 64, true},
                                        {"reason", 500},
                                        {"request_id", 128},
                                        {"pin", 64}};
    auto body = read_body(call.request, known);
    if (!body) co_return std::move(body.error());
    const auto id = number_in<std::int64_t>(call.captured.at(0));
    if (!id || *id < 1) {
        co_return reply_of(problem(404,
                                   "unknown_case",
                                   "That is not the number of a case.",
                                   "`lotgate cases` lists them."));
    }
    CaseCall decision(*id, body->at("decision"));
    decision.actor = (*body)["actor"];
    decision.reason = (*body)["reason"];
    decision.request_id = (*body)["request_id"];
    decision.pin = (*body)["pin"];
    const auto seq = co_await site_.decide_case(std::move(decision));
    if (!seq) co_return reply_of(seq.error());
    co_return json_reply("{\"case\":" + std::to_string(*id) + ",\"seq\":" + std::to_string(*seq) +
                         "}");
}

}  // namespace lotgate::api
