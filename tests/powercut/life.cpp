#include "tests/powercut/life.hpp"

#include "tests/powercut/checks.hpp"
#include "tests/powercut/conversation.hpp"
#include "tests/powercut/vfs.hpp"
#include "tests/powercut/workload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

namespace lotgate::powercut {

namespace {

using store::Store;

constexpr std::uint64_t per_command = 9;  // operations, about: writes of the log and its syncs
constexpr std::uint64_t operations_to_open = 40;

/// Every reading is a millisecond later than the one before.
class CountedClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override {
        constexpr std::int64_t step_us = 1000;
        return {1'795'000'000'000'000 + step_us * reads_++};
    }

    [[nodiscard]] std::chrono::nanoseconds monotonic() const override {
        return std::chrono::milliseconds(reads_++);
    }

private:
    mutable std::atomic<std::int64_t> reads_{0};
};

class Life {
public:
    Life(Ground& ground, Mode mode, std::uint64_t seed, Tally& tally)
        : ground_(&ground), mode_(mode), random_(seed), workload_(seed), tally_(&tally) {
        const bool starts_from_nothing = below(6) == 0;
        ground.disk().load(starts_from_nothing ? std::map<std::string, Bytes>{} : ground.image());
        if (starts_from_nothing) first_ = workload_.first_feed();
    }

    std::string run() {
        const auto rounds = 1 + below(3);
        for (std::uint64_t round = 0; round < rounds && wrong_.empty(); ++round) {
            work();
            stop();
            if (mode_ == Mode::sync_warm) start_warm();
            restart_disk();
            if (below(4) == 0) cut_while_recovering();
            check();
            if (!wrong_.empty()) wrong_ = fmt::format("round {}: {}", round + 1, wrong_);
        }
        ground_->disk().freeze();
        store_.reset();
        return wrong_;
    }

private:
    std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

    bool open() {
        if (store_) return true;
        store::StoreConfig config{ground_->path(), "ATL-3"};
        config.moves_log_in_pauses = false;  // a busy machine has other pauses than an idle one
        auto opened = Store::open(std::move(config), clock_);
        if (opened)
            store_ = std::move(*opened);
        else
            why_not_open_ = opened.error().detail();
        return store_ != nullptr;
    }

    [[nodiscard]] Faults faults_for(std::uint64_t commands) {
        Faults faults;
        const std::uint64_t operations = below(operations_to_open + commands * per_command);
        faults.seed = random_();
        faults.syncs_are_lies = mode_ == Mode::lies;
        if (mode_ == Mode::cut || mode_ == Mode::lies) faults.power_goes_at = operations;
        if (mode_ == Mode::full) faults.space_ends_at = operations;
        if (mode_ == Mode::sync || mode_ == Mode::sync_warm)
            faults.sync_fails_at = below(2 + commands / 2);
        return faults;
    }

    void work() {
        const std::uint64_t bursts = 3 + below(12);
        const std::uint64_t length_max = 1 + below(10);
        ground_->disk().set_faults(faults_for(bursts * (1 + length_max) / 2));
        if (open()) talk(bursts, length_max);
        const Counters counters = ground_->disk().counters();
        tally_->syncs_failed += counters.syncs_failed;
        tally_->writes_refused += counters.full;
        mix(counters.operations);
        if (mode_ != Mode::full) return;
        // Room again: the same program goes on, and what was refused is asked again.
        ground_->disk().set_faults({});
        check();
        if (store_ && wrong_.empty()) talk(3, 3);
    }

    std::vector<std::size_t> burst_of(std::uint64_t length_max) {
        std::vector<std::size_t> burst;
        const auto say = [&](store::Command command) {
            burst.push_back(conversation_.exchanges.size());
            conversation_.exchanges.push_back({std::move(command), std::nullopt});
        };
        for (auto& command : first_) say(std::move(command));
        first_.clear();
        if (!burst.empty()) return burst;
        for (auto left = 1 + below(length_max); left > 0; --left) say(workload_.next());
        return burst;
    }

    void talk(std::uint64_t bursts, std::uint64_t length_max) {
        const auto next = [&] {
            return bursts-- == 0 ? std::vector<std::size_t>() : burst_of(length_max);
        };
        const auto heard = [&](std::size_t number, Result<store::Outcome> answer) {
            Exchange& exchange = conversation_.exchanges[number];
            if (!answer) {
                ++tally_->unanswered;
                if (answer.error().code() != FaultCode::store_unsafe && wrong_.empty())
                    wrong_ = "refused: " + answer.error().detail();
                return;
            }
            ++tally_->answered;
            workload_.heard(exchange.sent, *answer);
            conversation_.last_answered = std::max(conversation_.last_answered, answer->seq);
            exchange.answer = std::move(*answer);
        };
        if (!converse(*store_, conversation_, next, heard)) wrong_ = "the store does not answer";
    }

    /// Half of the times in order, so that the cut may meet the checkpoint and the closing.
    void stop() {
        const bool is_killed = mode_ == Mode::sync_warm || below(2) == 0;
        if (is_killed) ground_->disk().freeze();
        store_.reset();
    }

    /// Only the program starts again, on what the kernel has in memory, and answers.
    void start_warm() {
        ground_->disk().thaw();
        check();
        ground_->disk().freeze();
        store_.reset();
    }

    void restart_disk() {
        if (open_files() != 0) wrong_ = fmt::format("{} files were left open", open_files());
        if (!ground_->disk().has_power()) ++tally_->cuts;
        ground_->disk().cut_and_restart(random_());
    }

    void cut_while_recovering() {
        Faults faults;
        faults.power_goes_at = below(operations_to_open);
        faults.syncs_are_lies = mode_ == Mode::lies;
        ground_->disk().set_faults(faults);
        open();
        store_.reset();
        restart_disk();
    }

    void check() {
        if (!wrong_.empty()) return;
        ++tally_->restarts;
        if (!open()) {
            wrong_ = "it does not open: " + why_not_open_;
            return;
        }
        AskedAgain asked;
        wrong_ = what_is_lost(*store_, conversation_, workload_, asked);
        tally_->answered += asked.answered;
        tally_->committed_unanswered += asked.committed_unanswered;
        if (wrong_.empty()) wrong_ = what_is_broken(ground_->path(), conversation_);
        if (wrong_.empty() && below(2) == 0)
            wrong_ = acknowledge_all(*store_, ground_->path(), conversation_);
        if (wrong_.empty()) mix(store_->progress().head);
    }

    void mix(std::uint64_t value) {
        constexpr std::uint64_t fnv_prime = 0x100000001b3ULL;
        tally_->digest = (tally_->digest ^ value) * fnv_prime;
    }

    Ground* ground_;
    Mode mode_;
    std::mt19937_64 random_;
    Workload workload_;
    Tally* tally_;
    CountedClock clock_;
    std::unique_ptr<Store> store_;
    std::string why_not_open_;
    std::vector<store::Command> first_;
    Conversation conversation_;
    std::string wrong_;
};

}  // namespace

std::optional<Mode> mode_named(const std::string& name) {
    if (name == "cut") return Mode::cut;
    if (name == "full") return Mode::full;
    if (name == "sync") return Mode::sync;
    if (name == "sync-warm") return Mode::sync_warm;
    if (name == "lies") return Mode::lies;
    return std::nullopt;
}

Ground::Ground(std::string folder) : path_(std::move(folder) + "/lotgate.db") {
    use_disk(disk_);
    CountedClock clock;
    Conversation conversation;
    Workload workload(0);
    for (auto& command : workload.first_feed())
        conversation.exchanges.push_back({std::move(command), std::nullopt});
    auto store = Store::open({path_, "ATL-3"}, clock);
    AskedAgain asked;
    if (store)
        wrong_ = what_is_lost(**store, conversation, workload, asked);
    else
        wrong_ = store.error().detail();
    if (store) store->reset();
    image_ = disk_.image();
}

std::string live(Ground& ground, Mode mode, std::uint64_t seed, Tally& tally) {
    ++tally.lives;
    Life life(ground, mode, seed, tally);
    return life.run();
}

}  // namespace lotgate::powercut
