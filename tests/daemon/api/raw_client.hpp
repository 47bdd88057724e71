#pragma once

// A client that sends exactly the bytes a test wants, and reads with a deadline.

#include <cstdint>
#include <map>
#include <string>

namespace lotgate::test {

struct RawReply {
    int status = 0;                              ///< 0: the server closed without an answer
    std::map<std::string, std::string> headers;  ///< names in lower case
    std::string body;
};

class RawClient {
public:
    explicit RawClient(std::uint16_t port);
    explicit RawClient(const std::string& socket_path);
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    ~RawClient();

    /// False once the other side has closed.
    bool send(const std::string& bytes) const;
    /// The next reply of the connection; for replies with Content-Length.
    [[nodiscard]] RawReply reply(bool has_body = true);
    /// Reads until `text` has come; what was read so far, or without it at the end of the stream.
    [[nodiscard]] std::string read_until(const std::string& text);

    /// Drops what was read, so that read_until() waits for something new.
    void forget() { buffer_.clear(); }

    /// True once the other side has closed; waits for it.
    [[nodiscard]] bool sees_the_end();

private:
    bool fill();

    int fd_;
    std::string buffer_;
};

/// GET with the Host a browser on this machine sends.
[[nodiscard]] std::string get(const std::string& target, const std::string& more_headers = "");
[[nodiscard]] std::string post(const std::string& target,
                               const std::string& body,
                               const std::string& more_headers = "");

}  // namespace lotgate::test
