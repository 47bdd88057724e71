#include "tests/powercut/checks.hpp"

#include "store/queries.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <future>
#include <variant>

namespace lotgate::powercut {

namespace {

using store::Command;
using store::Outcome;

std::string what_differs(const Outcome& before, const Outcome& now) {
    if (!now.is_replay) return "decided a second time";
    if (now.seq != before.seq)
        return fmt::format("row {} instead of {}", number_of(now.seq), number_of(before.seq));
    if (now.verdict.decision != before.verdict.decision ||
        now.verdict.code != before.verdict.code || now.verdict.told != before.verdict.told)
        return fmt::format(
            "verdict \"{}\" instead of \"{}\"", now.verdict.code, before.verdict.code);
    if (now.did != before.did || now.document != before.document || now.subject != before.subject)
        return fmt::format("did \"{}\" instead of \"{}\"", now.did, before.did);
    const bool same_effects = std::equal(now.effects.begin(),
                                         now.effects.end(),
                                         before.effects.begin(),
                                         before.effects.end(),
                                         [](const auto& a, const auto& b) { return a.id == b.id; });
    return same_effects ? std::string() : "other effects";
}

/// What became of an effect is not asked a second time by anybody: the next state has taken over.
bool is_asked_again(const Exchange& exchange) {
    return !exchange.answer || !std::holds_alternative<store::EffectReport>(exchange.sent);
}

std::string name_of_request(const Command& command) {
    if (const auto* attempt = std::get_if<rules::Attempt>(&command))
        return fmt::format("request {}", attempt->request_id);
    if (const auto* page = std::get_if<store::FeedPage>(&command))
        return fmt::format("feed page {} {}", page->lane, page->after);
    return "a report";
}

std::string from_sqlite(const std::string& path, const char* pragma, const std::string& good) {
    sqlite3* database = nullptr;
    std::string told;
    const auto keep = [](void* into, int, char** values, char**) {
        *static_cast<std::string*>(into) += values[0] == nullptr ? "null" : values[0];
        return 0;
    };
    int code = sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr);
    if (code == SQLITE_OK) code = sqlite3_exec(database, pragma, keep, &told, nullptr);
    sqlite3_close(database);
    if (code != SQLITE_OK) return fmt::format("{}: {}", pragma, sqlite3_errstr(code));
    return told == good ? std::string() : fmt::format("{}: {}", pragma, told);
}

bool says_ok(const Result<std::string>& answer) {
    return answer && answer->find("\"ok\":true") != std::string::npos;
}

std::string shown(const Result<std::string>& answer) {
    return answer ? answer->substr(0, 400) : answer.error().detail();
}

}  // namespace

std::string what_is_lost(store::Store& store,
                         Conversation& conversation,
                         Workload& workload,
                         AskedAgain& asked) {
    constexpr std::size_t burst_length = 50;
    std::string wrong;
    std::size_t next = 0;
    const auto next_burst = [&] {
        std::vector<std::size_t> burst;
        for (; next < conversation.exchanges.size() && burst.size() < burst_length; ++next)
            if (is_asked_again(conversation.exchanges[next])) burst.push_back(next);
        return burst;
    };
    const auto heard = [&](std::size_t number, Result<Outcome> answer) {
        Exchange& exchange = conversation.exchanges[number];
        if (!wrong.empty()) return;
        if (!answer) {
            wrong = name_of_request(exchange.sent) + ": " + answer.error().detail();
        } else if (!exchange.answer) {
            ++asked.answered;
            if (answer->is_replay) ++asked.committed_unanswered;
            workload.heard(exchange.sent, *answer);
            conversation.last_answered = std::max(conversation.last_answered, answer->seq);
            answer->is_replay = false;
            exchange.answer = std::move(*answer);
        } else if (std::holds_alternative<rules::Attempt>(exchange.sent)) {
            wrong = what_differs(*exchange.answer, *answer);
            if (!wrong.empty()) wrong = name_of_request(exchange.sent) + ": " + wrong;
        }
    };
    if (!converse(store, conversation, next_burst, heard)) return "the store does not answer";
    return wrong;
}

std::string what_is_broken(const std::string& path, const Conversation& conversation) {
    const auto queries = store::Queries::open(path);
    if (!queries) return queries.error().detail();
    const auto head = (*queries)->head();
    if (!head) return head.error().detail();
    if (head->seq < conversation.last_answered)
        return fmt::format("the ledger ends at {}, {} was answered",
                           number_of(head->seq),
                           number_of(conversation.last_answered));
    if (head->acked < conversation.acknowledged)
        return fmt::format("the cloud's acknowledgement of {} is forgotten",
                           number_of(conversation.acknowledged));
    const auto chain = (*queries)->verify_chain();
    if (!says_ok(chain)) return "the chain: " + shown(chain);
    const auto rebuilt = (*queries)->rebuild_and_compare();
    if (!says_ok(rebuilt)) return "the projections: " + shown(rebuilt);
    std::string wrong = from_sqlite(path, "PRAGMA integrity_check", "ok");
    if (wrong.empty()) wrong = from_sqlite(path, "PRAGMA foreign_key_check", "");
    return wrong;
}

std::string acknowledge_all(store::Store& store,
                            const std::string& path,
                            Conversation& conversation) {
    const auto queries = store::Queries::open(path);
    if (!queries) return queries.error().detail();
    const auto head = (*queries)->head();
    if (!head) return head.error().detail();
    if (number_of(head->seq) == 0) return {};
    std::promise<std::string> told;
    store.submit(store::UplinkAcknowledged{head->epoch, head->seq, head->hash},
                 [&told](const Result<Outcome>& answer) {
                     told.set_value(answer ? std::string() : answer.error().detail());
                 });
    std::string wrong = told.get_future().get();
    if (wrong.empty()) conversation.acknowledged = head->seq;
    return wrong;
}

}  // namespace lotgate::powercut
