// The three byte lines a scanner may hang on: a pty, a port it listens on, a port it dials.

#include "adapters/sim/scanner.hpp"

#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <system_error>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace lotgate::sim {

namespace {

constexpr Duration share_again_after = std::chrono::milliseconds(100);
constexpr Duration dial_again_after = std::chrono::milliseconds(200);

}  // namespace

PtyScanner::PtyScanner(Loop& loop, std::string id, Framing framing, std::string link)
    : LineScanner(loop, std::move(id), std::move(framing)),
      link_(std::move(link)),
      sharing_(loop) {}

PtyScanner::~PtyScanner() {
    unplug();
}

Result<> PtyScanner::open() {
    if (slave_ >= 0) return {};
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0)
        return fail(FaultCode::unavailable,
                    fmt::format("{}: a pty: {}", id(), std::generic_category().message(errno)));
    std::array<char, 64> path{};
    ptsname_r(master, path.data(), path.size());
    slave_path_ = path.data();
    // The slave is held open here too: without a second holder the master reads errors for as
    // long as the daemon has not opened its end.
    slave_ = ::open(path.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    termios settings{};
    if (slave_ < 0 || tcgetattr(slave_, &settings) != 0) {
        ::close(master);
        return fail(
            FaultCode::unavailable,
            fmt::format("{}: {}: {}", id(), path.data(), std::generic_category().message(errno)));
    }
    cfmakeraw(&settings);
    tcsetattr(slave_, TCSANOW, &settings);
    connected(Stream::adopt(loop(), master));
    share_again();
    return point_link(link_, slave_path_);
}

// A daemon that was killed leaves TIOCEXCL behind on the slave held here, which no unplugged and
// replugged USB adapter would: cleared again and again, so that the next daemon may open it.
void PtyScanner::share_again() {
    if (slave_ < 0) return;
    ioctl(slave_, TIOCNXCL);
    sharing_.start(share_again_after, [this] { share_again(); });
}

void PtyScanner::unplug() {
    sharing_.cancel();
    if (slave_ < 0) return;
    ::close(slave_);
    slave_ = -1;
    disconnect();
    ::unlink(link_.c_str());
}

Result<> PtyScanner::replug(const std::string& link) {
    unplug();
    if (!link.empty()) link_ = link;
    return open();
}

void PtyScanner::lost() {
    unplug();
}

void PtyScanner::describe(json::object& report) const {
    report["link"] = link_;
    report["slave"] = slave_path_;
}

TcpListenScanner::TcpListenScanner(Loop& loop, std::string id, Framing framing, std::uint16_t port)
    : LineScanner(loop, std::move(id), std::move(framing)), port_(port) {}

Result<> TcpListenScanner::open() {
    if (listener_) return {};
    LG_TRY(listener_, Listener::tcp(loop(), port_));
    // A free port that was taken once is the device's address from then on.
    port_ = listener_->port();
    // The newest connection is the one that counts, as in the scanners that take over silently:
    // a daemon that was killed is not kept out by its own half-dead connection.
    listener_->start([this](StreamPtr stream) { connected(std::move(stream)); });
    return {};
}

void TcpListenScanner::unplug() {
    if (listener_) listener_->close();
    listener_.reset();
    disconnect();
}

void TcpListenScanner::lost() {}

void TcpListenScanner::describe(json::object& report) const {
    report["port"] = port_;
}

TcpDialScanner::TcpDialScanner(Loop& loop, std::string id, Framing framing, Target target)
    : LineScanner(loop, std::move(id), std::move(framing)),
      target_(std::move(target)),
      again_(loop) {}

Result<> TcpDialScanner::open() {
    if (!dial_ && !is_connected()) dial();
    return {};
}

void TcpDialScanner::dial() {
    dial_ = std::make_unique<Dial>(loop(), target_.host, target_.port, [this](StreamPtr stream) {
        dial_.reset();
        if (stream) {
            connected(std::move(stream));
        } else {
            again_.start(dial_again_after, [this] { dial(); });
        }
    });
}

void TcpDialScanner::unplug() {
    again_.cancel();
    dial_.reset();
    disconnect();
}

void TcpDialScanner::lost() {
    again_.start(dial_again_after, [this] { dial(); });
}

void TcpDialScanner::describe(json::object& report) const {
    report["host"] = target_.host;
    report["port"] = target_.port;
}

}  // namespace lotgate::sim
