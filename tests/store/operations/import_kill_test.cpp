// kill -9 while a long file comes in: whichever answer was the last, the site has nothing of it or
// all of it, and the same command ends it (decision 0050).

#include "store/model/identity.hpp"
#include "store/sqlite/database.hpp"
#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <future>

#include <sys/wait.h>
#include <unistd.h>

using namespace lotgate;
using namespace lotgate::testkit;

namespace {

constexpr const char* path_variable = "LOTGATE_IMPORT_DATABASE";
constexpr int slice = 250;
constexpr int slices = 16;

std::string products(int first) {
    std::string items;
    for (int n = first; n < first + slice; ++n) {
        std::string gtin = fmt::format("0950700{:06}", n);
        gtin.push_back(gs1_check_digit(gtin));
        items += fmt::format(
            R"({}{{"gtin":"{}","name":"Product {}"}})", items.empty() ? "[" : ",", gtin, n);
    }
    return items + "]";
}

store::Operation operation(const std::string& kind, const std::string& request) {
    store::Operation made;
    made.request_id = request;
    made.kind = kind;
    made.authority.badge = "B-7";
    made.authority.reason = "opening";
    made.authority.second_badge = "B-8";
    made.arguments = {{"import", "f1"}, {"rows", std::to_string(slice * slices)}};
    made.at = system_clock().now();
    made.site_date = site_date(made.at, "UTC");
    made.clock_quality = "synced";
    return made;
}

std::unique_ptr<store::Store> opened(const std::string& path) {
    store::StoreConfig config;
    config.path = path;
    config.site = "TEST-1";
    auto store = store::Store::open(config, system_clock());
    REQUIRE(store.has_value());
    return std::move(*store);
}

std::string ask(store::Store& store, store::Operation made) {
    std::promise<std::string> did;
    store.submit(std::move(made), [&did](const Result<store::Outcome>& outcome) {
        did.set_value(outcome ? outcome->did + outcome->verdict.code : outcome.error().detail());
    });
    return did.get_future().get();
}

/// The whole file, as the command sends it; each answer is told to `told`.
void send_file(store::Store& store, const std::function<void(const std::string&)>& told) {
    for (int n = 0; n < slices; ++n) {
        store::Operation stage = operation("import_stage", fmt::format("f1:{}", n));
        stage.arguments.emplace_back("kind", "products");
        stage.arguments.emplace_back("first", std::to_string(n * slice + 1));
        stage.arguments.emplace_back("items", products(n * slice + 1));
        told(ask(store, std::move(stage)));
    }
    told(ask(store, operation("import_publish", "f1:publish")));
}

/// Kills a process that sends the file, after so many answers.
void send_and_kill(const std::string& path, int answers) {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    const pid_t pid = fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
        dup2(ends[1], 3);
        setenv(path_variable, path.c_str(), 1);
        execl("/proc/self/exe", "test_operations", "[.import_child]", nullptr);
        _exit(127);
    }
    close(ends[1]);
    FILE* told = fdopen(ends[0], "r");
    std::array<char, 64> line{};
    for (int seen = 0; seen < answers; ++seen)
        REQUIRE(std::fgets(line.data(), static_cast<int>(line.size()), told) != nullptr);
    kill(pid, SIGKILL);
    std::fclose(told);
    int status = 0;
    waitpid(pid, &status, 0);
    CHECK(WIFSIGNALED(status));
}

std::int64_t imported(const std::string& path) {
    auto database = store::sqlite::Database::open(path, store::sqlite::OpenMode::reader);
    REQUIRE(database);
    store::sqlite::Statement count(**database, "SELECT count(*) FROM product");
    auto rows = count();
    return rows.next() ? rows.integer(0) : -1;
}

}  // namespace

TEST_CASE("the command that is killed", "[.import_child]") {
    const char* path = std::getenv(path_variable);
    REQUIRE(path != nullptr);
    const auto store = opened(path);
    send_file(*store, [](const std::string& did) { dprintf(3, "%s\n", did.c_str()); });
    pause();
}

TEST_CASE("a site that is killed while a file comes in has nothing of it or all of it",
          "[import][crash]") {
    const int answers = GENERATE(1, slices / 2, slices, slices + 1);
    INFO("killed after " << answers << " answers");
    TempDir directory;
    const std::string path = directory.file("site.db");
    send_and_kill(path, answers);
    { const auto store = opened(path); }
    const std::int64_t found = imported(path);
    if (answers < slices) CHECK(found == 0);
    if (answers > slices) CHECK(found == slice * slices);
    CHECK((found == 0 || found == slice * slices));
    {
        const auto store = opened(path);
        std::string last;
        send_file(*store, [&last](const std::string& did) { last = did; });
        CHECK(last == "imported");
    }
    { const auto store = opened(path); }
    CHECK(imported(path) == slice * slices);
    auto queries = std::move(*store::Queries::open(path));
    CHECK(queries->verify_chain()->find("\"ok\":true") != std::string::npos);
    CHECK(queries->rebuild_and_compare()->find("\"ok\":true") != std::string::npos);
}
