// Years of one site, with its own clock: the real daemon's parts and the real command over its
// socket.

#include "daemon/cli/exit_codes.hpp"
#include "daemon/cli/run.hpp"
#include "daemon/config/site_config.hpp"
#include "daemon/config/toml_reader.hpp"
#include "daemon/site.hpp"
#include "store/queries.hpp"
#include "tests/store/retention/old_house.hpp"

#include <boost/asio/post.hpp>
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>
#include <thread>

using namespace lotgate;
using namespace lotgate::testkit;

namespace {

struct Ran {
    int status;
    std::string out;
    std::string err;

    [[nodiscard]] bool says(const std::string& words) const {
        return out.find(words) != std::string::npos || err.find(words) != std::string::npos;
    }
};

/// The site of an old house, running on its ledger and its clock.
class RunningSite {
public:
    explicit RunningSite(OldHouse& old) : old_(&old), socket_(folder_.file("api.sock")) {
        old.house().stop();
        const std::string text =
            "[site]\nid = \"TEST-1\"\n[store]\npath = \"" + old.house().path() +
            "\"\n[labels]\ndir = \"" LOTGATE_LABELS "\"\n[api]\nlisten = \"\"\nsocket = \"" +
            socket_ + "\"\n[[station]]\nid = \"COUNT-1\"\nstep = \"count\"\n";
        config_ = folder_.file("site.toml");
        std::ofstream(config_) << text;
        SettingsProblems problems;
        auto config = config::load_site_config(config_, problems);
        INFO(config::told(problems));
        REQUIRE(config);
        site::Site::Startup startup;
        startup.config = std::move(*config);
        startup.config_path = config_;
        startup.clock = &old.house().clock();
        auto opened = site::Site::open(std::move(startup), loop_);
        INFO((opened ? "" : opened.error().detail()));
        REQUIRE(opened);
        site_ = std::move(*opened);
        site_->start();
        thread_ = std::thread([this] { loop_.run(); });
    }

    RunningSite(const RunningSite&) = delete;
    RunningSite& operator=(const RunningSite&) = delete;

    ~RunningSite() {
        boost::asio::post(loop_, [this] { site_->stop(); });
        thread_.join();
        site_.reset();
    }

    Ran run(std::vector<std::string> words) {
        std::istringstream in;
        std::ostringstream out;
        std::ostringstream err;
        const cli::Surroundings around{in, out, err, socket_};
        const bool reads_config =
            words.back() == "archive" || (words.front() == "archive" && words[1] != "verify");
        if (reads_config) words.insert(words.end(), {"--config", config_});
        const int status = cli::run(words, around);
        return {status, out.str(), err.str()};
    }

    /// The one file in the folder that is an archive.
    [[nodiscard]] std::string file() const {
        for (const auto& entry : std::filesystem::directory_iterator(old_->folder()))
            if (entry.path().extension() == ".zst") return entry.path().string();
        return {};
    }

private:
    OldHouse* old_;
    TempDir folder_;
    std::string socket_;
    std::string config_;
    boost::asio::io_context loop_;
    std::unique_ptr<site::Site> site_;
    std::thread thread_;
};

}  // namespace

TEST_CASE("years pass, and what the law lets go moves to a file while the site runs",
          "[retention][cli][wire]") {
    OldHouse old;
    // Nobody vouches for the clock of this machine, in no year.
    old.house().trust_clock("holdover");
    old.house().clock().set("2020-03-01T08:00:00Z");
    const Journey first = old.through(1);
    old.through(2);
    old.house().clock().set("2026-03-01T08:00:00Z");
    RunningSite site(old);
    Ran ran = site.run({"archive"});
    INFO(ran.out << ran.err);
    CHECK(ran.status == cli::exit_ok);
    // The first four rows, of 2018, are older than all goods.
    CHECK(ran.says("4 may follow: #1 to #4"));
    CHECK(ran.says("TOO_YOUNG"));
    CHECK(ran.says("keep_days = 2557"));

    // 2557 days after 1 March 2020 is 1 March 2027.
    old.house().clock().set("2027-06-01T08:00:00Z");
    CHECK(site.run({"scan", "COUNT-1", "NOTHING-WE-KNOW"}).status != cli::exit_away);
    ran = site.run({"do",
                    "place_hold",
                    "target=lot:09506000134352/L-2",
                    "hold_reason=quarantine",
                    "--badge",
                    "B-7",
                    "--reason",
                    "asked for"});
    INFO(ran.out << ran.err);
    REQUIRE(ran.status == cli::exit_ok);
    ran = site.run({"--json", "archive"});
    const auto plan = boost::json::parse(ran.out);
    CHECK(plan.at("code").as_string() == "OPEN_HOLD");
    CHECK(plan.at("may_follow").to_number<int>() > 5);

    CHECK(site.run({"archive", "--to", old.folder()}).status == cli::exit_usage);
    CHECK(site.file().empty());
    ran = site.run({"archive", "--to", old.folder(), "--badge", "B-7"});
    INFO(ran.out << ran.err);
    REQUIRE(ran.status == cli::exit_ok);
    const std::string file = site.file();
    REQUIRE_FALSE(file.empty());
    CHECK(ran.says(file));

    ran = site.run({"archive", "verify", file});
    CHECK(ran.status == cli::exit_ok);
    CHECK(ran.says("the archive is whole: site TEST-1"));
    ran = site.run({"chain", "verify"});
    CHECK(ran.status == cli::exit_ok);
    CHECK(ran.says("the chain is whole"));
    CHECK(ran.says("lotgate archive verify"));
    CHECK(site.run({"trace", "U-1-1"}).says(file));
    CHECK(site.run({"trace", first.sscc}).says(file));
    ran = site.run({"why", "U-1-1"});
    CHECK(ran.status == cli::exit_ok);
    CHECK(ran.says("is in an archive: " + file));
    CHECK(site.run({"archive"}).says("none may follow"));
    // Somebody damaged the copy on the shelf.
    std::filesystem::resize_file(file, std::filesystem::file_size(file) - 5);
    ran = site.run({"archive", "verify", file});
    CHECK(ran.status == cli::exit_problems);
}

TEST_CASE("nobody but the gateway says what may go", "[retention][cli][wire]") {
    OldHouse old;
    old.house().trust_clock("holdover");
    old.house().clock().set("2020-03-01T08:00:00Z");
    old.through(1);
    old.house().clock().set("2026-03-01T08:00:00Z");
    // A file that goes further than this site lets it, made by somebody with other ideas.
    auto terms = old.terms();
    terms.retention.keep_days = 0;
    terms.retention.device_report_days = 0;
    const auto written = store::write_archive(old.house().path(), old.border(terms), old.folder());
    REQUIRE(written);
    RunningSite site(old);
    Ran ran = site.run({"do",
                        "archive",
                        "file=" + written->file,
                        "first=1",
                        "last=3",
                        "closing=00",
                        "--badge",
                        "B-7"});
    INFO(ran.out << ran.err);
    CHECK(ran.status != cli::exit_ok);
    CHECK(ran.says("TOO_YOUNG"));
    CHECK(site.run({"do", "archive", "file=/nowhere", "--badge", "B-7"}).status != cli::exit_ok);
    CHECK(site.run({"chain", "verify"}).says("events, head"));
    CHECK(old.number("SELECT count(*) FROM archive") == 0);
}
