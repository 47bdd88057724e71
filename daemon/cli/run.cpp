#include "daemon/cli/run.hpp"

#include "daemon/cli/archive_command.hpp"
#include "daemon/cli/command_line.hpp"
#include "daemon/cli/decode/decode_command.hpp"
#include "daemon/cli/device_verbs.hpp"
#include "daemon/cli/export_command.hpp"
#include "daemon/cli/http_client.hpp"
#include "daemon/cli/import_command.hpp"
#include "daemon/cli/operate.hpp"
#include "daemon/cli/pins.hpp"
#include "daemon/cli/print_command.hpp"
#include "daemon/cli/printing.hpp"
#include "daemon/cli/rules_listing.hpp"
#include "daemon/cli/show.hpp"
#include "daemon/cli/source.hpp"
#include "daemon/cli/text.hpp"
#include "store/model/secret_hash.hpp"
#include "store/rules/authority.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <ostream>
#include <string_view>
#include <vector>

#ifndef LOTGATE_VERSION
#error "LOTGATE_VERSION comes from CMakeLists.txt"
#endif

namespace lotgate::cli {

namespace {

namespace json = boost::json;

struct Question {
    const char* verb;
    const char* path;
    const char* parameter;  ///< of the query, for the first argument; or null
    Offline offline;
    Show show;
};

std::string summary_as_status(const std::string& summary) {
    return R"({"is_daemon_down":true,"summary":)" + summary + "}";
}

std::string show_status_or_summary(const Json& answer) {
    const Json* const summary = member(answer, {"summary"});
    if (member(answer, {"is_daemon_down"}) == nullptr || summary == nullptr) {
        return show_status(answer);
    }
    return "site " + text_at(*summary, {"site"}) + " . DAEMON DOWN . last event #" +
           grouped(number_at(*summary, {"head"})) + "\noutbox " +
           grouped(number_at(*summary, {"outbox", "depth"})) + " events wait, oldest " +
           duration_text(number_at(*summary, {"outbox", "oldest_age_s"})) + "\n" +
           show_summary(*summary);
}

std::string show_outbox_or_summary(const Json& answer) {
    return member(answer, {"is_daemon_down"}) == nullptr ? show_outbox(answer)
                                                         : show_status_or_summary(answer);
}

Result<std::string> status_of(store::Queries& queries) {
    LG_TRY(const std::string summary, queries.summary());
    return summary_as_status(summary);
}

std::vector<Question> questions_of(const Invocation& said) {
    const std::string what = said.what;
    const std::size_t count = said.count;
    const bool open_only = !said.wants_all;
    return {
        {"status", "status", nullptr, status_of, show_status_or_summary},
        {"outbox", "outbox", nullptr, status_of, show_outbox_or_summary},
        {"devices", "devices", nullptr, {}, show_devices},
        {"stations", "stations", nullptr, {}, show_stations},
        {"trace",
         "trace",
         "what",
         [what](store::Queries& queries) { return queries.trace(what); },
         show_trace},
        {"recall",
         "recall",
         "what",
         [what](store::Queries& queries) { return queries.recall(what); },
         said.is_csv ? recall_as_csv : show_recall},
        {"why",
         "why",
         "what",
         [what](store::Queries& queries) { return queries.why(what); },
         show_why},
        {"cases",
         said.wants_all ? "cases?all=1" : "cases",
         nullptr,
         [open_only](store::Queries& queries) { return queries.cases(open_only); },
         show_cases},
        {"decisions",
         "decisions",
         "count",
         [count](store::Queries& queries) { return queries.recent(count); },
         show_decisions},
        {"chain verify",
         "chain",
         nullptr,
         [](store::Queries& queries) { return queries.verify_chain(); },
         show_chain},
    };
}

int answer_question(const Invocation& said, const Surroundings& around, const Question& question) {
    HttpAsk ask;
    ask.target = std::string("/api/v1/") + question.path;
    if (question.parameter != nullptr) {
        const std::string value = said.verb == "decisions" ? std::to_string(said.count) : said.what;
        ask.target += std::string("?") + question.parameter + "=" + percent_encoded(value);
    }
    // A chain of ten million events takes minutes to recompute.
    if (said.verb == "chain verify") ask.deadline = std::chrono::minutes(30);
    const auto answered = read_answer(said, ask, question.offline);
    if (!answered) return complain(around, answered.error());
    const Shown shown = print(said, around, *answered, question.show);
    const Json* const is_ok = member(shown.answer, {"ok"});
    const bool is_broken = is_ok != nullptr && is_ok->is_bool() && !is_ok->get_bool();
    return shown.status == exit_ok && is_broken ? static_cast<int>(exit_problems) : shown.status;
}

json::object override_of(const Invocation& said, const Surroundings& around) {
    json::object given;
    given["badge"] = said.overruling;
    given["pin"] = read_pin(around, said.overruling);
    given["reason"] = said.reason;
    if (said.second_badge.empty()) return given;
    given["second_badge"] = said.second_badge;
    given["second_pin"] = read_pin(around, said.second_badge);
    return given;
}

int make_pin(const Surroundings& around) {
    std::string pin;
    std::getline(around.in, pin);
    const auto hash = hash_secret(pin);
    if (pin.size() < 4 || !hash) {
        const Trouble trouble{exit_usage,
                              hash ? "a PIN has at least 4 characters" : hash.error().detail(),
                              "printf 4711 | lotgate pin"};
        return complain(around, trouble);
    }
    around.out << *hash << "\n";
    return exit_ok;
}

int show_reasons(const Surroundings& around) {
    for (const rules::OverrideReason& reason : rules::override_reasons()) {
        around.out << reason.code << std::string(22 - reason.code.size(), ' ') << reason.words;
        if (!reason.only_for.empty()) around.out << " (" << reason.only_for << ")";
        around.out << "\n";
    }
    return exit_ok;
}

int scan(const Invocation& said, const Surroundings& around) {
    json::object body;
    body["code"] = unescaped_argument(said.more);
    body["badge"] = said.badge;
    body["request_id"] = new_request_id();
    body["source"] = "command";
    if (!said.overruling.empty()) body["override"] = override_of(said, around);
    HttpAsk ask;
    ask.method = "POST";
    ask.target = "/api/v1/stations/" + percent_encoded(said.what) + "/scan";
    ask.body = json::serialize(body);
    const auto answered = send_request(said, ask);
    if (!answered) return complain(around, answered.error());
    const Shown shown = print(said, around, *answered, show_decision);
    const std::string light = text_at(shown.answer, {"light"});
    if (shown.status != exit_ok) return shown.status;
    if (light == "unavailable") return exit_try_later;
    return light == "bad" ? exit_refused : exit_ok;
}

int picks(const Invocation& said, const Surroundings& around) {
    HttpAsk ask;
    ask.target = "/api/v1/orders/" + percent_encoded(said.what) + "/picks";
    const auto answered = send_request(said, ask);
    if (!answered) return complain(around, answered.error());
    return print(said, around, *answered, show_picks).status;
}

std::string show_decided(const Json& answer) {
    return "case #" + text_at(answer, {"case"}) + " decided, event #" + text_at(answer, {"seq"}) +
           "\n";
}

int decide(const Invocation& said, const Surroundings& around) {
    json::object body;
    body["decision"] = said.more;
    body["actor"] = said.badge;
    body["reason"] = said.reason;
    body["request_id"] = new_request_id();
    const Pins pins = read_pins(around, said);
    if (!pins.first.empty()) body["pin"] = pins.first;
    HttpAsk ask;
    ask.method = "POST";
    ask.target = "/api/v1/cases/" + percent_encoded(said.what) + "/decide";
    ask.body = json::serialize(body);
    const auto answered = send_request(said, ask);
    if (!answered) return complain(around, answered.error());
    return print(said, around, *answered, show_decided).status;
}

int complete(const Invocation& said, const Surroundings& around) {
    const std::string script = completion_for(said.what);
    if (script.empty()) {
        const Trouble trouble{exit_usage,
                              "no completion for \"" + printable(said.what) + "\"",
                              "lotgate completion bash"};
        return complain(around, trouble);
    }
    around.out << script;
    return exit_ok;
}

int list_rules(const Invocation& said, const Surroundings& around) {
    around.out << (said.is_json ? rules_as_json() : rules_as_text());
    return exit_ok;
}

int show_version(const Invocation& said, const Surroundings& around) {
    around.out << (said.is_json ? R"({"version":")" LOTGATE_VERSION "\"}\n"
                                : "lotgate " LOTGATE_VERSION "\n");
    return exit_ok;
}

// What is more than a question to the daemon.
struct Deed {
    std::string_view verb;
    int (*run)(const Invocation& said, const Surroundings& around);
};

constexpr auto deeds = std::to_array<Deed>({
    {"scan", scan},
    {"cases decide", decide},
    {"do",
     [](const Invocation& said, const Surroundings& around) {
         return operate(said, around, new_request_id());
     }},
    {"labels preview", preview_label},
    {"print queue", print_queue},
    {"print reprint",
     [](const Invocation& said, const Surroundings& around) {
         return reprint(said, around, new_request_id());
     }},
    {"operations", list_operations},
    {"archive",
     [](const Invocation& said, const Surroundings& around) {
         return archive(said, around, new_request_id());
     }},
    {"archive verify", verify_archive},
    {"export", export_sheet},
    {"import", import_file},
    {"picks", picks},
    {"pin", [](const Invocation&, const Surroundings& around) { return make_pin(around); }},
    {"reasons", [](const Invocation&, const Surroundings& around) { return show_reasons(around); }},
    {"completion", complete},
    {"rules", list_rules},
    {"version", show_version},
});

}  // namespace

int run(std::span<const std::string> arguments, const Surroundings& around) {
    // The decoder has options of its own, and takes text that looks like options.
    if (!arguments.empty() && arguments.front() == "decode") {
        const Date today = site_date(system_clock().now(), "UTC");
        return decode_command(arguments.subspan(1), around.in, around.out, around.err, today);
    }
    const auto parsed = parse_command_line(arguments, around.socket);
    if (const auto* const ended = std::get_if<Ended>(&parsed)) {
        (ended->status == exit_ok ? around.out : around.err) << ended->text;
        return ended->status;
    }
    const auto& said = std::get<Invocation>(parsed);
    for (const Deed& deed : deeds)
        if (said.verb == deed.verb) return deed.run(said, around);
    if (said.verb.starts_with("print ")) return ask_printer(said, around);
    if (is_device_verb(said.verb)) return device_verb(said, around);
    const auto questions = questions_of(said);
    const auto question = std::find_if(questions.begin(),
                                       questions.end(),
                                       [&](const Question& one) { return said.verb == one.verb; });
    if (question != questions.end()) return answer_question(said, around, *question);
    const Trouble trouble{exit_usage, said.verb + " needs more words", "lotgate --help"};
    return complain(around, trouble);
}

}  // namespace lotgate::cli
