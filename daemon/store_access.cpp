#include "daemon/store_access.hpp"

#include "daemon/handover.hpp"

#include <boost/asio/thread_pool.hpp>

#include <atomic>

namespace lotgate::site {

namespace asio = boost::asio;

/// One thread, one connection. The cloud's questions and people's wait in one bounded line.
struct StoreAccess::Reader {
    explicit Reader(std::string path_) : path(std::move(path_)) { name_thread(thread, "reader"); }

    /// Reader thread only.
    Result<store::Queries*> queries() {
        if (!opened) {
            LG_TRY(opened, store::Queries::open(path));
        }
        return opened.get();
    }

    std::string path;
    std::unique_ptr<store::Queries> opened;
    std::atomic<std::size_t> waiting{0};
    asio::thread_pool thread{1};
};

struct StoreAccess::Archivist {
    Archivist() { name_thread(thread, "archivist"); }

    std::atomic<bool> is_busy{false};
    std::atomic<bool> is_stopping{false};
    asio::thread_pool thread{1};
};

StoreAccess::StoreAccess(store::Store& store, std::string path, asio::any_io_executor loop)
    : store_(&store),
      loop_(std::move(loop)),
      reader_(std::make_unique<Reader>(path)),
      path_(std::move(path)),
      archivist_(std::make_unique<Archivist>()) {}

StoreAccess::~StoreAccess() {
    archivist_->is_stopping = true;
    archivist_->thread.join();
    reader_->thread.join();
}

asio::awaitable<Result<store::Arguments>> StoreAccess::check_archive(store::ArchiveTerms terms,
                                                                     std::string file) {
    using Done = std::function<void(Result<store::Arguments>)>;
    Archivist* archivist = archivist_.get();
    if (archivist->is_busy.exchange(true))
        co_return fail(FaultCode::full, "another archive is being looked at; try again later");
    std::function<void(Done)> start = [archivist,
                                       path = path_,
                                       terms = std::move(terms),
                                       file = std::move(file)](const Done& done) {
        auto work = [archivist, path, terms, file, done] {
            auto goes_on = [archivist](std::uint64_t) { return !archivist->is_stopping; };
            auto checked = store::check_archive(path, terms, file, goes_on);
            archivist->is_busy = false;
            done(std::move(checked));
        };
        asio::post(archivist->thread, std::move(work));
    };
    co_return co_await handed_over<Result<store::Arguments>>(loop_, std::move(start));
}

asio::awaitable<Result<store::Outcome>> StoreAccess::submit(store::Command command,
                                                            store::Haste haste) {
    using Done = std::function<void(Result<store::Outcome>)>;
    auto shared = std::make_shared<store::Command>(std::move(command));
    store::Store* store = store_;
    std::function<void(Done)> start = [store, shared, haste](Done done) {
        store->submit(std::move(*shared), std::move(done), haste);
    };
    co_return co_await handed_over<Result<store::Outcome>>(loop_, std::move(start));
}

template <class T>
asio::awaitable<Result<T>> StoreAccess::read(Question<T> question) {
    using Done = std::function<void(Result<T>)>;
    if (reader_->waiting.fetch_add(1) >= questions_max) {
        reader_->waiting.fetch_sub(1);
        co_return fail(FaultCode::full, "too many questions wait; ask again in a moment");
    }
    Reader* reader = reader_.get();
    std::function<void(Done)> start = [reader, question = std::move(question)](Done done) {
        auto work = [reader, question, done] {
            auto queries = reader->queries();
            Result<T> answer = queries ? question(**queries) : Result<T>(fail(queries.error()));
            reader->waiting.fetch_sub(1);
            done(std::move(answer));
        };
        asio::post(reader->thread, std::move(work));
    };
    co_return co_await handed_over<Result<T>>(loop_, std::move(start));
}

asio::awaitable<Result<std::string>> StoreAccess::ask(Question<std::string> question) {
    return read<std::string>(std::move(question));
}

asio::awaitable<Result<store::LedgerHead>> StoreAccess::head() {
    return read<store::LedgerHead>([](store::Queries& queries) { return queries.head(); });
}

asio::awaitable<Result<std::vector<LedgerRow>>> StoreAccess::rows_after(Seq after,
                                                                        std::size_t rows_max,
                                                                        std::size_t bytes_max) {
    return read<std::vector<LedgerRow>>(
        [=](store::Queries& queries) { return queries.rows_after(after, rows_max, bytes_max); });
}

asio::awaitable<Result<bool>> StoreAccess::is_pin(std::string badge, std::string pin) {
    return read<bool>([badge = std::move(badge), pin = std::move(pin)](store::Queries& queries) {
        return queries.is_pin(badge, pin);
    });
}

asio::awaitable<Result<std::vector<store::Effect>>> StoreAccess::open_effects() {
    return read<std::vector<store::Effect>>(
        [](store::Queries& queries) { return queries.open_effects(); });
}

asio::awaitable<Result<std::vector<store::OpenOutage>>> StoreAccess::open_outages() {
    return read<std::vector<store::OpenOutage>>(
        [](store::Queries& queries) { return queries.open_outages(); });
}

asio::awaitable<Result<std::vector<std::string>>> StoreAccess::staged_before(Instant then) {
    return read<std::vector<std::string>>(
        [then](store::Queries& queries) { return queries.staged_before(then); });
}

}  // namespace lotgate::site
