// lotgated: one warehouse site. Reads its configuration, opens the ledger, runs the loop.
//
// Exit codes: 0 stopped as asked; 1 the world was not as needed (port in use, directory not
// writable, newer database): one sentence says so; 2 usage; 78 the configuration has problems.

#include "daemon/config/site_config.hpp"
#include "daemon/site.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <filesystem>
#include <iostream>
#include <string>
#include <system_error>

#include <CLI/CLI.hpp>

namespace {

using namespace lotgate;

constexpr int exit_failed = 1;
constexpr int exit_bad_config = 78;  // EX_CONFIG: systemd does not start it again by itself

struct Options {
    std::string config = "/etc/lotgate/lotgate.toml";
    std::string last_good;
    bool check_only = false;
    bool keep_going = false;
};

int check(const Options& options) {
    SettingsProblems problems;
    if (config::load_site_config(options.config, problems)) {
        std::cout << options.config << ": no problems; nothing was opened or changed\n";
        return 0;
    }
    std::cerr << config::told(problems);
    return exit_bad_config;
}

/// The configuration to start with: the present one, else (if allowed) the last good one.
std::optional<site::Site::Startup> startup_of(const Options& options) {
    site::Site::Startup startup;
    startup.config_path = options.config;
    startup.last_good = options.last_good;
    startup.clock = &system_clock();
    SettingsProblems problems;
    auto config = config::load_site_config(options.config, problems);
    if (!config) {
        std::cerr << config::told(problems);
        if (!options.keep_going || options.last_good.empty()) return std::nullopt;
        SettingsProblems older;
        config = config::load_site_config(options.last_good, older);
        if (!config) return std::nullopt;
        spdlog::error("going on with the last good configuration, {}", options.last_good);
        startup.is_last_good = true;
    }
    startup.config = std::move(*config);
    return startup;
}

void on_signals(boost::asio::signal_set& signals, site::Site& site) {
    signals.async_wait([&](const boost::system::error_code& error, int number) {
        if (error) return;
        if (number == SIGHUP)
            site.reload();
        else
            site.stop();
        on_signals(signals, site);
    });
}

int run(const Options& options) {
    auto startup = startup_of(options);
    if (!startup) return exit_bad_config;
    boost::asio::io_context loop(1);
    boost::asio::signal_set signals(loop, SIGTERM, SIGINT, SIGHUP);
    auto site = site::Site::open(std::move(*startup), loop);
    if (!site) {
        std::cerr << "lotgated: " << site.error().detail() << "\n";
        return exit_failed;
    }
    (*site)->start();
    on_signals(signals, **site);
    loop.run();
    site->reset();  // what was accepted is committed before this returns
    spdlog::info("stopped");
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    spdlog::set_default_logger(spdlog::stderr_logger_mt("lotgated"));
    // UTC: the site's zone decides dates on labels, not the log's.
    spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v", spdlog::pattern_time_type::utc);
    Options options;
    CLI::App app{"lotgated: edge gateway of one warehouse site"};
    app.add_option("--config,-c", options.config, "configuration file")->capture_default_str();
    app.add_option("--last-good", options.last_good, "where the last good configuration is kept");
    app.add_flag("--check-config", options.check_only, "say all problems, open nothing, and end");
    app.add_flag("--keep-going",
                 options.keep_going,
                 "with a bad configuration, run on the last good one (see --last-good)");
    app.set_version_flag("--version", LOTGATE_VERSION);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    if (options.check_only) return check(options);
    return run(options);
}
