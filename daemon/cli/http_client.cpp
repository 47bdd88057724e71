#include "daemon/cli/http_client.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>
#include <system_error>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace lotgate::cli {

namespace {

constexpr std::size_t answer_bytes_max = 64U * 1024 * 1024;

class Connection {
public:
    explicit Connection(int fd) : fd_(fd) {}

    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    ~Connection() { ::close(fd_); }

    [[nodiscard]] int fd() const { return fd_; }

private:
    int fd_;
};

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

/// The value of a header of the answer, or empty.
std::string header(std::string_view head, std::string_view name) {
    std::size_t at = head.find("\r\n");
    while (at != std::string_view::npos && at + 2 < head.size()) {
        const std::size_t end = head.find("\r\n", at + 2);
        const std::string_view line = head.substr(at + 2, end - at - 2);
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos && lower(line.substr(0, colon)) == name) {
            const std::size_t start = line.find_first_not_of(' ', colon + 1);
            return start == std::string_view::npos ? "" : std::string(line.substr(start));
        }
        at = end;
    }
    return {};
}

std::optional<std::size_t> number_in(std::string_view text, int base) {
    std::size_t number = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number, base);
    if (text.empty() || read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    return number;
}

Result<std::string> joined_chunks(std::string_view rest) {
    std::string body;
    for (;;) {
        const std::size_t line_end = rest.find("\r\n");
        const auto size = number_in(rest.substr(0, std::min(line_end, rest.find(';'))), 16);
        if (line_end == std::string_view::npos || !size) {
            return fail(FaultCode::corrupt, "the answer was cut off");
        }
        rest.remove_prefix(line_end + 2);
        if (*size == 0) return body;
        if (*size > rest.size() || rest.size() - *size < 2) {
            return fail(FaultCode::corrupt, "the answer was cut off");
        }
        body += rest.substr(0, *size);
        rest.remove_prefix(*size + 2);
    }
}

Result<> send_all(int fd, const std::string& bytes) {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        const ssize_t count = ::send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) return fail(FaultCode::unavailable, std::generic_category().message(errno));
        sent += static_cast<std::size_t>(count);
    }
    return {};
}

Result<std::string> receive_all(int fd) {
    std::string bytes;
    std::array<char, 65536> piece{};
    for (;;) {
        const ssize_t count = ::recv(fd, piece.data(), piece.size(), 0);
        if (count == 0) return bytes;
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            return fail(FaultCode::timed_out, "the daemon did not answer in time");
        }
        if (count < 0) return fail(FaultCode::corrupt, std::generic_category().message(errno));
        bytes.append(piece.data(), static_cast<std::size_t>(count));
        if (bytes.size() > answer_bytes_max) {
            return fail(FaultCode::corrupt, "the answer is longer than 64 MiB");
        }
    }
}

}  // namespace

Result<HttpAnswer> ask_daemon(const std::string& socket_path, const HttpAsk& ask) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket_path.size() >= sizeof address.sun_path) {
        return fail(FaultCode::invalid_input, "the path of the socket is too long");
    }
    std::copy(socket_path.begin(), socket_path.end(), address.sun_path);
    const Connection connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto ms = ask.deadline.count();
    const timeval deadline{static_cast<time_t>(ms / 1000),
                           static_cast<suseconds_t>(ms % 1000 * 1000)};
    ::setsockopt(connection.fd(), SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
    ::setsockopt(connection.fd(), SOL_SOCKET, SO_SNDTIMEO, &deadline, sizeof deadline);
    const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
    if (::connect(connection.fd(), generic, sizeof address) != 0) {
        return fail(FaultCode::unavailable, std::generic_category().message(errno));
    }
    std::string request = ask.method + " " + ask.target + " HTTP/1.1\r\nHost: localhost\r\n";
    request += "Connection: close\r\n";
    if (ask.method == "POST") {
        request +=
            "Content-Type: application/json\r\nContent-Length: " + std::to_string(ask.body.size()) +
            "\r\n";
    }
    LG_CHECK(send_all(connection.fd(), request + "\r\n" + ask.body));
    LG_TRY(const std::string bytes, receive_all(connection.fd()));
    return read_http_answer(bytes);
}

Result<HttpAnswer> read_http_answer(const std::string& bytes) {
    const std::size_t end = bytes.find("\r\n\r\n");
    const std::string_view head = std::string_view(bytes).substr(0, end);
    const auto status = number_in(head.substr(std::min<std::size_t>(9, head.size()), 3), 10);
    if (end == std::string::npos || head.substr(0, 7) != "HTTP/1." || !status) {
        return fail(FaultCode::corrupt, "what answers there is not the daemon");
    }
    HttpAnswer answer;
    answer.status = static_cast<int>(*status);
    const std::string_view rest = std::string_view(bytes).substr(end + 4);
    if (lower(header(head, "transfer-encoding")) == "chunked") {
        LG_TRY(answer.body, joined_chunks(rest));
        return answer;
    }
    const std::string length = header(head, "content-length");
    const auto wanted = length.empty() ? rest.size() : number_in(length, 10);
    if (!wanted || *wanted > rest.size()) {
        return fail(FaultCode::corrupt, "the answer was cut off");
    }
    answer.body = rest.substr(0, *wanted);
    return answer;
}

std::string percent_encoded(const std::string& text) {
    static constexpr std::string_view hex = "0123456789ABCDEF";
    static constexpr std::string_view plain = "-._~";
    std::string out;
    for (const char c : text) {
        const bool is_word =
            (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (is_word || plain.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += {'%', hex[byte >> 4U], hex[byte & 15U]};
    }
    return out;
}

}  // namespace lotgate::cli
