// What could not be seen, as rows of the ledger: a recall says from them what it does not know.
// Looks once a second; what is away for less than five is no outage.

#include "daemon/site.hpp"
#include "daemon/site_parts.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace lotgate::site {

namespace asio = boost::asio;

struct Outage {
    std::string kind;
    std::string name;
    std::string station;
    std::optional<Instant> since;
    std::optional<Instant> until;
};

namespace {

constexpr std::int64_t outage_us_min = 5'000'000;
constexpr std::int64_t stop_us_min = 2'000'000;

struct Away {
    Instant since;
    bool is_noted = false;
};

using Name = std::pair<std::string, std::string>;  // kind and name
using Aways = std::map<Name, Away>;

struct Seen {
    Name name;
    std::string station;
    bool is_there = false;
};

bool works(const adapters::Health& health) {
    return health.state == adapters::HealthState::ready ||
           health.state == adapters::HealthState::degraded;
}

bool reaches(sync::SyncState state) {
    return state == sync::SyncState::draining || state == sync::SyncState::live;
}

// What is to be noted of one thing now, or nothing.
std::optional<Outage> news_of(const Seen& seen, Instant now, Aways& aways) {
    const auto known = aways.find(seen.name);
    Outage outage{seen.name.first, seen.name.second, seen.station, {}, {}};
    if (seen.is_there) {
        if (known == aways.end()) return std::nullopt;
        const bool was_noted = known->second.is_noted;
        if (!was_noted) aways.erase(known);
        if (!was_noted) return std::nullopt;
        outage.until = now;
        return outage;
    }
    if (known == aways.end()) {
        aways.emplace(seen.name, Away{now, false});
        return std::nullopt;
    }
    if (known->second.is_noted || now.us - known->second.since.us < outage_us_min)
        return std::nullopt;
    outage.since = known->second.since;
    return outage;
}

// After it is in the ledger.
void remember(const Name& name, bool is_over, Aways& aways) {
    if (is_over)
        aways.erase(name);
    else
        aways[name].is_noted = true;
}

// What the configuration no longer names is no outage any more.
void add_removed(const Aways& aways, std::vector<Seen>& all) {
    std::vector<Seen> removed;
    for (const auto& away : aways) {
        const Name& name = away.first;
        const bool is_named = std::any_of(
            all.begin(), all.end(), [&name](const Seen& seen) { return seen.name == name; });
        if (!is_named) removed.push_back({name, {}, true});
    }
    for (Seen& seen : removed) all.push_back(std::move(seen));
}

}  // namespace

// True where it is written.
asio::awaitable<bool> Site::note_outage(Outage outage) {
    store::Operation operation = housekeeping(*parts_, "note_outage");
    operation.station = outage.station;
    operation.arguments.emplace_back("outage", outage.kind);
    operation.arguments.emplace_back("name", outage.name);
    if (outage.since) operation.arguments.emplace_back("since", to_string(*outage.since));
    if (outage.until) operation.arguments.emplace_back("until", to_string(*outage.until));
    store::Command command = std::move(operation);
    const auto outcome = co_await parts_->access->submit(std::move(command), store::Haste::soon);
    co_return outcome.has_value();
}

asio::awaitable<void> Site::watch_outages() {
    Aways aways;
    const Instant started = parts_->clock->now();
    const Instant last = parts_->access->progress().last_before;
    if (last.us != 0 && started.us - last.us > stop_us_min) {
        Outage stopped{"gateway", parts_->startup.config.site, {}, last, started};
        co_await note_outage(std::move(stopped));
    }
    const auto read = co_await parts_->access->open_outages();
    const std::vector<store::OpenOutage> open = read.value_or(std::vector<store::OpenOutage>());
    for (const store::OpenOutage& outage : open)
        aways[Name(outage.kind, outage.name)] = Away{started, true};
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (;;) {
        timer.expires_after(std::chrono::seconds(1));
        const auto [error] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        if (error || parts_->is_stopping) co_return;
        std::vector<Seen> all;
        for (const api::DeviceView& device : devices()) {
            const Station* station = station_of(device.id);
            const std::string id = station == nullptr ? std::string() : station->config().id;
            all.push_back({Name("device", device.id), id, works(device.health)});
        }
        if (parts_->cloud)
            all.push_back({Name("cloud", "cloud"), {}, reaches(parts_->cloud->view().state)});
        add_removed(aways, all);
        const Instant now = parts_->clock->now();
        for (const Seen& seen : all) {
            auto news = news_of(seen, now, aways);
            if (!news) continue;
            const bool is_over = news->until.has_value();
            const bool is_noted = co_await note_outage(std::move(*news));
            if (is_noted) remember(seen.name, is_over, aways);
        }
    }
}

}  // namespace lotgate::site
