#include "adapters/transport/byte_stream.hpp"
#include "tests/kit/wire.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <optional>

#include <sys/socket.h>
#include <unistd.h>

namespace lotgate::adapters {

namespace {

using namespace std::chrono_literals;
using Stream = std::unique_ptr<ByteStream>;

/// Runs one awaitable to its result.
template <class T>
T result_of(boost::asio::io_context& loop, boost::asio::awaitable<T> work) {
    std::optional<T> result;
    boost::asio::co_spawn(loop, std::move(work), [&](const std::exception_ptr& escaped, T value) {
        REQUIRE(escaped == nullptr);
        result.emplace(std::move(value));
    });
    REQUIRE(kit::eventually(
        loop, [&] { return result.has_value(); }, 20s));
    return std::move(*result);
}

struct Pair {
    Stream here;
    Stream there;
};

std::unique_ptr<TcpListener> listener_on_any_port(boost::asio::io_context& loop) {
    auto listener = TcpListener::open(loop.get_executor(), {});
    REQUIRE(listener);
    return std::move(*listener);
}

Pair connected(boost::asio::io_context& loop, TcpListener& listener) {
    std::optional<Result<Stream>> accepted;
    boost::asio::co_spawn(
        loop, listener.accept(), [&](const std::exception_ptr&, Result<Stream> stream) {
            accepted.emplace(std::move(stream));
        });
    TcpConfig config;
    config.host = "127.0.0.1";
    config.port = listener.port();
    Result<Stream> here = result_of(loop, open_tcp(config));
    REQUIRE(here);
    REQUIRE(kit::eventually(loop, [&] { return accepted.has_value(); }));
    REQUIRE(*accepted);
    return {std::move(*here), std::move(**accepted)};
}

}  // namespace

TEST_CASE("bytes go both ways over TCP", "[tcp][wire]") {
    boost::asio::io_context loop;
    const auto listener = listener_on_any_port(loop);
    Pair pair = connected(loop, *listener);
    REQUIRE(result_of(loop, pair.here->write_all("hello", 1s)));
    CHECK(result_of(loop, pair.there->read_some(100, 1s)).value() == "hello");
    REQUIRE(result_of(loop, pair.there->write_all("there", 1s)));
    CHECK(result_of(loop, pair.here->read_some(2, no_limit)).value() == "th");
    CHECK(result_of(loop, pair.here->read_some(100, no_limit)).value() == "ere");
}

TEST_CASE("a silent line times out and can still be read", "[tcp][wire]") {
    boost::asio::io_context loop;
    const auto listener = listener_on_any_port(loop);
    Pair pair = connected(loop, *listener);
    const auto nothing = result_of(loop, pair.here->read_some(100, 20ms));
    REQUIRE_FALSE(nothing);
    CHECK(nothing.error().code() == FaultCode::timed_out);
    REQUIRE(result_of(loop, pair.there->write_all("late", 1s)));
    CHECK(result_of(loop, pair.here->read_some(100, 1s)).value() == "late");
}

TEST_CASE("a peer that takes nothing does not hold a writer for ever", "[tcp][wire]") {
    boost::asio::io_context loop;
    const auto listener = listener_on_any_port(loop);
    Pair pair = connected(loop, *listener);
    const auto stuck = result_of(loop, pair.here->write_all(std::string(64'000'000, 'x'), 200ms));
    REQUIRE_FALSE(stuck);
    CHECK(stuck.error().code() == FaultCode::timed_out);
}

TEST_CASE("the end of the other side and our own end are told apart from silence", "[tcp][wire]") {
    boost::asio::io_context loop;
    const auto listener = listener_on_any_port(loop);
    Pair pair = connected(loop, *listener);
    pair.there->close();
    CHECK(result_of(loop, pair.here->read_some(100, 1s)).error().code() == FaultCode::closed);

    Pair second = connected(loop, *listener);
    std::optional<Result<std::string>> read;
    boost::asio::co_spawn(loop,
                          second.here->read_some(100, no_limit),
                          [&](const std::exception_ptr&, Result<std::string> result) {
                              read.emplace(std::move(result));
                          });
    CHECK_FALSE(kit::eventually(
        loop, [&] { return read.has_value(); }, 20ms));
    second.here->close();
    REQUIRE(kit::eventually(loop, [&] { return read.has_value(); }));
    CHECK(read->error().code() == FaultCode::closed);
}

TEST_CASE("an absent device is named with its probable cause", "[tcp][wire]") {
    boost::asio::io_context loop;
    TcpConfig config;
    config.host = "127.0.0.1";
    config.port = kit::free_port();
    const auto refused = result_of(loop, open_tcp(config));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == FaultCode::unavailable);
    config.host = "no-such-name.invalid";
    config.connect_within = 10s;
    CHECK(result_of(loop, open_tcp(config)).error().code() == FaultCode::unavailable);
}

TEST_CASE("an address that does not answer costs no more than its deadline", "[tcp][wire]") {
    boost::asio::io_context loop;
    // A listener whose queue is full: the kernel drops further SYNs, as a black hole does.
    const int hole = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr address{};
    address.sa_family = AF_INET;
    REQUIRE(::bind(hole, &address, sizeof address) == 0);
    REQUIRE(::listen(hole, 0) == 0);
    unsigned char name[16] = {};
    socklen_t size = sizeof name;
    REQUIRE(::getsockname(hole, reinterpret_cast<sockaddr*>(name), &size) == 0);
    TcpConfig config;
    config.host = "127.0.0.1";
    config.port = static_cast<std::uint16_t>(name[2] * 256 + name[3]);
    config.connect_within = 300ms;
    std::vector<Stream> filling;
    Result<Stream> last = result_of(loop, open_tcp(config));
    for (int i = 0; last && i < 10; ++i) {
        filling.push_back(std::move(*last));
        last = result_of(loop, open_tcp(config));
    }
    REQUIRE_FALSE(last);
    CHECK(last.error().code() == FaultCode::unavailable);
    ::close(hole);
}

TEST_CASE("a port in use is a conflict that names it", "[tcp][wire]") {
    boost::asio::io_context loop;
    const auto listener = listener_on_any_port(loop);
    TcpListener::Config config;
    config.port = listener->port();
    const auto second = TcpListener::open(loop.get_executor(), config);
    REQUIRE_FALSE(second);
    CHECK(second.error().code() == FaultCode::conflict);
}

TEST_CASE("who is not on the list is shown the door", "[tcp][wire]") {
    boost::asio::io_context loop;
    TcpListener::Config config;
    config.allow = {"10.9.8.0/24"};
    auto listener = TcpListener::open(loop.get_executor(), config);
    REQUIRE(listener);
    std::optional<Result<Stream>> accepted;
    boost::asio::co_spawn(
        loop, (*listener)->accept(), [&](const std::exception_ptr&, Result<Stream> stream) {
            accepted.emplace(std::move(stream));
        });
    TcpConfig dial;
    dial.host = "127.0.0.1";
    dial.port = (*listener)->port();
    Result<Stream> here = result_of(loop, open_tcp(dial));
    REQUIRE(here);
    CHECK(result_of(loop, (*here)->read_some(10, 5s)).error().code() == FaultCode::closed);
    CHECK((*listener)->refused() == 1);
    CHECK_FALSE(accepted.has_value());
    (*listener)->close();
    CHECK(kit::eventually(loop, [&] { return accepted.has_value(); }));
}

}  // namespace lotgate::adapters
