#include "store/store.hpp"

#include "store/decider.hpp"
#include "store/in_flight.hpp"
#include "store/lock_file.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/log_file.hpp"
#include "store/sqlite/migrations.hpp"

#include <fmt/format.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include <pthread.h>

namespace lotgate::store {

namespace {

using sqlite::Database;
using sqlite::Trouble;

constexpr std::uint32_t ends_until_parked = 2;
constexpr auto beat = std::chrono::milliseconds(250);
constexpr auto patience = std::chrono::milliseconds(25);
constexpr std::uint64_t batches_a_trim = 16;
// 16 MiB of 4096-byte pages. Moving the log takes some ten milliseconds in which a scan may wait;
// the longer the log, the more of its pages are the same few, and the rarer the wait.
constexpr int pages_passive = 4 * 1024;
constexpr int pages_truncate = 16 * 1024;  // 64 MiB

struct Waiting {
    Command command;
    Answer answer;
    Haste haste;
};

bool is_of_the_disk(Trouble trouble) {
    return trouble == Trouble::io || trouble == Trouble::full;
}

// These are not used up when they are carried out.
bool can_run_again(const Command& command) {
    return std::holds_alternative<rules::Attempt>(command) ||
           std::holds_alternative<EffectReport>(command) ||
           std::holds_alternative<CartonPassed>(command) ||
           std::holds_alternative<UplinkAcknowledged>(command);
}

class WriterStore final : public Store {
public:
    WriterStore(StoreConfig config, Clock& clock, LockFile lock, std::unique_ptr<Database> database)
        : config_(std::move(config)),
          clock_(&clock),
          lock_(std::move(lock)),
          database_(std::move(database)),
          decider_(*database_, config_, clock),
          begin_(*database_, "BEGIN IMMEDIATE"),
          commit_(*database_, "COMMIT"),
          savepoint_(*database_, "SAVEPOINT command"),
          release_(*database_, "RELEASE command") {}

    WriterStore(const WriterStore&) = delete;
    WriterStore& operator=(const WriterStore&) = delete;
    ~WriterStore() override;

    [[nodiscard]] Result<> start();
    void park_suspect();
    void submit(Command command, Answer answer, Haste haste) override;
    [[nodiscard]] StoreProgress progress() const override;

    void on_commit(std::function<void(Seq head)> told) override { told_ = std::move(told); }

private:
    void work();
    [[nodiscard]] bool take_batch(std::deque<Waiting>& batch);
    using Results = std::vector<std::optional<Result<Outcome>>>;

    void carry_out(std::deque<Waiting>& batch);
    void write_import_step();
    void finish_imports();
    [[nodiscard]] bool run_together(std::deque<Waiting>& batch,
                                    Results& results,
                                    const Decider::Mark& before);
    void run_apart(std::deque<Waiting>& batch, Results& results);
    void run_one(Command& command, std::optional<Result<Outcome>>& result);
    [[nodiscard]] bool commit_failed();
    void give_up(std::deque<Waiting>& batch, const Decider::Mark& before);
    void tidy_log(bool is_idle);
    void trim_ledger(bool is_idle);

    const StoreConfig config_;
    Clock* clock_;
    LockFile lock_;
    std::unique_ptr<Database> database_;
    std::unique_ptr<InFlight> in_flight_;
    Decider decider_;
    sqlite::Statement begin_, commit_, savepoint_, release_;
    std::function<void(Seq)> told_;

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Waiting> queue_;
    std::size_t in_haste_ = 0;  ///< of those in the queue
    bool is_stopping_ = false;
    Instant last_before_;  ///< set before the thread runs

    std::uint64_t batches_ = 0;  // since rows were last taken out
    bool is_broken_ = false;     // store thread: the disk failed, for good
    std::atomic<std::uint64_t> head_{0};
    std::atomic<std::uint64_t> acked_{0};
    std::atomic<std::uint64_t> commits_{0};
    std::atomic<std::uint64_t> beats_{0};
    std::atomic<std::uint64_t> commit_us_{0};
    std::atomic<bool> is_unsafe_{false};
    std::thread thread_;
};

WriterStore::~WriterStore() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

Result<> WriterStore::start() {
    LG_CHECK(decider_.load());
    last_before_ = {static_cast<std::int64_t>(decider_.ledger().head().hlc >> 16U) * 1000};
    LG_TRY(in_flight_, InFlight::open(config_.path + ".inflight"));
    decider_.watch(*in_flight_);
    park_suspect();
    finish_imports();
    head_ = number_of(decider_.ledger().head().seq);
    acked_ = decider_.acked();
    thread_ = std::thread([this] { work(); });
    return {};
}

// What ended the program twice in a row is refused from now on; everything else goes on.
void WriterStore::park_suspect() {
    const auto suspect = in_flight_->suspect();
    if (!suspect || suspect->ended < ends_until_parked) return;
    const std::string identity = scan_identity(suspect->station, suspect->step, suspect->raw);
    const std::string& raw = suspect->raw;
    Operation park;
    park.request_id = fmt::format("park-{}-{}", identity, suspect->ended);
    park.kind = "park_scan";
    park.station = is_utf8(suspect->station) ? suspect->station : std::string();
    park.authority.badge = gateway_badge;
    park.is_housekeeping = true;
    park.arguments = {
        {"identity", identity},
        {"step", suspect->step},
        {"raw_hex", to_hex({reinterpret_cast<const std::uint8_t*>(raw.data()), raw.size()})}};
    park.at = clock_->now();
    park.site_date = site_date(park.at, config_.zone);
    queue_.push_back({std::move(park), {}, Haste::now});
    ++in_haste_;
}

void WriterStore::submit(Command command, Answer answer, Haste haste) {
    std::unique_lock lock(mutex_);
    if (queue_.size() >= config_.queue_max || is_stopping_) {
        lock.unlock();
        answer(fail(FaultCode::full, "the store has more waiting than it may keep; try again"));
        return;
    }
    // The writer knows by now that something patient waits.
    const bool is_news =
        haste == Haste::now || queue_.empty() || queue_.size() >= config_.batch_max;
    if (haste == Haste::now) ++in_haste_;
    queue_.push_back({std::move(command), std::move(answer), haste});
    // After the lock: else the writer would wake up to wait for it.
    lock.unlock();
    if (is_news) wake_.notify_one();
}

StoreProgress WriterStore::progress() const {
    StoreProgress progress;
    progress.head = head_;
    progress.acked = acked_;
    progress.commits = commits_;
    progress.beats = beats_;
    progress.commit_us_last = commit_us_;
    progress.is_unsafe = is_unsafe_;
    progress.last_before = last_before_;
    const std::lock_guard lock(mutex_);
    progress.queued = queue_.size();
    return progress;
}

bool WriterStore::take_batch(std::deque<Waiting>& batch) {
    std::unique_lock lock(mutex_);
    const auto rest = decider_.is_importing() ? std::chrono::milliseconds(0) : beat;
    wake_.wait_for(lock, rest, [this] { return !queue_.empty() || is_stopping_; });
    if (!queue_.empty())
        wake_.wait_for(lock, patience, [this] {
            return in_haste_ > 0 || queue_.size() >= config_.batch_max || is_stopping_;
        });
    while (!queue_.empty() && batch.size() < config_.batch_max) {
        if (queue_.front().haste == Haste::now) --in_haste_;
        batch.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    return !batch.empty() || !is_stopping_;
}

void WriterStore::work() {
    pthread_setname_np(pthread_self(), "store");
    std::deque<Waiting> batch;
    while (take_batch(batch)) {
        ++beats_;
        const bool is_idle = batch.empty();
        if (!is_idle) carry_out(batch);
        batch.clear();
        write_import_step();
        if (!is_broken_) trim_ledger(is_idle);
        if (!is_broken_) tidy_log(is_idle && !decider_.is_importing());
    }
    if (!is_broken_) database_->checkpoint(Database::Checkpoint::truncate);
}

// A file in force is written between the scans, a step a turn. Its rows were checked; if the tables
// refuse one all the same, it is left out with a case, and the others go on.
void WriterStore::write_import_step() {
    using Step = Decider::ImportStep;
    for (const Step kind : {Step::some, Step::one, Step::leave_out}) {
        if (is_broken_ || is_unsafe_ || !decider_.is_importing()) return;
        bool is_good = false;
        std::deque<Waiting> step;
        step.push_back(
            {decider_.import_step(kind),
             [&is_good](const Result<Outcome>& outcome) { is_good = outcome.has_value(); },
             Haste::now});
        carry_out(step);
        if (is_good) return;
    }
}

// What ended in the middle of it begins with the whole of it.
void WriterStore::finish_imports() {
    while (decider_.is_importing() && !is_broken_ && !is_unsafe_) {
        write_import_step();
        tidy_log(false);
    }
}

void WriterStore::carry_out(std::deque<Waiting>& batch) {
    const Decider::Mark before = decider_.mark();
    Results results(batch.size());
    if (!is_broken_) {
        database_->clear_fault();
        if (!run_together(batch, results, before)) run_apart(batch, results);
        decider_.settle();
    }
    const auto started = clock_->monotonic();
    if (is_broken_ || commit_failed()) return give_up(batch, before);
    const auto took = clock_->monotonic() - started;
    commit_us_ = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(took).count());
    ++commits_;
    is_unsafe_ = false;
    acked_ = decider_.acked();
    const ChainHead& after = decider_.ledger().head();
    head_ = number_of(after.seq);
    for (std::size_t i = 0; i < batch.size(); ++i)
        if (batch[i].answer) batch[i].answer(std::move(*results[i]));
    if (told_ && after.seq != before.head.seq) told_(after.seq);
}

// Without savepoints, which keep a copy of each page that a command changes. False, and nothing
// done, where a command of the batch must be undone alone or might have to be.
bool WriterStore::run_together(std::deque<Waiting>& batch,
                               Results& results,
                               const Decider::Mark& before) {
    for (const Waiting& waiting : batch)
        if (!can_run_again(waiting.command)) return false;
    begin_.run();
    for (std::size_t i = 0; i < batch.size() && !database_->fault(); ++i) {
        const std::int64_t changes = database_->total_changes();
        results[i] = decider_.run(batch[i].command);
        const bool is_half_done = !results[i]->has_value() && database_->total_changes() != changes;
        if (is_half_done) database_->refuse("a command failed after it had begun");
    }
    if (!database_->fault() || is_of_the_disk(database_->trouble())) return true;
    database_->clear_fault();
    database_->execute("ROLLBACK");
    decider_.go_back_to(before);
    return false;
}

// Each command in a savepoint of its own.
void WriterStore::run_apart(std::deque<Waiting>& batch, Results& results) {
    begin_.run();
    for (std::size_t i = 0; i < batch.size() && !database_->fault(); ++i)
        run_one(batch[i].command, results[i]);
}

// A command that breaks a rule of the schema is undone alone; one that meets a failing disk ends
// the batch.
void WriterStore::run_one(Command& command, std::optional<Result<Outcome>>& result) {
    const Decider::Mark before = decider_.mark();
    savepoint_.run();
    result = decider_.run(command);
    if (!database_->fault() && result->has_value()) {
        release_.run();
        return;
    }
    const auto fault = database_->fault();
    if (is_of_the_disk(database_->trouble())) return;
    if (fault) result = fail(*fault);
    database_->clear_fault();
    database_->execute("ROLLBACK TO command");
    release_.run();
    decider_.go_back_to(before);
}

bool WriterStore::commit_failed() {
    commit_.run();
    return database_->fault().has_value();
}

// Nothing of the batch is kept, and nobody is told it was. A full disk may have room again for the
// next batch; after any other error the file is not touched again, since pages that failed to sync
// are marked clean by the kernel and a second fsync would lie.
void WriterStore::give_up(std::deque<Waiting>& batch, const Decider::Mark& before) {
    std::string why = "the disk failed before";
    if (!is_broken_) {
        why = database_->fault() ? database_->fault()->detail() : "the commit failed";
        is_broken_ = database_->trouble() != Trouble::full;
        database_->clear_fault();
        if (database_->in_transaction()) database_->execute("ROLLBACK");
        database_->clear_fault();
        if (!is_broken_) decider_.go_back_to(before);
    }
    is_unsafe_ = true;
    for (Waiting& waiting : batch)
        if (waiting.answer)
            waiting.answer(fail(FaultCode::store_unsafe,
                                fmt::format("nothing can be stored: {}. Free the disk, or restart "
                                            "on a good one.",
                                            why)));
}

// What stands in an archive leaves in pauses, or with every so many batches where there are none.
// A fault leaves it for the next time; only the disk's own ends everything.
void WriterStore::trim_ledger(bool is_idle) {
    if (!decider_.has_archived_rows()) return;
    if (is_idle ? !config_.moves_log_in_pauses : ++batches_ < batches_a_trim) return;
    batches_ = 0;
    const Decider::Mark before = decider_.mark();
    database_->clear_fault();
    begin_.run();
    decider_.trim();
    if (!commit_failed()) return;
    is_broken_ = is_of_the_disk(database_->trouble()) && database_->trouble() != Trouble::full;
    is_unsafe_ = is_unsafe_ || is_broken_;
    database_->clear_fault();
    if (database_->in_transaction()) database_->execute("ROLLBACK");
    database_->clear_fault();
    if (!is_broken_) decider_.go_back_to(before);
}

void WriterStore::tidy_log(bool is_idle) {
    const int pages = database_->wal_pages();
    if (pages > pages_truncate)
        database_->checkpoint(Database::Checkpoint::truncate);
    else if (pages > pages_passive || (is_idle && config_.moves_log_in_pauses && pages > 0))
        database_->checkpoint(Database::Checkpoint::passive);
    if (database_->trouble() == Trouble::io) {
        is_broken_ = true;
        is_unsafe_ = true;
    }
    database_->clear_fault();
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(StoreConfig config, Clock& clock) {
    LG_TRY(LockFile lock, LockFile::take(config.path + ".lock"));
    LG_CHECK(sqlite::renew_log(config.path));
    LG_TRY(auto database, Database::open(config.path, sqlite::OpenMode::writer));
    LG_CHECK(sqlite::migrate(*database));
    auto store = std::make_unique<WriterStore>(
        std::move(config), clock, std::move(lock), std::move(database));
    LG_CHECK(store->start());
    return std::unique_ptr<Store>(std::move(store));
}

}  // namespace lotgate::store
