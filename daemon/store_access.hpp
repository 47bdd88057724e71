#pragma once

// The store as the loop uses it: commands to the store thread, questions to the reader thread.

#include "store/queries.hpp"
#include "store/retention/archiving.hpp"
#include "store/store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace lotgate::site {

class StoreAccess {
public:
    /// Opens the reader connection on its own thread, on the first question.
    StoreAccess(store::Store& store, std::string path, boost::asio::any_io_executor loop);
    ~StoreAccess();
    StoreAccess(const StoreAccess&) = delete;
    StoreAccess& operator=(const StoreAccess&) = delete;

    /// Resumes on the loop, after COMMIT.
    [[nodiscard]] boost::asio::awaitable<Result<store::Outcome>> submit(
        store::Command command, store::Haste haste = store::Haste::now);

    template <class T>
    using Question = std::function<Result<T>(store::Queries&)>;

    /// JSON for people. At most questions_max wait; the next is answered Fault full.
    [[nodiscard]] boost::asio::awaitable<Result<std::string>> ask(Question<std::string> question);
    [[nodiscard]] boost::asio::awaitable<Result<store::LedgerHead>> head();
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<LedgerRow>>> rows_after(
        Seq after, std::size_t rows_max, std::size_t bytes_max);
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<store::Effect>>> open_effects();

    [[nodiscard]] boost::asio::awaitable<Result<std::vector<store::OpenOutage>>> open_outages();

    [[nodiscard]] boost::asio::awaitable<Result<std::vector<std::string>>> staged_before(
        Instant then);

    /// Whether this is that badge's PIN; on the reader thread, since a hash takes its time.
    [[nodiscard]] boost::asio::awaitable<Result<bool>> is_pin(std::string badge, std::string pin);

    /// The gateway's own look at an archive file, on a thread of its own: it may take minutes, and
    /// ends early when this goes. Fault full: one is being looked at.
    [[nodiscard]] boost::asio::awaitable<Result<store::Arguments>> check_archive(
        store::ArchiveTerms terms, std::string file);

    [[nodiscard]] store::StoreProgress progress() const { return store_->progress(); }

    static constexpr std::size_t questions_max = 64;

private:
    struct Reader;
    struct Archivist;

    template <class T>
    boost::asio::awaitable<Result<T>> read(Question<T> question);

    store::Store* store_;
    boost::asio::any_io_executor loop_;
    std::unique_ptr<Reader> reader_;
    std::string path_;
    std::unique_ptr<Archivist> archivist_;
};

}  // namespace lotgate::site
