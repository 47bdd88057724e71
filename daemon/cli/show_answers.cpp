#include "daemon/cli/show.hpp"
#include "daemon/cli/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace lotgate::cli {

namespace {

/// "2026-11-22T09:41:07.123456Z" -> "2026-11-22 09:41:07"
std::string short_time(const Json& line, Path path) {
    std::string text = text_at(line, path);
    if (text.size() < 19) return text;
    text[10] = ' ';
    return text.substr(0, 19);
}

std::string happened(const Json& line) {
    for (const std::string_view name : {"code", "did", "state", "item", "kind"}) {
        std::string text = text_at(line, {name});
        if (!text.empty() && text != "ACCEPT") return text;
    }
    return "accepted";
}

std::string about(const Json& line) {
    return joined({text_at(line, {"document"}),
                   text_at(line, {"progress"}),
                   text_at(line, {"told"}),
                   text_at(line, {"because"})},
                  " . ");
}

/// A list of flat objects as a table; its columns are the members of the first.
std::string table_of(const std::vector<const Json*>& rows) {
    std::vector<std::string> names;
    for (const Json* const row : rows) {
        if (!row->is_object()) continue;
        for (const auto& [name, value] : row->get_object()) {
            const std::string key(name);
            if (std::find(names.begin(), names.end(), key) == names.end()) names.push_back(key);
        }
    }
    std::vector<std::string> heads = names;
    for (std::string& head : heads) {
        std::transform(head.begin(), head.end(), head.begin(), [](char c) {
            return c == '_' ? ' ' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
        });
    }
    Table table(heads);
    for (const Json* const row : rows) {
        std::vector<std::string> cells;
        cells.reserve(names.size());
        for (const std::string& name : names) cells.push_back(text_at(*row, {name}));
        table.add(std::move(cells));
    }
    return table.text();
}

std::string titled(const Json& found, std::string_view name, const std::string& title) {
    const auto rows = items_at(found, {name});
    return rows.empty() ? "" : title + "\n" + table_of(rows);
}

// A list of texts; empty where it is one of objects.
std::string words_of(const Json& list) {
    std::string words;
    for (const Json& one : list.get_array())
        if (one.is_string()) words += (words.empty() ? "" : ", ") + text_at(one, {});
    return words;
}

/// Of a list that shows its first rows: what lists them all.
std::string more_of(const Json& found) {
    const Json* const more = member(found, {"has_more_orders"});
    if (more == nullptr) return {};
    return "the first " + grouped(static_cast<std::int64_t>(items_at(found, {"shipped"}).size())) +
           " orders; `lotgate recall` lists them all\n";
}

std::string facts_of(const Json& found, std::string_view name) {
    const Json* const object = member(found, {name});
    if (object == nullptr || !object->is_object()) return {};
    std::string line;
    const auto add = [&line](const std::string& key, const std::string& text) {
        if (!text.empty()) line += (line.empty() ? "" : " . ") + key + " " + text;
    };
    for (const auto& [key, value] : object->get_object()) {
        add(std::string(key), value.is_array() ? words_of(value) : text_at(value, {}));
        // Fields of the site's own: custom.colour green.
        if (!value.is_object()) continue;
        for (const auto& [inner, said] : value.get_object())
            add(std::string(key) + "." + std::string(inner), text_at(said, {}));
    }
    return line + "\n";
}

std::string balance_of(const Json& found) {
    const Json* const balance = member(found, {"mass_balance"});
    if (balance == nullptr) return {};
    const auto count = [balance](std::string_view name) { return number_at(*balance, {name}); };
    const std::int64_t difference = count("difference");
    return "received " + grouped(count("received")) + " = on site " + grouped(count("on_site")) +
           " + shipped " + grouped(count("shipped")) + " + gone " + grouped(count("gone")) +
           (difference == 0 ? "   ok" : "   NOT ACCOUNTED FOR " + grouped(difference)) +
           (count("announced") > 0 ? "   (announced " + grouped(count("announced")) + " more)"
                                   : "") +
           "\n";
}

std::string history_of(const Json& found) {
    Table table({"SEQ", "TIME (UTC)", "STATION", "STEP", "WHAT", "ABOUT"});
    for (const Json* const line : items_at(found, {"history"})) {
        table.add({"#" + text_at(*line, {"seq"}),
                   short_time(*line, {"at"}),
                   text_at(*line, {"station"}),
                   text_at(*line, {"step"}),
                   happened(*line),
                   about(*line)});
    }
    return table.is_empty() ? "" : table.text();
}

std::string versions_of(const Json& under) {
    const auto lane = [&under](std::string_view name, std::string_view age) {
        const std::string through = text_at(under, {name});
        if (through.empty()) return std::string();
        const bool has_age = member(under, {age}) != nullptr;
        return std::string(name) + " feed through " + through +
               (has_age ? ", " + duration_text(number_at(under, {age})) + " old" : "");
    };
    return joined({lane("main", "main_age_s"),
                   lane("urgent", "urgent_age_s"),
                   "policy " + text_at(under, {"policy"}),
                   "clock " + text_at(under, {"clock"}),
                   "site date " + text_at(under, {"site_date"})},
                  " . ");
}

}  // namespace

std::string show_summary(const Json& summary) {
    std::string out = "decided " + grouped(number_at(summary, {"accepted"})) + " accepted, " +
                      grouped(number_at(summary, {"warned"})) + " with a warning, " +
                      grouped(number_at(summary, {"held"})) + " held, " +
                      grouped(number_at(summary, {"refused"})) + " refused";
    const std::string reasons = counts_text(summary, {"refused_by_code"});
    out += (reasons.empty() ? "" : " (" + reasons + ")") + "\n";
    const std::string kinds = counts_text(summary, {"cases", "by_kind"});
    out += "cases " + grouped(number_at(summary, {"cases", "open"})) + " open" +
           (kinds.empty() ? "" : " (" + kinds + ")") + ", holds " +
           grouped(number_at(summary, {"holds", "open"})) + " in force\n";
    for (const std::string_view name : {"labels", "diverts"}) {
        const std::string counts = counts_text(summary, {name});
        if (!counts.empty()) out += std::string(name) + " " + counts + "\n";
    }
    return out;
}

std::string show_decisions(const Json& answer) {
    Table table({"SEQ", "TIME (UTC)", "STATION", "DECISION", "WHAT", "SUBJECT", "ABOUT"});
    for (const Json* const line : items_at(answer, {"decisions"})) {
        table.add({"#" + text_at(*line, {"seq"}),
                   short_time(*line, {"at"}),
                   text_at(*line, {"station"}),
                   text_at(*line, {"decision"}),
                   happened(*line),
                   text_at(*line, {"subject"}),
                   about(*line)});
    }
    return table.is_empty() ? "nothing was decided yet\n" : table.text();
}

std::string show_trace(const Json& answer) {
    std::string out;
    for (const Json* const found : items_at(answer, {"found"})) {
        out += text_at(*found, {"subject"}) + "\n";
        for (const std::string_view part : {"unit", "lot", "container", "document"}) {
            out += facts_of(*found, part);
            const Json* const thing = member(*found, {part});
            if (thing == nullptr) continue;
            out += titled(*thing, "stands_on", "stands on");
            out += titled(*thing, "holds_containers", "containers on it");
        }
        out += balance_of(*found);
        out += titled(*found, "holds", "holds");
        out += titled(*found, "from", "from");
        out += titled(*found, "on_hand", "on hand");
        out += titled(*found, "shipped", "shipped") + more_of(*found);
        out += titled(*found, "contents", "contents");
        out += titled(*found, "lines", "lines");
        out += titled(*found, "cartons", "cartons");
        out += titled(*found, "archived", "in archive files") + history_of(*found) + "\n";
    }
    return out + "complete up to #" + grouped(number_at(answer, {"complete", "up_to_seq"})) +
           " at " + short_time(answer, {"complete", "up_to"}) + "; cloud has everything through #" +
           grouped(number_at(answer, {"complete", "sent_to_cloud_seq"})) +
           ", its main feed is known through " +
           grouped(number_at(answer, {"complete", "cloud_feed", "main", "cursor"})) + "\n";
}

std::string show_recall(const Json& answer) {
    std::string out;
    for (const Json* const found : items_at(answer, {"found"})) {
        out += text_at(*found, {"target"}) + "\n";
        out += "in " + grouped(number_at(*found, {"mass_balance", "in"})) + " = on hand " +
               grouped(number_at(*found, {"mass_balance", "on_hand"})) + " + shipped " +
               grouped(number_at(*found, {"mass_balance", "shipped"})) + " + gone " +
               grouped(number_at(*found, {"mass_balance", "gone"}));
        const std::int64_t difference = number_at(*found, {"mass_balance", "difference"});
        out += difference == 0 ? "   ok\n" : "   DIFFERENCE " + grouped(difference) + "\n";
        out += titled(*found, "holds", "holds");
        out += titled(*found, "on_hand", "on hand");
        out += titled(*found, "cartons", "in cartons");
        out += titled(*found, "announced", "on its way in");
        out += titled(*found, "shipped", "shipped");
        out += titled(*found, "shipped_after_recall", "shipped after the recall was decided");
        out += titled(*found, "contacts", "contacts");
        out += titled(*found, "from", "from");
        out += titled(*found, "lots", "lots");
        out += titled(*found, "unknown", "unknown: look for these");
        out += titled(*found, "outages", "could not be seen meanwhile");
        out += titled(*found, "unseen", "went past and was not recognised");
        out += "could move from " + short_time(*found, {"period", "from"}) + " to " +
               short_time(*found, {"period", "until"}) + "; certain up to " +
               short_time(*found, {"certain_until"}) +
               (items_at(*found, {"outages"}).empty() && items_at(*found, {"unseen"}).empty()
                    ? "\n\n"
                    : ", but for what is listed above\n\n");
    }
    return out + "complete up to #" + grouped(number_at(answer, {"complete", "up_to_seq"})) +
           " at " + short_time(answer, {"complete", "up_to"}) + "\n";
}

std::string show_why(const Json& answer) {
    if (member(answer, {"archived"}) != nullptr)
        return "#" + text_at(answer, {"seq"}) +
               " is in an archive: " + text_at(answer, {"archived", "file"}) +
               "\nread it with: " + text_at(answer, {"archived", "read"}) + "\n";
    std::string out = "#" + text_at(answer, {"seq"}) + " " + short_time(answer, {"at"}) + " " +
                      joined({text_at(answer, {"station"}),
                              text_at(answer, {"step"}),
                              text_at(answer, {"actor"}),
                              text_at(answer, {"subject"})},
                             " . ") +
                      "\n";
    out +=
        joined({text_at(answer, {"decision"}), happened(answer), text_at(answer, {"rule"})}, " ") +
        "\n";
    const std::string told = text_at(answer, {"told"});
    if (!told.empty()) out += told + "\n";
    const auto findings = items_at(answer, {"event", "findings"});
    if (!findings.empty()) out += "findings\n" + table_of(findings);
    const std::string raw = text_at(answer, {"event", "seen", "raw"});
    if (!raw.empty()) out += "read " + raw + "\n";
    const Json* const event = member(answer, {"event"});
    if (event != nullptr) out += facts_of(*event, "what");
    const Json* const under = member(answer, {"event", "under"});
    if (under != nullptr) out += "decided under " + versions_of(*under) + "\n";
    const std::string purpose = text_at(answer, {"operation", "purpose"});
    if (!purpose.empty()) out += purpose + "\n";
    const Json* const authority = member(answer, {"event", "authority"});
    if (authority != nullptr && event != nullptr)
        out += facts_of(*event, "authority") + facts_of(*event, "arguments");
    const auto asked = items_at(answer, {"asked"});
    if (!asked.empty()) out += "asked\n" + table_of(asked);
    return out + "event hash " + text_at(answer, {"hash"}) + "\n";
}

std::string show_cases(const Json& answer) {
    std::string out;
    for (const Json* const one : items_at(answer, {"cases"})) {
        const std::int64_t count = number_at(*one, {"count"});
        out += "#" + text_at(*one, {"id"}) + " " +
               joined({text_at(*one, {"kind"}),
                       text_at(*one, {"subject"}),
                       text_at(*one, {"station"}),
                       short_time(*one, {"opened_at"}),
                       count > 1 ? grouped(count) + " times" : "",
                       text_at(*one, {"status"})},
                      " . ") +
               "\n    " + text_at(*one, {"told"}) + "\n";
        const std::string due = short_time(*one, {"due"});
        const Json* const is_overdue = member(*one, {"overdue"});
        if (!due.empty() && text_at(*one, {"status"}) != "closed")
            out += std::string("    ") +
                   (is_overdue != nullptr && is_overdue->is_bool() && is_overdue->get_bool()
                        ? "OVERDUE since "
                        : "due ") +
                   due + "\n";
        std::string choices;
        for (const Json* const choice : items_at(*one, {"decisions"})) {
            choices += (choices.empty() ? "" : " | ") + text_at(*choice, {});
        }
        const std::string who = text_at(*one, {"who"});
        if (text_at(*one, {"status"}) == "closed") {
            out += "    decided: " +
                   joined({text_at(*one, {"decision"}),
                           text_at(*one, {"decided_by"}),
                           text_at(*one, {"reason"})},
                          ", ") +
                   "\n";
        } else if (!choices.empty()) {
            out.append("    ").append(who).append(who.empty() ? "" : ": ");
            out.append(choices).append("\n");
        }
    }
    if (out.empty()) return "nothing waits for a person\n";
    return out + "next: lotgate cases decide ID DECISION --badge WHO --reason TEXT\n";
}

std::string show_chain(const Json& answer) {
    const Json* const is_ok = member(answer, {"ok"});
    if (is_ok != nullptr && is_ok->is_bool() && is_ok->get_bool()) {
        const std::int64_t archived = number_at(answer, {"archived"});
        return "the chain is whole: " + grouped(number_at(answer, {"rows"})) + " events, head " +
               text_at(answer, {"head_hash"}) + "\n" +
               (archived == 0 ? ""
                              : "it begins after #" + grouped(archived) +
                                    "; `lotgate archive verify` checks the files before it\n");
    }
    return "THE CHAIN IS BROKEN at #" + grouped(number_at(answer, {"first_bad_seq"})) + "; " +
           joined({grouped(number_at(answer, {"rows"})) + " events before it are whole",
                   text_at(answer, {"because"})},
                  ", ") +
           "\nnext: stop lotgated, keep a copy of the database, and restore the last backup\n";
}

std::string show_decision(const Json& decision) {
    const std::string light = text_at(decision, {"light"});
    const std::string word = light == "good"        ? "ACCEPTED"
                             : light == "attention" ? "ATTENTION"
                             : light == "bad"       ? "STOP"
                                                    : "NOT DECIDED";
    const std::string code = text_at(decision, {"code"});
    return joined({word,
                   code == "ACCEPT" ? "" : code,
                   text_at(decision, {"subject"}),
                   text_at(decision, {"document"}),
                   text_at(decision, {"progress"}),
                   "#" + text_at(decision, {"seq"})},
                  "  ") +
           "\n" + text_at(decision, {"told"}) + "\n";
}

}  // namespace lotgate::cli
