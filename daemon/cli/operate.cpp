#include "daemon/cli/operate.hpp"

#include "daemon/cli/decode/decode_command.hpp"
#include "daemon/cli/pins.hpp"
#include "daemon/cli/show.hpp"
#include "daemon/cli/source.hpp"
#include "daemon/cli/text.hpp"
#include "store/operations/table.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <ostream>

namespace lotgate::cli {

namespace json = boost::json;

int operate(const Invocation& said, const Surroundings& around, const std::string& request_id) {
    json::object body;
    for (const std::string& word : said.words) {
        const std::size_t equals = word.find('=');
        if (equals == std::string::npos || equals == 0) {
            const Trouble trouble{exit_usage,
                                  "\"" + printable(word) + "\" is not of the form name=value",
                                  "lotgate operations"};
            return complain(around, trouble);
        }
        body[word.substr(0, equals)] = unescaped_argument(word.substr(equals + 1));
    }
    body["badge"] = said.badge;
    body["reason"] = said.reason;
    body["second_badge"] = said.second_badge;
    const Pins pins = read_pins(around, said);
    if (!pins.first.empty()) body["pin"] = pins.first;
    if (!pins.second.empty()) body["second_pin"] = pins.second;
    body["station"] = said.station;
    body["request_id"] = request_id;
    HttpAsk ask;
    ask.method = "POST";
    ask.target = "/api/v1/operations/" + percent_encoded(said.what);
    ask.body = json::serialize(body);
    const auto answered = send_request(said, ask);
    if (!answered) return complain(around, answered.error());
    json::error_code error;
    const Json answer = json::parse(answered->json, error);
    if (error) {
        const Trouble trouble{exit_failed, "the answer is not JSON", "lotgate version"};
        return complain(around, trouble);
    }
    around.out << (said.is_json ? answered->json + "\n" : show_decision(answer));
    return text_at(answer, {"light"}) == "bad" ? exit_refused : exit_ok;
}

int list_operations(const Invocation& said, const Surroundings& around) {
    if (said.is_markdown) {
        around.out << store::operations_page();
        return exit_ok;
    }
    if (said.is_json) {
        around.out << store::operations_json() << "\n";
        return exit_ok;
    }
    Table table({"OPERATION", "WHO", "NEEDS", "MAY TAKE", "PURPOSE"});
    for (const store::OperationRow& row : store::operations()) {
        std::string needs;
        std::string takes;
        for (const store::Argument& argument : row.arguments) {
            std::string& list = argument.is_required ? needs : takes;
            list += (list.empty() ? "" : " ") + std::string(argument.name);
        }
        table.add({std::string(row.id),
                   std::string(rules::name_of(row.who)),
                   needs,
                   takes,
                   std::string(row.purpose)});
    }
    around.out << table.text();
    return exit_ok;
}

}  // namespace lotgate::cli
