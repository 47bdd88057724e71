#include "adapters/transport/byte_stream.hpp"
#include "tests/kit/wire.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <csignal>
#include <optional>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace lotgate::adapters {

namespace {

using namespace std::chrono_literals;
using Stream = std::unique_ptr<ByteStream>;

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

/// Two ttys with a cable between them, made by socat.
class Cable {
public:
    Cable()
        : socat_({"socat", "pty,raw,echo=0,link=" + here(), "pty,raw,echo=0,link=" + there()},
                 folder_.path() / "log") {
        boost::asio::io_context loop;
        REQUIRE(kit::eventually(loop, [&] {
            return std::filesystem::exists(here()) && std::filesystem::exists(there());
        }));
    }

    [[nodiscard]] std::string here() const { return (folder_.path() / "here").string(); }

    [[nodiscard]] std::string there() const { return (folder_.path() / "there").string(); }

    [[nodiscard]] std::string locks() const { return folder_.path().string(); }

    void pull() { socat_.signal(SIGKILL); }

private:
    kit::TemporaryFolder folder_;
    kit::Process socat_;
};

SerialConfig config_for(const Cable& cable, const std::string& port) {
    SerialConfig config;
    config.port = port;
    config.lock_dir = cable.locks();
    return config;
}

}  // namespace

TEST_CASE("bytes go both ways over a serial line", "[serial][wire]") {
    boost::asio::io_context loop;
    const Cable cable;
    Result<Stream> here = result_of(loop, open_serial(config_for(cable, cable.here())));
    Result<Stream> there = result_of(loop, open_serial(config_for(cable, cable.there())));
    REQUIRE(here);
    REQUIRE(there);
    const std::string code("\x02]C1\x1D\0\r\n\x03", 9);
    REQUIRE(result_of(loop, (*there)->write_all(code, 1s)));
    std::string got;
    while (got.size() < code.size()) got += result_of(loop, (*here)->read_some(100, 2s)).value();
    CHECK(got == code);
}

TEST_CASE("bytes from before the port was opened are gone", "[serial][wire]") {
    boost::asio::io_context loop;
    const Cable cable;
    {
        // Keeps the tty, and what it has buffered, while nobody of ours reads it.
        const int early = ::open(cable.here().c_str(), O_RDWR | O_NOCTTY);
        Result<Stream> there = result_of(loop, open_serial(config_for(cable, cable.there())));
        REQUIRE(there);
        REQUIRE(result_of(loop, (*there)->write_all("OLD CARTON\r", 1s)));
        char byte = 0;
        REQUIRE(::read(early, &byte, 1) == 1);
        Result<Stream> here = result_of(loop, open_serial(config_for(cable, cable.here())));
        REQUIRE(here);
        REQUIRE(result_of(loop, (*there)->write_all("NEW\r", 1s)));
        CHECK(result_of(loop, (*here)->read_some(100, 2s)).value() == "NEW\r");
        ::close(early);
    }
}

TEST_CASE("one port has one owner", "[serial][wire]") {
    boost::asio::io_context loop;
    const Cable cable;
    Result<Stream> first = result_of(loop, open_serial(config_for(cable, cable.here())));
    REQUIRE(first);
    const Result<Stream> second = result_of(loop, open_serial(config_for(cable, cable.here())));
    REQUIRE_FALSE(second);
    CHECK(second.error().code() == FaultCode::conflict);
    first->reset();
    CHECK(result_of(loop, open_serial(config_for(cable, cable.here()))));
}

TEST_CASE("a pulled cable ends the link at once and is named", "[serial][wire]") {
    boost::asio::io_context loop;
    Cable cable;
    Result<Stream> here = result_of(loop, open_serial(config_for(cable, cable.here())));
    REQUIRE(here);
    cable.pull();
    const auto read = result_of(loop, (*here)->read_some(100, 5s));
    REQUIRE_FALSE(read);
    CHECK(read.error().code() == FaultCode::closed);
    here->reset();
    const auto again = result_of(loop, open_serial(config_for(cable, cable.here())));
    REQUIRE_FALSE(again);
}

TEST_CASE("what is no serial port is refused with its reason", "[serial][wire]") {
    boost::asio::io_context loop;
    SerialConfig config;
    config.port = "/dev/null";
    CHECK(result_of(loop, open_serial(config)).error().code() == FaultCode::invalid_input);
    config.port = "/dev/serial/by-id/none";
    CHECK(result_of(loop, open_serial(config)).error().code() == FaultCode::unavailable);
    config.port = "/tmp";
    CHECK_FALSE(result_of(loop, open_serial(config)));
}

TEST_CASE("a device that takes nothing does not hold a writer for ever", "[serial][wire]") {
    boost::asio::io_context loop;
    const Cable cable;
    Result<Stream> here = result_of(loop, open_serial(config_for(cable, cable.here())));
    REQUIRE(here);
    const auto stuck = result_of(loop, (*here)->write_all(std::string(4'000'000, 'x'), 300ms));
    REQUIRE_FALSE(stuck);
    CHECK(stuck.error().code() == FaultCode::timed_out);
}

}  // namespace lotgate::adapters
