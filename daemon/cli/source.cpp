#include "daemon/cli/source.hpp"

#include "daemon/cli/text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <ostream>

namespace lotgate::cli {

namespace {

Exit exit_for(int status) {
    if (status == 400 || status == 415) return exit_usage;
    if (status == 403) return exit_refused;
    if (status == 429 || status == 503 || status == 504) return exit_try_later;
    return exit_failed;
}

tl::unexpected<Trouble> trouble(Exit status, std::string told, std::string next) {
    return tl::unexpected<Trouble>(Trouble{status, std::move(told), std::move(next)});
}

/// What the daemon answered, or the problem it named.
tl::expected<Answered, Trouble> understood(const HttpAnswer& answer) {
    if (answer.status == 200) return Answered{answer.body, {}};
    boost::json::error_code error;
    const Json problem = boost::json::parse(answer.body, error);
    if (error) {
        return trouble(exit_for(answer.status),
                       "the daemon answered " + std::to_string(answer.status),
                       "lotgate status");
    }
    return trouble(
        exit_for(answer.status), text_at(problem, {"detail"}), text_at(problem, {"next"}));
}

std::string away(const Invocation& said, const Fault& fault) {
    return "lotgated does not answer at " + said.socket + " (" + fault.detail() + ")";
}

constexpr const char* start_it = "systemctl status lotgate, or give --socket";

}  // namespace

int complain(const Surroundings& around, const Trouble& trouble) {
    around.err << "lotgate: " << trouble.told << "\n";
    if (!trouble.next.empty()) around.err << "Try: " << trouble.next << "\n";
    return trouble.status;
}

tl::expected<Answered, Trouble> read_answer(const Invocation& said,
                                            const HttpAsk& ask,
                                            const Offline& offline) {
    const auto answer = ask_daemon(said.socket, ask);
    if (answer) return understood(*answer);
    if (!offline) return trouble(exit_away, away(said, answer.error()), start_it);
    auto queries = store::Queries::open(said.database);
    if (!queries) {
        return trouble(exit_away,
                       away(said, answer.error()) + ", and " + said.database +
                           " cannot be read: " + queries.error().detail(),
                       std::string(start_it) + " or --db");
    }
    auto text = offline(**queries);
    if (!text) {
        const bool is_unknown = text.error().code() == FaultCode::invalid_input;
        return trouble(exit_failed,
                       printable(text.error().detail()) +
                           (is_unknown ? ": \"" + printable(text.error().untrusted()) + "\"" : ""),
                       is_unknown ? "lotgate decisions" : "lotgate chain verify");
    }
    return Answered{std::move(*text),
                    away(said, answer.error()) + "; read from " + said.database + " instead"};
}

tl::expected<Answered, Trouble> send_request(const Invocation& said, const HttpAsk& ask) {
    const auto answer = ask_daemon(said.socket, ask);
    if (!answer) return trouble(exit_away, away(said, answer.error()), start_it);
    return understood(*answer);
}

}  // namespace lotgate::cli
