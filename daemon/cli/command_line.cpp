#include "daemon/cli/command_line.hpp"

#include "store/model/settings.hpp"

#include <functional>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace lotgate::cli {

namespace {

constexpr const char* socket_path = "/run/lotgate/control.sock";
constexpr const char* config_path = "/etc/lotgate/lotgate.toml";

struct Parser {
    Invocation said;
    CLI::App app{"lotgate: what the gateway of this site does, and why."};
};

using Fill = void (*)(CLI::App& verb, Invocation& said);

struct Verb {
    const char* name;
    const char* about;
    Fill fill;
};

void fill_what(CLI::App& verb, Invocation& said, const char* about) {
    verb.add_option("what", said.what, about)->required();
}

void fill_cases(CLI::App& verb, Invocation& said) {
    verb.add_flag("--all", said.wants_all, "Decided ones too");
    CLI::App* const wire = verb.add_subcommand("wire", "What the device's wire looked like");
    wire->add_option("id", said.what, "Its number")->required();
    CLI::App* const decide = verb.add_subcommand("decide", "Decide one case");
    decide->add_option("id", said.what, "Its number")->required();
    decide->add_option("decision", said.more, "One of its decisions")->required();
    decide->add_option("--badge", said.badge, "Who decides")->required();
    decide->add_option("--reason", said.reason, "Why");
    decide->add_flag("--pin", said.asks_pin, "Read their PIN from input");
}

void fill_scan(CLI::App& verb, Invocation& said) {
    verb.add_option("station", said.what, "Where")->required();
    verb.add_option("code", said.more, "As printed; \\x1d or <GS> for the separator")->required();
    verb.add_option("--badge", said.badge, "Who scans");
    verb.add_option("--overrule", said.overruling, "Badge of who lets it pass; PIN from input");
    verb.add_option(
        "--second", said.second_badge, "Badge of the second person; PIN after the first");
    verb.add_option("--reason", said.reason, "Why, as a code of `lotgate reasons`");
}

void fill_do(CLI::App& verb, Invocation& said) {
    verb.add_option("kind", said.what, "Which operation; `lotgate operations` lists them")
        ->required();
    verb.add_option("arguments", said.words, "name=value …");
    verb.add_option("--badge", said.badge, "Who does it")->required();
    verb.add_option("--reason", said.reason, "Why");
    verb.add_option("--second-badge", said.second_badge, "Who stands by it, where two are needed");
    verb.add_flag("--pin", said.asks_pin, "Read their PINs from input, a line each");
    verb.add_option("--station", said.station, "Where");
}

void fill_import(CLI::App& verb, Invocation& said) {
    verb.add_option("kind", said.what, "products, lots, locations, parties, asn, orders or stock")
        ->required();
    verb.add_option("file", said.more, "CSV, UTF-8; docs/DATA.md names the columns")->required();
    verb.add_flag("--dry-run", said.is_dry_run, "Check the file alone");
    verb.add_option("--badge", said.badge, "Who imports it");
    verb.add_option("--reason", said.reason, "Why");
    verb.add_option("--second-badge", said.second_badge, "Who stands by a file that changes much");
    verb.add_flag("--pin", said.asks_pin, "Read their PINs from input, a line each");
    verb.add_option(
        "--again", said.station, "A word: imports a file anew that was imported before");
}

void fill_archive(CLI::App& verb, Invocation& said) {
    verb.require_subcommand(0, 1);
    verb.add_option("--to", said.folder, "Folder for the file; without it nothing is written");
    verb.add_option("--badge", said.badge, "Who does it");
    verb.add_option("--config", said.config, "The configuration, for [retention]");
    CLI::App* const verify = verb.add_subcommand("verify", "Check a file alone");
    verify->add_option("file", said.what, "The archive")->required();
}

void fill_export(CLI::App& verb, Invocation& said) {
    verb.add_option("sheet", said.what, "receiving, shipping, dc-to-store or exceptions")
        ->required()
        ->check(CLI::IsMember({"receiving", "shipping", "dc-to-store", "exceptions"}));
    verb.add_option("--lot", said.lot, "One lot alone, as GTIN/LOT");
    verb.add_option("--from", said.from, "The first day, 2026-11-01");
    verb.add_option("--to", said.until, "The last day");
    verb.add_flag("--all", said.wants_all, "Products outside the food rule (fsma204) too");
}

CLI::App* device_verb_of(CLI::App& verb, Invocation& said, const char* name, const char* about) {
    CLI::App* const sub = verb.add_subcommand(name, about);
    sub->add_option("device", said.what, "Its id")->required();
    return sub;
}

void add_word(CLI::App& verb, Invocation& said) {
    verb.add_option("--badge", said.badge, "Who does it")->required();
    verb.add_option("--reason", said.reason, "Why");
    verb.add_option("--second-badge", said.second_badge, "A supervisor who stands by it");
    verb.add_flag("--pin", said.asks_pin, "Read their PINs from input, a line each");
}

void fill_devices(CLI::App& verb, Invocation& said) {
    verb.require_subcommand(0, 1);
    CLI::App* const watch = verb.add_subcommand("watch", "What changes, as it changes");
    watch->add_option("--for", said.seconds, "Seconds; without it until Ctrl-C");
    CLI::App* const show =
        device_verb_of(verb, said, "show", "One device, with the last bytes of its wire");
    show->add_option("-n,--count", said.count, "How many records")->check(CLI::Range(0, 1000));
    CLI::App* const inject =
        device_verb_of(verb, said, "inject", "A simulated scan in its place; none = a no-read");
    inject->add_option("code", said.more, "As printed; \\x1d or <GS> for the separator");
    add_word(*inject, said);
    CLI::App* const replace =
        device_verb_of(verb, said, "replace", "Accept the unit that is plugged in instead");
    add_word(*replace, said);
    CLI::App* const trace =
        device_verb_of(verb, said, "trace", "Its wire to the log, for ten minutes");
    trace->add_option("state", said.more, "on or off")->required();
    device_verb_of(verb, said, "trigger", "Tell it that an object is there");
    CLI::App* const discover =
        verb.add_subcommand("discover", "Serial ports, and printers in a range of addresses");
    discover->add_option("range", said.what, "10.1.2.0/24: at most 256 addresses, port 9100");
}

void fill_print(CLI::App& verb, Invocation& said) {
    const auto of_printer = [&](const char* name, const char* about) {
        CLI::App* const sub = verb.add_subcommand(name, about);
        sub->add_option("printer", said.what, "Its id")->required();
        return sub;
    };
    of_printer("queue", "What waits, and what is in doubt");
    for (const auto& [name, about] : {std::pair{"resume", "End its pause, and look at it at once"},
                                      std::pair{"test", "Print a label of no number"}})
        of_printer(name, about)->add_option("--badge", said.badge, "Who asks");
    CLI::App* const move = of_printer("move", "Have its neighbour print what waits");
    move->add_option("to", said.more, "The neighbour");
    move->add_option("--badge", said.badge, "Who asks");
    CLI::App* const reprint = verb.add_subcommand("reprint", "Print one label again");
    reprint->add_option("label", said.what, "SSCC, or gtin/serial")->required();
    reprint->add_option("arguments", said.words, "as=copy first_label=destroyed printer=P2 …");
    reprint->add_option("--badge", said.badge, "Who does it")->required();
    reprint->add_option("--reason", said.reason, "Why")->required();
    reprint->add_option("--second-badge", said.second_badge, "Who stands by it");
    reprint->add_flag("--pin", said.asks_pin, "Read their PINs from input, a line each");
    verb.require_subcommand(1);
}

void fill_labels(CLI::App& verb, Invocation& said) {
    CLI::App* const preview = verb.add_subcommand("preview", "A template as SVG");
    preview->add_option("template", said.what, "carton, unit, …")->required();
    preview->add_option("--language", said.more, "zpl or tspl");
    preview->add_option("--fields", said.words, "name=value …");
    verb.require_subcommand(1);
}

void fill_chain(CLI::App& verb, Invocation&) {
    verb.add_subcommand("verify", "Recompute it");
    verb.require_subcommand(1);
}

const std::vector<Verb>& verbs() {
    static const std::vector<Verb> table{
        {"status", "The site in one screen", nullptr},
        {"devices", "Each device, its state and the probable cause", fill_devices},
        {"stations", "Each station, its devices and the document in hand", nullptr},
        {"decisions",
         "The last decisions",
         [](CLI::App& verb, Invocation& said) {
             verb.add_option("-n,--count", said.count, "How many")->check(CLI::Range(1, 500));
         }},
        {"trace",
         "Where a unit, lot, carton or document came from, and went",
         [](CLI::App& verb, Invocation& said) {
             fill_what(verb, said, "Serial, gtin/serial, lot, SSCC or document code");
         }},
        {"recall",
         "Where a recalled lot is, who has it, and whether it adds up",
         [](CLI::App& verb, Invocation& said) {
             fill_what(verb, said, "Lot, gtin/lot, product:gtin, serial or hold:number");
             verb.add_flag("--csv", said.is_csv, "The answer as one CSV file");
         }},
        {"export", "Sheets for quality and regulators, exceptions of receipts", fill_export},
        {"why",
         "Why it was decided so",
         [](CLI::App& verb, Invocation& said) {
             fill_what(verb, said, "A scan, a unit, or \"#seq\"");
         }},
        {"picks",
         "What to fetch for an order, and where",
         [](CLI::App& verb, Invocation& said) { fill_what(verb, said, "Code of the order"); }},
        {"cases", "What waits for a person", fill_cases},
        {"scan", "Scan a code at a station, as a hand-held would", fill_scan},
        {"do", "Do what is no scan: hold, scrap, relabel, …", fill_do},
        {"labels", "Label templates as pictures, without a printer", fill_labels},
        {"print", "A printer's queue; resume, test, move, reprint", fill_print},
        {"operations",
         "What `do` can do, and what it needs",
         [](CLI::App& verb, Invocation& said) {
             verb.add_flag("--markdown", said.is_markdown, "As a page of Markdown");
         }},
        {"import", "Take in a file of products, lots, places, documents or stock", fill_import},
        {"outbox", "What the cloud does not have yet", nullptr},
        {"chain", "The hash chain of the ledger", fill_chain},
        {"archive", "Move the oldest events to a file; without --to, say how far", fill_archive},
        {"rules", "The law of the site: every rule, in order", nullptr},
        {"reasons", "Why people may overrule a rule: the codes to say it", nullptr},
        {"pin", "Make the hash of a PIN, read from input, for a user of the feed", nullptr},
        {"decode", "What a scanned text says; needs no daemon", nullptr},
        {"completion",
         "A completion script",
         [](CLI::App& verb, Invocation& said) {
             verb.add_option("shell", said.what, "bash, zsh or fish")->required();
         }},
        {"version", "The version of this program", nullptr},
    };
    return table;
}

std::unique_ptr<Parser> parser_with(const std::string& socket_default) {
    auto parser = std::make_unique<Parser>();
    CLI::App& app = parser->app;
    Invocation& said = parser->said;
    said.socket = socket_default.empty() ? socket_path : socket_default;
    said.database = default_database;
    said.config = config_path;
    app.fallthrough();
    app.require_subcommand(1);
    app.add_option("--socket", said.socket, "The daemon's socket (LOTGATE_SOCKET)");
    app.add_option("--db", said.database, "The database, read while the daemon is down");
    app.add_flag("--json", said.is_json, "The answer as one JSON document");
    app.add_flag("--no-color", said.is_without_color, "No colours");
    app.footer(
        "Ends with 0 ok, 1 failed, 2 usage, 3 problems found, 4 refused by a rule,\n"
        "69 daemon away, 75 try later, 78 configuration.");
    for (const Verb& verb : verbs()) {
        CLI::App* const sub = app.add_subcommand(verb.name, verb.about);
        if (verb.fill != nullptr) verb.fill(*sub, said);
    }
    return parser;
}

/// The first word that is no option and no option's value.
std::string first_word(std::span<const std::string> arguments) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& word = arguments[i];
        if (word == "--socket" || word == "--db") {
            ++i;
        } else if (word.empty() || word.front() != '-') {
            return word;
        }
    }
    return {};
}

Ended mistake(const std::string& told, const std::string& next) {
    return {exit_usage, "lotgate: " + told + "\nTry: " + next + "\n"};
}

Ended unknown_verb(const std::string& word) {
    std::vector<std::string> words;
    for (const Verb& verb : verbs()) words.emplace_back(verb.name);
    const auto nearest = nearest_spelling(word, words);
    return mistake("there is no verb \"" + word + "\"" +
                       (nearest ? ", did you mean \"" + *nearest + "\"?" : "."),
                   nearest ? "lotgate " + *nearest + " --help" : "lotgate --help");
}

bool is_verb(const std::string& word) {
    for (const Verb& verb : verbs()) {
        if (word == verb.name) return true;
    }
    return false;
}

}  // namespace

std::variant<Invocation, Ended> parse_command_line(std::span<const std::string> arguments,
                                                   const std::string& socket_default) {
    const std::string word = first_word(arguments);
    if (!word.empty() && !is_verb(word)) return unknown_verb(word);
    const auto parser = parser_with(socket_default);
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    try {
        parser->app.parse(reversed);
    } catch (const CLI::CallForHelp&) {
        return Ended{exit_ok, parser->app.help()};
    } catch (const CLI::ParseError& error) {
        return mistake(error.what(), "lotgate " + (word.empty() ? "" : word + " ") + "--help");
    }
    const CLI::App* const verb = parser->app.get_subcommands().front();
    parser->said.verb = verb->get_name();
    if (!verb->get_subcommands().empty()) {
        parser->said.verb += " " + verb->get_subcommands().front()->get_name();
    }
    return parser->said;
}

std::string completion_for(const std::string& shell) {
    std::string names;
    std::string described;
    for (const Verb& verb : verbs()) {
        names += (names.empty() ? "" : " ") + std::string(verb.name);
        described += "complete -c lotgate -n __fish_use_subcommand -a " + std::string(verb.name) +
                     " -d '" + verb.about + "'\n";
    }
    const std::string options = "--json --socket --db --no-color --help";
    if (shell == "fish") return "complete -c lotgate -f\n" + described;
    const std::string bash =
        "_lotgate() {\n"
        "    local word=\"${COMP_WORDS[COMP_CWORD]}\"\n"
        "    if [[ $word == -* ]]; then COMPREPLY=($(compgen -W \"" +
        options +
        "\" -- \"$word\")); return; fi\n"
        "    case \"${COMP_WORDS[1]}\" in\n"
        "        cases) COMPREPLY=($(compgen -W \"decide wire\" -- \"$word\"));;\n"
        "        devices) COMPREPLY=($(compgen -W \"watch show inject replace trace trigger "
        "discover\" -- \"$word\"));;\n"
        "        print) COMPREPLY=($(compgen -W \"queue resume test move reprint\" -- "
        "\"$word\"));;\n"
        "        labels) COMPREPLY=($(compgen -W \"preview\" -- \"$word\"));;\n"
        "        chain) COMPREPLY=($(compgen -W \"verify\" -- \"$word\"));;\n"
        "        export) COMPREPLY=($(compgen -W \"receiving shipping dc-to-store exceptions\" "
        "-- \"$word\"));;\n"
        "        completion) COMPREPLY=($(compgen -W \"bash zsh fish\" -- \"$word\"));;\n"
        "        *) [[ $COMP_CWORD == 1 ]] && COMPREPLY=($(compgen -W \"" +
        names +
        "\" -- \"$word\"));;\n"
        "    esac\n"
        "}\n"
        "complete -F _lotgate lotgate\n";
    if (shell == "bash") return bash;
    if (shell == "zsh") return "autoload -U bashcompinit && bashcompinit\n" + bash;
    return {};
}

}  // namespace lotgate::cli
