#include "daemon/cli/archive_command.hpp"

#include "daemon/cli/source.hpp"
#include "daemon/cli/text.hpp"
#include "daemon/config/retention_config.hpp"
#include "store/model/ledger_row.hpp"
#include "store/retention/archiving.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <ostream>

#include <unistd.h>

namespace lotgate::cli {

namespace json = boost::json;

namespace {

std::string number(std::uint64_t value) {
    return grouped(static_cast<std::int64_t>(value));
}

// A line that is drawn anew on a terminal; nothing elsewhere.
store::ArchiveGuard::Progress progress_on(std::ostream& err, const char* what) {
    if (isatty(STDERR_FILENO) != 1) return {};
    return [&err, what](std::uint64_t rows) {
        err << "\r" << what << " " << rows << std::flush;
        return true;
    };
}

int complain(const Surroundings& around, const Fault& fault, const std::string& next) {
    const bool is_broken = fault.code() == FaultCode::corrupt;
    const Trouble trouble{is_broken ? exit_problems : exit_failed, fault.detail(), next};
    return cli::complain(around, trouble);
}

struct Purpose {
    store::ArchiveTerms terms;
    std::string database;
};

// The time is the daemon's where it runs: it looks at the file by its own clock.
tl::expected<Purpose, Trouble> purpose_of(const Invocation& said) {
    SettingsProblems problems;
    const auto config = config::load_archive_config(said.config, problems);
    if (!config)
        return tl::unexpected<Trouble>(Trouble{exit_config,
                                               said.config + ": " + problems.front().message,
                                               "lotgated --check-config --config " + said.config});
    Purpose purpose;
    purpose.terms.retention = config->retention;
    purpose.terms.has_cloud = config->has_cloud;
    purpose.terms.now = system_clock().now();
    purpose.terms.is_clock_synced = false;
    purpose.database = said.database;
    const bool is_told = said.database != default_database;
    if (!is_told && !config->store_path.empty()) purpose.database = config->store_path;
    HttpAsk ask;
    ask.target = "/api/v1/status";
    if (const auto status = send_request(said, ask)) {
        json::error_code error;
        const Json answer = json::parse(status->json, error);
        if (const auto now = parse_instant(error ? "" : text_at(answer, {"now"})))
            purpose.terms.now = *now;
        purpose.terms.is_clock_synced = !error && text_at(answer, {"clock"}) == "synced";
    }
    return purpose;
}

std::string told(const store::ArchiveBorder& border) {
    const std::uint64_t rows = border.last - border.base;
    std::string text = border.base == 0
                           ? "no event is in an archive yet\n"
                           : "events up to #" + number(border.base) + " are in archives\n";
    text += rows == 0 ? "none may follow\n"
                      : number(rows) + " may follow: #" + number(border.base + 1) + " to #" +
                            number(border.last) + "\n";
    return text + "#" + number(border.kept) + " stays, and all after it: " + border.stay.code +
           ", " + printable(border.stay.told) + "\n";
}

json::object as_json(const store::ArchiveBorder& border) {
    return {{"archived", border.base},
            {"may_follow", border.last - border.base},
            {"last", border.last},
            {"head", border.head},
            {"kept", border.kept},
            {"code", border.stay.code},
            {"told", border.stay.told}};
}

struct Recording {
    store::WrittenArchive written;
    std::string request_id;
    json::object answer;
};

int record(const Invocation& said, const Surroundings& around, const Recording& recording) {
    const auto& [written, request_id, planned] = recording;
    json::object answer = planned;
    json::object body;
    body["file"] = written.file;
    body["badge"] = said.badge;
    body["request_id"] = request_id;
    HttpAsk ask;
    ask.method = "POST";
    ask.target = "/api/v1/operations/archive";
    ask.body = json::serialize(body);
    ask.deadline = std::chrono::minutes(60);
    const auto answered = send_request(said, ask);
    if (!answered) {
        Trouble trouble = answered.error();
        trouble.told = written.file + " is written and whole, and not recorded: " + trouble.told;
        return complain(around, trouble);
    }
    json::error_code error;
    const Json decision = json::parse(answered->json, error);
    const bool is_refused = error || text_at(decision, {"light"}) == "bad";
    answer["file"] = written.file;
    answer["sha256"] = to_hex(written.checked.digest);
    answer["was_there"] = written.was_there;
    answer["recorded"] = decision;
    if (said.is_json)
        around.out << json::serialize(answer) << "\n";
    else
        around.out << (is_refused ? "REFUSED " + text_at(decision, {"code"}) + "\n" : "")
                   << text_at(decision, {"told"}) << "\n";
    return is_refused ? exit_refused : exit_ok;
}

}  // namespace

int archive(const Invocation& said, const Surroundings& around, const std::string& request_id) {
    if (!said.folder.empty() && said.badge.empty()) {
        const Trouble trouble{exit_usage,
                              "who does it is recorded, and there is no --badge",
                              "lotgate archive --to " + said.folder + " --badge B-7"};
        return complain(around, trouble);
    }
    const auto purpose = purpose_of(said);
    if (!purpose) return complain(around, purpose.error());
    const auto border = store::plan_archive(
        purpose->database, purpose->terms, progress_on(around.err, "looking at events"));
    if (!border)
        return complain(around,
                        border.error(),
                        "sudo -u lotgate lotgate archive, or --db with the database's path");
    const bool is_all = said.folder.empty() || border->last == border->base;
    if (!said.is_json) around.out << told(*border);
    if (is_all && said.is_json) around.out << json::serialize(as_json(*border)) << "\n";
    if (is_all) return exit_ok;
    const auto written = store::write_archive(
        purpose->database, *border, said.folder, progress_on(around.err, "writing events"));
    if (!written)
        return complain(around, written.error(), "look at the folder, then lotgate archive");
    return record(said, around, {*written, request_id, as_json(*border)});
}

int verify_archive(const Invocation& said, const Surroundings& around) {
    store::ArchiveHearer hearer;
    hearer.goes_on = progress_on(around.err, "checking events");
    const auto checked = store::check_archive_file(said.what, hearer);
    if (!checked)
        return complain(around, checked.error(), "another copy of the file, or the cloud's");
    const store::ArchiveHead& head = checked->head;
    const json::object answer{{"ok", true},
                              {"site", head.start.site},
                              {"epoch", head.start.epoch},
                              {"first", head.first},
                              {"last", head.last},
                              {"opening", to_hex(head.opening)},
                              {"closing", to_hex(head.closing)},
                              {"sha256", to_hex(checked->digest)}};
    if (said.is_json)
        around.out << json::serialize(answer) << "\n";
    else
        around.out << "the archive is whole: site " << printable(head.start.site) << ", epoch "
                   << head.start.epoch << ", events #" << number(head.first) << " to #"
                   << number(head.last) << "\nchained from " << to_hex(head.opening)
                   << "\n          to " << to_hex(head.closing) << "\nsha256       "
                   << to_hex(checked->digest) << "\n";
    return exit_ok;
}

}  // namespace lotgate::cli
