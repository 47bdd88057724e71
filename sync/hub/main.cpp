// lotgate-hub: the cloud side of lotgate. `serve` runs; everything else is done at once and exits.
// Exit codes: 0 done, 1 could not be done (one sentence on stderr), 2 the command line is wrong.

#include "sync/hub/commands.hpp"
#include "sync/hub/feed.hpp"
#include "sync/hub/leases.hpp"
#include "sync/hub/report.hpp"
#include "sync/hub/schema.hpp"
#include "sync/hub/serve.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include <CLI/CLI.hpp>

namespace {

using namespace lotgate;
using namespace lotgate::hub;

struct Options {
    std::string db;
    std::string tenant = "default";
    std::string site;
    bool all = false;
    bool json = false;
    std::string file;
    HoldOrder hold;
    std::string lot;
    std::string unit;
    std::string product;
    std::string sscc;
    std::string hold_id;
    PoolOrder pool;
    Supply supply;
    std::string broker = "127.0.0.1:1883";
    ServeConfig serve;
};

int failed(const Fault& fault) {
    std::cerr << "lotgate-hub: " << fault.detail() << "\n";
    return 1;
}

template <class T>
int done_or(const Result<T>& result) {
    return result ? 0 : failed(result.error());
}

std::string site_id(const Options& options) {
    return options.tenant + "/" + options.site;
}

Result<std::vector<std::string>> sites_meant(Connection& database, const Options& options) {
    if (options.all == !options.site.empty())
        return fail(FaultCode::invalid_input, "Name one site, or --all.");
    if (options.all) return sites_of(database, options.tenant);
    return std::vector<std::string>{site_id(options)};
}

int run_init(const Options& options) {
    Connection database(options.db);
    const auto steps = migrate(database);
    if (!steps) return failed(steps.error());
    std::cout << (*steps == 0 ? "The database is up to date."
                              : fmt::format("The database is ready ({} migrations).", *steps))
              << "\n";
    return 0;
}

int run_site_add(const Options& options) {
    Connection database(options.db);
    const auto added = add_site(database, options.tenant, options.site);
    if (!added) return failed(added.error());
    std::cout << "Site " << options.site << (*added ? " added.\n" : " was registered before.\n");
    return 0;
}

int run_site_release(const Options& options) {
    Connection database(options.db);
    return done_or(release_site(database, site_id(options)));
}

Result<std::vector<NewItem>> items_of_file(const std::string& file) {
    if (file == "-") return read_items(std::cin);
    std::ifstream lines(file);
    if (!lines)
        return fail(FaultCode::unavailable, "The file " + file + " cannot be read; is it there?");
    return read_items(lines);
}

int run_feed_import(const Options& options) {
    Connection database(options.db);
    const auto items = items_of_file(options.file);
    if (!items) return failed(items.error());
    const auto added = add_items(database, site_id(options), *items);
    if (!added) return failed(added.error());
    std::cout << items->size() << " items added to the feed of " << options.site << ".\n";
    return 0;
}

int run_numbers_pool(const Options& options) {
    Connection database(options.db);
    return done_or(add_pool(database, options.tenant, options.pool));
}

int run_numbers_supply(const Options& options) {
    Connection database(options.db);
    return done_or(supply_site(database, options.tenant, site_id(options), options.supply));
}

int run_numbers_show(const Options& options) {
    Connection database(options.db);
    const auto numbers = numbers_json(database, options.tenant);
    if (!numbers) return failed(numbers.error());
    std::cout << (options.json ? *numbers + "\n" : numbers_text(*numbers));
    return 0;
}

Result<HoldOrder> hold_order(const Options& options) {
    HoldOrder order = options.hold;
    int targets = 0;
    const auto take = [&](const char* kind, const std::string& target) {
        if (target.empty()) return;
        ++targets;
        order.target_kind = kind;
        order.target = target;
    };
    take("lot", options.lot);
    take("unit", options.unit);
    take("product", options.product);
    take("container", options.sscc);
    if (targets != 1)
        return fail(FaultCode::invalid_input,
                    "Name one target: --lot GTIN/LOT, --unit GTIN/SERIAL, --product GTIN or "
                    "--sscc SSCC.");
    return order;
}

int run_hold(const Options& options) {
    Connection database(options.db);
    const auto sites = sites_meant(database, options);
    if (!sites) return failed(sites.error());
    const auto order = hold_order(options);
    if (!order) return failed(order.error());
    const auto id = place_hold(database, *sites, *order);
    if (!id) return failed(id.error());
    std::cout << *id << "\n";
    return 0;
}

int run_lift(const Options& options) {
    Connection database(options.db);
    const auto sites = sites_meant(database, options);
    if (!sites) return failed(sites.error());
    return done_or(lift_hold(database, *sites, options.hold_id));
}

int run_status(const Options& options) {
    Connection database(options.db);
    const auto status = status_json(database, options.tenant);
    if (!status) return failed(status.error());
    std::cout << (options.json ? *status + "\n" : status_text(*status));
    return 0;
}

int run_verify(const Options& options) {
    Connection database(options.db);
    const auto verified = verify_site(database, site_id(options));
    if (!verified) return failed(verified.error());
    if (!verified->is_good()) {
        std::cerr << fmt::format("lotgate-hub: site {}, row {}: {}\n",
                                 options.site,
                                 verified->first_bad,
                                 verified->because);
        return 1;
    }
    std::cout << fmt::format("Site {}: {} rows of epoch {}, without gaps, the chain adds up.\n",
                             options.site,
                             verified->rows,
                             verified->epoch);
    return 0;
}

int run_serve(const Options& options) {
    ServeConfig config = options.serve;
    config.conninfo = options.db;
    const auto colon = options.broker.rfind(':');
    const char* const end = options.broker.data() + options.broker.size();
    const char* const digits = options.broker.data() + (colon == std::string::npos ? 0 : colon + 1);
    const auto parsed = std::from_chars(digits, end, config.broker_port);
    if (colon == std::string::npos || parsed.ec != std::errc{} || parsed.ptr != end)
        return failed({FaultCode::invalid_input, "--broker should be HOST:PORT"});
    config.broker_host = options.broker.substr(0, colon);
    return done_or(serve(config));
}

CLI::App* command(CLI::App& app, Options& options, const char* name, const char* what) {
    CLI::App* made = app.add_subcommand(name, what);
    made->add_option("--db", options.db, "PostgreSQL connection, as libpq takes it")
        ->envname("LOTGATE_HUB_DB");
    return made;
}

using Command = int (*)(const Options&);

void runs(CLI::App* app, const Options& options, Command function, int& code) {
    app->callback([&options, function, &code] { code = function(options); });
}

void add_site_commands(CLI::App& app, Options& options, int& code) {
    CLI::App* site = app.add_subcommand("site", "Register sites")->require_subcommand(1);
    CLI::App* add = command(*site, options, "add", "Let a site talk to this cloud");
    add->add_option("SITE", options.site)->required();
    add->add_option("--tenant", options.tenant);
    runs(add, options, run_site_add, code);
    CLI::App* release =
        command(*site, options, "release", "Close the open epoch: another gateway may take over");
    release->add_option("SITE", options.site)->required();
    release->add_option("--tenant", options.tenant);
    runs(release, options, run_site_release, code);
}

void add_feed_commands(CLI::App& app, Options& options, int& code) {
    CLI::App* feed = app.add_subcommand("feed", "Feeds of sites")->require_subcommand(1);
    CLI::App* import = command(*feed, options, "import", "Add items from a file, one JSON a line");
    import->add_option("SITE", options.site)->required();
    import->add_option("FILE", options.file, "\"-\" = standard input")->required();
    import->add_option("--tenant", options.tenant);
    runs(import, options, run_feed_import, code);

    CLI::App* hold = command(app, options, "hold", "Hold a lot, unit, product or container");
    hold->add_option("SITE", options.site);
    hold->add_flag("--all", options.all, "every site of the tenant");
    hold->add_option("--tenant", options.tenant);
    hold->add_option("--lot", options.lot, "GTIN/LOT");
    hold->add_option("--unit", options.unit, "GTIN/SERIAL");
    hold->add_option("--product", options.product, "GTIN");
    hold->add_option("--sscc", options.sscc, "SSCC");
    hold->add_option("--id", options.hold.id, "made up where left out");
    hold->add_option("--reason", options.hold.reason);
    hold->add_option("--class", options.hold.hold_class, "recall class");
    hold->add_option("--by", options.hold.placed_by);
    hold->add_option("--note", options.hold.note);
    runs(hold, options, run_hold, code);

    CLI::App* lift = command(app, options, "lift", "Lift a hold");
    lift->add_option("ID", options.hold_id)->required();
    lift->add_option("SITE", options.site);
    lift->add_flag("--all", options.all, "every site of the tenant");
    lift->add_option("--tenant", options.tenant);
    runs(lift, options, run_lift, code);
}

void add_number_commands(CLI::App& app, Options& options, int& code) {
    CLI::App* numbers = app.add_subcommand("numbers", "Numbers of labels")->require_subcommand(1);
    CLI::App* pool = command(*numbers, options, "pool", "Numbers that sites may be leased");
    pool->add_option("POOL", options.pool.pool)->required();
    pool->add_option("--kind", options.pool.kind, "sscc, serial or lot")->required();
    pool->add_option("--first", options.pool.first, "digits; of an SSCC 17")->required();
    pool->add_option("--last", options.pool.last)->required();
    pool->add_option("--gtin", options.pool.gtin, "of one product; else of all");
    pool->add_option("--prefix", options.pool.prefix, "before the digits of a serial or lot");
    pool->add_option("--tenant", options.tenant);
    runs(pool, options, run_numbers_pool, code);

    CLI::App* supply = command(*numbers, options, "supply", "Keep a site supplied from a pool");
    supply->add_option("SITE", options.site)->required();
    supply->add_option("POOL", options.supply.pool)->required();
    supply->add_option("--lease", options.supply.lease, "numbers leased at once");
    supply->add_option("--low", options.supply.low, "at so many left, the next lease goes out");
    supply->add_option("--tenant", options.tenant);
    runs(supply, options, run_numbers_supply, code);

    CLI::App* show = command(*numbers, options, "show", "What pools and sites have left");
    show->add_flag("--json", options.json);
    show->add_option("--tenant", options.tenant);
    runs(show, options, run_numbers_show, code);
}

void add_reports(CLI::App& app, Options& options, int& code) {
    CLI::App* status = command(app, options, "status", "Where each site stands");
    status->add_flag("--json", options.json);
    status->add_option("--tenant", options.tenant);
    runs(status, options, run_status, code);
    CLI::App* verify = command(app, options, "verify", "Recompute a site's chain from the events");
    verify->add_option("SITE", options.site)->required();
    verify->add_option("--tenant", options.tenant);
    runs(verify, options, run_verify, code);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("The cloud side of lotgate", "lotgate-hub");
    app.require_subcommand(1);
    Options options;
    int code = 0;
    runs(command(app, options, "init", "Make or update the tables"), options, run_init, code);
    CLI::App* serving = command(app, options, "serve", "Take the ledgers of sites, give out feeds");
    serving->add_option("--broker", options.broker, "HOST:PORT");
    serving->add_option("--tenant", options.serve.tenant, "only this tenant's sites");
    serving->add_option("--broker-user", options.serve.broker_user);
    serving->add_option("--broker-password-file", options.serve.broker_password_file);
    serving->add_option("--broker-ca-file", options.serve.broker_ca_file, "TLS");
    runs(serving, options, run_serve, code);
    add_site_commands(app, options, code);
    add_feed_commands(app, options, code);
    add_number_commands(app, options, code);
    add_reports(app, options, code);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int shown = app.exit(error);
        return shown == 0 ? 0 : 2;
    }
    return code;
}
