#include "daemon/cli/print_command.hpp"

#include "daemon/cli/decode/decode_command.hpp"
#include "daemon/cli/operate.hpp"
#include "daemon/cli/source.hpp"
#include "daemon/cli/text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <ostream>

namespace lotgate::cli {

namespace {

namespace json = boost::json;

std::string target_of(const Invocation& said, const std::string& verb) {
    return "/api/v1/printers/" + percent_encoded(said.what) + "/" + verb;
}

std::string seconds(const Json& label, const char* name) {
    return duration_text(number_at(label, {name}));
}

std::string show_queue(const Json& answer) {
    std::string out = text_at(answer, {"printer"}) + " . " + text_at(answer, {"state"});
    const std::string because = text_at(answer, {"because"});
    if (!because.empty()) out += " . " + because;
    out += "\n";
    Table table({"LABEL", "STATE", "AGE", "OF", "TOLD"});
    for (const Json* const label : items_at(answer, {"in_doubt"}))
        table.add({text_at(*label, {"effect"}),
                   "IN DOUBT",
                   text_at(*label, {"since"}),
                   text_at(*label, {"subject"}),
                   text_at(*label, {"because"})});
    for (const Json* const label : items_at(answer, {"waiting"})) {
        const std::string from = text_at(*label, {"moved_from"});
        table.add({text_at(*label, {"effect"}),
                   text_at(*label, {"state"}),
                   seconds(*label, "age_s"),
                   text_at(*label, {"subject"}),
                   from.empty() ? "good for " + seconds(*label, "stale_in_s") : "from " + from});
    }
    out += table.is_empty() ? "nothing waits, nothing is in doubt\n" : table.text();
    Table last({"LAST", "STATE", "SINCE", "OF", "TOLD"});
    for (const Json* const label : items_at(answer, {"recent"}))
        last.add({text_at(*label, {"effect"}),
                  text_at(*label, {"state"}),
                  text_at(*label, {"since"}),
                  text_at(*label, {"subject"}),
                  text_at(*label, {"because"})});
    if (!last.is_empty()) out += last.text();
    const std::string failover = text_at(answer, {"failover"});
    if (failover == "ask" && !items_at(answer, {"waiting"}).empty())
        out += "labels that wait can go to " + text_at(answer, {"neighbour"}) +
               ": lotgate print move " + text_at(answer, {"printer"}) + "\n";
    return out;
}

}  // namespace

int print_queue(const Invocation& said, const Surroundings& around) {
    HttpAsk ask;
    ask.target = target_of(said, "queue");
    const auto answered = send_request(said, ask);
    if (!answered) return complain(around, answered.error());
    json::error_code error;
    const Json answer = json::parse(answered->json, error);
    if (error) return complain(around, {exit_failed, "the answer is not JSON", "lotgate version"});
    around.out << (said.is_json ? answered->json + "\n" : show_queue(answer));
    return items_at(answer, {"in_doubt"}).empty() ? static_cast<int>(exit_ok)
                                                  : static_cast<int>(exit_problems);
}

int preview_label(const Invocation& said, const Surroundings& around) {
    HttpAsk ask;
    ask.target = "/api/v1/labels/" + percent_encoded(said.what) +
                 "/preview?language=" + percent_encoded(said.more.empty() ? "zpl" : said.more);
    for (const std::string& word : said.words) {
        const auto equals = word.find('=');
        if (equals == std::string::npos || equals == 0)
            return complain(around,
                            {exit_usage,
                             "\"" + printable(word) + "\" is not of the form name=value",
                             "lotgate labels preview --help"});
        ask.target += "&" + percent_encoded(word.substr(0, equals)) + "=" +
                      percent_encoded(unescaped_argument(word.substr(equals + 1)));
    }
    const auto answered = send_request(said, ask);
    if (!answered) return complain(around, answered.error());
    around.out << answered->json;
    return exit_ok;
}

int ask_printer(const Invocation& said, const Surroundings& around) {
    const std::string verb = said.verb.substr(said.verb.find(' ') + 1);
    json::object body;
    body["badge"] = said.badge;
    if (verb == "move") body["to"] = said.more;
    HttpAsk ask;
    ask.method = "POST";
    ask.target = target_of(said, verb);
    ask.body = json::serialize(body);
    const auto answered = send_request(said, ask);
    if (!answered) return complain(around, answered.error());
    json::error_code error;
    const Json answer = json::parse(answered->json, error);
    if (error) return complain(around, {exit_failed, "the answer is not JSON", "lotgate version"});
    const std::string labels = text_at(answer, {"labels"});
    around.out << (said.is_json ? answered->json + "\n"
                                : said.what + ": " + verb +
                                      (labels.empty() ? "" : ", " + labels + " labels") + "\n");
    return exit_ok;
}

int reprint(const Invocation& said, const Surroundings& around, const std::string& request_id) {
    Invocation operation = said;
    operation.what = "reprint";
    const auto slash = said.what.find('/');
    if (slash == std::string::npos) {
        operation.words.push_back("sscc=" + said.what);
    } else {
        operation.words.push_back("gtin=" + said.what.substr(0, slash));
        operation.words.push_back("serial=" + said.what.substr(slash + 1));
    }
    return operate(operation, around, request_id);
}

}  // namespace lotgate::cli
