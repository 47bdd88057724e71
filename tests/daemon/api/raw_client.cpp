#include "tests/daemon/api/raw_client.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace lotgate::test {

namespace {

constexpr time_t deadline_s = 10;

int connected(int family, const sockaddr* address, socklen_t length) {
    const int fd = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval deadline{deadline_s, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
    if (::connect(fd, address, length) != 0) FAIL("cannot connect: " << std::strerror(errno));
    return fd;
}

int connected_to(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connected(AF_INET, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

int connected_to(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), address.sun_path);
    return connected(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return text;
}

}  // namespace

RawClient::RawClient(std::uint16_t port) : fd_(connected_to(port)) {}

RawClient::RawClient(const std::string& socket_path) : fd_(connected_to(socket_path)) {}

RawClient::~RawClient() {
    ::close(fd_);
}

bool RawClient::send(const std::string& bytes) const {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        const ssize_t count = ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) return false;
        sent += static_cast<std::size_t>(count);
    }
    return true;
}

bool RawClient::fill() {
    std::array<char, 16384> chunk{};
    const ssize_t count = ::recv(fd_, chunk.data(), chunk.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) FAIL("no answer in time");
    if (count <= 0) return false;
    buffer_.append(chunk.data(), static_cast<std::size_t>(count));
    return true;
}

RawReply RawClient::reply(bool has_body) {
    RawReply reply;
    const std::string head = read_until("\r\n\r\n");
    const auto end = head.find("\r\n\r\n");
    if (end == std::string::npos) return reply;
    buffer_.erase(0, end + 4);
    reply.status = std::stoi(head.substr(9, 3));
    std::size_t at = head.find("\r\n") + 2;
    while (at < end + 2) {
        const auto line_end = head.find("\r\n", at);
        const auto colon = head.find(": ", at);
        reply.headers[lower(head.substr(at, colon - at))] =
            head.substr(colon + 2, line_end - colon - 2);
        at = line_end + 2;
    }
    const auto length = reply.headers.find("content-length");
    if (!has_body || length == reply.headers.end()) return reply;
    const auto wanted = static_cast<std::size_t>(std::stoul(length->second));
    while (buffer_.size() < wanted && fill()) {
    }
    reply.body = buffer_.substr(0, wanted);
    buffer_.erase(0, wanted);
    return reply;
}

std::string RawClient::read_until(const std::string& text) {
    while (buffer_.find(text) == std::string::npos && fill()) {
    }
    return buffer_;
}

bool RawClient::sees_the_end() {
    while (fill()) {
    }
    return true;
}

std::string get(const std::string& target, const std::string& more_headers) {
    return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + more_headers + "\r\n";
}

std::string post(const std::string& target,
                 const std::string& body,
                 const std::string& more_headers) {
    return "POST " + target + " HTTP/1.1\r\nHost: localhost\r\n" +
           "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n" + more_headers + "\r\n" + body;
}

}  // namespace lotgate::test
