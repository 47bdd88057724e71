// What may be done with one device, as addresses (docs/data/api.md, "Devices").

#include "daemon/api/body.hpp"
#include "daemon/api/device_tools.hpp"
#include "daemon/api/routes.hpp"
#include "daemon/api/to_json.hpp"

#include <boost/json.hpp>

#include <charconv>
#include <optional>

namespace lotgate::api {

namespace {

namespace json = boost::json;

constexpr std::size_t frames_max = 1000;
constexpr std::size_t code_bytes_max = 8192;

template <class Number>
std::optional<Number> number_in(const std::string& text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

Reply refused(int status, std::string code, std::string detail, std::string next) {
    Problem problem;
    problem.status = status;
    problem.code = std::move(code);
    problem.title = status == 403 ? "Not allowed" : "Not found";
    problem.detail = std::move(detail);
    problem.next = std::move(next);
    return reply_of(problem);
}

Reply no_tools() {
    return refused(404, "no_devices", "This site has no devices of its own.", "lotgate status");
}

/// Invalid input means that no device has that name.
Reply reply_to(Result<std::string> answer) {
    if (answer) return json_reply(std::move(*answer));
    if (answer.error().code() != FaultCode::invalid_input) return reply_of(answer.error());
    const std::string& named = answer.error().untrusted();
    return refused(404,
                   "unknown_device",
                   answer.error().detail() + (named.empty() ? "." : ": \"" + named + "\"."),
                   "`lotgate devices` lists them.");
}

std::vector<BodyMember> with_word_members(std::vector<BodyMember> members, bool needs_badge) {
    members.push_back({"badge", 64, needs_badge});
    for (const char* const name : {"pin", "second_badge", "second_pin"})
        members.push_back({name, 64});
    members.push_back({"reason", 500});
    return members;
}

DeviceWord word_in(Body& body) {
    DeviceWord word;
    word.badge = body["badge"];
    word.pin = body["pin"];
    word.second_badge = body["second_badge"];
    word.second_pin = body["second_pin"];
    word.reason = body["reason"];
    return word;
}

/// The events of a case that may have a recording: the last one first.
std::vector<std::uint64_t> events_of_case(const std::string& cases, std::int64_t id) {
    json::error_code error;
    const json::value root = json::parse(cases, error);
    std::vector<std::uint64_t> events;
    const json::object* const object = error ? nullptr : root.if_object();
    const json::value* const list = object == nullptr ? nullptr : object->if_contains("cases");
    if (list == nullptr || !list->is_array()) return events;
    for (const json::value& item : list->get_array()) {
        const json::object* const one = item.if_object();
        const json::value* const number = one == nullptr ? nullptr : one->if_contains("id");
        if (number == nullptr || !number->is_int64() || number->get_int64() != id) continue;
        for (const char* key : {"last_seq", "opened_seq"}) {
            const json::value* const seq = one->if_contains(key);
            if (seq != nullptr && seq->is_int64()) {
                events.push_back(static_cast<std::uint64_t>(seq->get_int64()));
            }
        }
    }
    return events;
}

}  // namespace

Routes::Answer Routes::device(const Call& call) {
    DeviceTools* const tools = site_.device_tools();
    if (tools == nullptr) co_return no_tools();
    const std::string text = call.query("frames");
    const auto frames =
        text.empty() ? std::optional<std::size_t>(50) : number_in<std::size_t>(text);
    if (!frames || *frames > frames_max) {
        co_return refused(
            400, "frames_range", "frames is not a number from 0 to 1000.", "Ask ?frames=50.");
    }
    co_return reply_to(tools->show(call.captured.at(0), *frames));
}

Routes::Answer Routes::inject(const Call& call) {
    DeviceTools* const tools = site_.device_tools();
    if (tools == nullptr) co_return no_tools();
    const std::vector<BodyMember> known =
        with_word_members({{"code", code_bytes_max}, {"request_id", 128}}, false);
    auto body = read_body(call.request, known);
    if (!body) co_return std::move(body.error());
    InjectCall inject(call.captured.at(0), (*body)["code"]);
    inject.word = word_in(*body);
    inject.request_id = (*body)["request_id"];
    auto decided = co_await tools->inject(std::move(inject));
    if (decided) co_return json_reply(to_json(*decided));
    if (decided.error().code() == FaultCode::closed) {
        co_return refused(403,
                          "inject_refused",
                          decided.error().detail() + ".",
                          "Set allow_inject = true in [site], and reload.");
    }
    co_return reply_to(fail(decided.error()));
}

Routes::Answer Routes::replace(const Call& call) {
    DeviceTools* const tools = site_.device_tools();
    if (tools == nullptr) co_return no_tools();
    const std::vector<BodyMember> known = with_word_members({}, true);
    auto body = read_body(call.request, known);
    if (!body) co_return std::move(body.error());
    DeviceWord word = word_in(*body);
    auto replaced = co_await tools->replace(call.captured.at(0), std::move(word));
    const bool is_forbidden = !replaced && replaced.error().code() == FaultCode::closed;
    if (is_forbidden)
        co_return refused(403,
                          "replace_refused",
                          replaced.error().detail(),
                          "`lotgate devices replace D --badge B --pin`, by a supervisor.");
    co_return reply_to(std::move(replaced));
}

Routes::Answer Routes::trace_wire(const Call& call) {
    DeviceTools* const tools = site_.device_tools();
    if (tools == nullptr) co_return no_tools();
    const std::vector<BodyMember> known{{"state", 8, true}};
    auto body = read_body(call.request, known);
    if (!body) co_return std::move(body.error());
    const std::string state = body->at("state");
    if (state != "on" && state != "off") {
        co_return refused(
            400, "state_word", "state is neither \"on\" nor \"off\".", "{\"state\": \"on\"}");
    }
    co_return reply_to(tools->trace_wire(call.captured.at(0), state == "on"));
}

Routes::Answer Routes::trigger(const Call& call) {
    DeviceTools* const tools = site_.device_tools();
    if (tools == nullptr) co_return no_tools();
    auto body = read_body(call.request, {});
    if (!body) co_return std::move(body.error());
    co_return reply_to(tools->trigger(call.captured.at(0)));
}

Routes::Answer Routes::discover(const Call& call) {
    DeviceTools* const tools = site_.device_tools();
    if (tools == nullptr) co_return no_tools();
    const std::vector<BodyMember> known{{"range", 64}};
    auto body = read_body(call.request, known);
    if (!body) co_return std::move(body.error());
    auto found = co_await tools->discover((*body)["range"]);
    co_return found ? json_reply(std::move(*found)) : reply_of(found.error());
}

Routes::Answer Routes::recording(const Call& call) {
    DeviceTools* const tools = site_.device_tools();
    if (tools == nullptr) co_return no_tools();
    const auto id = number_in<std::int64_t>(call.captured.at(0));
    const auto cases = co_await site_.cases(false);
    if (!cases) co_return reply_of(cases.error());
    for (const std::uint64_t seq :
         id ? events_of_case(*cases, *id) : std::vector<std::uint64_t>{}) {
        auto kept = tools->recording(seq);
        if (kept) co_return json_reply(std::move(*kept));
    }
    co_return refused(404,
                      "no_recording",
                      "No wire was kept for that case.",
                      "Only refused reads of a device are kept, the last 500 of them.");
}

}  // namespace lotgate::api
