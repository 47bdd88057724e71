// The least that can answer a scanner: dials it as the daemon does, and for each line commits the
// same receipt as the store (BareStore), then answers. `./dev bench` puts it beside the daemon at
// the same pace, where what the machine's sleep and the disk's flush cost is in both.
//   bench_bare_site DIRECTORY PORT

#include "store/sqlite/migrations.hpp"
#include "tests/bench/bare_store.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace lotgate;

namespace {

constexpr std::uint64_t units = 20'000;

int dialled(std::uint16_t port) {
    const int link = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in peer{};
    peer.sin_family = AF_INET;
    peer.sin_port = htons(port);
    peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(link, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(link, reinterpret_cast<const sockaddr*>(&peer), sizeof peer) == 0) return link;
    fmt::print(stderr, "bench_bare_site: nobody listens on port {}\n", port);
    std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 64;
    std::string schema;
    for (const auto& step : store::sqlite::migrations()) schema += step.sql;
    bench::BareStore bare(std::string(argv[1]) + "/bare-site.db", schema, units);
    const int link = dialled(static_cast<std::uint16_t>(std::atoi(argv[2])));
    std::string line;
    char bytes[512];
    for (std::uint64_t unit = 0;;) {
        const ssize_t got = ::read(link, bytes, sizeof bytes);
        if (got <= 0) break;
        line.append(bytes, static_cast<std::size_t>(got));
        // After a slow flush several lines come at once: each is one scan, as for the daemon.
        for (std::size_t end = 0; (end = line.find('\n')) != std::string::npos;) {
            line.erase(0, end + 1);
            bare.receive_alone(unit++ % units);
            static constexpr std::string_view answer = "OK\r\n";
            if (::write(link, answer.data(), answer.size()) < 0) return 0;
        }
    }
    ::close(link);
    return 0;
}
