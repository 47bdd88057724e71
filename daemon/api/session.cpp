#include "daemon/api/session.hpp"

#include "daemon/api/guard.hpp"
#include "daemon/api/to_json.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <array>
#include <string>
#include <utility>

namespace lotgate::api {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

/// Sent with everything. The page loads nothing from elsewhere and runs no inline script.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> guard_headers{{
    {"Content-Security-Policy",
     "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
     "object-src 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
}};

std::string text_of(beast::string_view view) {
    return {view.data(), view.size()};
}

Reply reply_of_read_error(const beast::error_code& error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
        return reply_of(Problem{431,
                                "header_too_long",
                                "Header too long",
                                "The header of the request is longer than 8 KiB.",
                                "Send fewer or shorter header lines."});
    }
    if (error == http::error::body_limit) {
        return reply_of(Problem{413,
                                "body_too_long",
                                "Body too long",
                                "The body of the request is longer than 64 KiB.",
                                "One code, or one decision, in each request."});
    }
    return reply_of(Problem{
        400, "not_http", "Not HTTP", "This is no HTTP/1.1 request.", "Use http:// and this port."});
}

class Session {
public:
    Session(std::shared_ptr<Core> core, Socket socket, bool is_local)
        : core_(std::move(core)), stream_(std::move(socket)), is_local_(is_local) {
        closer_ = ++core_->closer_next;
        core_->closers[closer_] = [this] { stream_.close(); };
    }

    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    ~Session() { core_->closers.erase(closer_); }

    asio::awaitable<void> run();

private:
    using Parser = http::request_parser<http::string_body>;

    asio::awaitable<bool> serve_one(bool is_first);
    asio::awaitable<void> serve_live();
    asio::awaitable<bool> write(Reply reply, const Parser::value_type& request);
    /// Says why, then lets the client finish sending: closing at once would reset the connection
    /// and take the answer away with it (RFC 9112, 9.6).
    asio::awaitable<void> refuse(Reply reply);
    [[nodiscard]] Request plain(const Parser::value_type& message) const;

    std::shared_ptr<Core> core_;
    beast::basic_stream<asio::generic::stream_protocol> stream_;
    beast::flat_buffer buffer_{16 * 1024};
    bool is_local_;
    std::uint64_t closer_ = 0;
};

asio::awaitable<void> Session::run() {
    bool goes_on = true;
    for (bool is_first = true; goes_on && !core_->is_stopping; is_first = false) {
        goes_on = co_await serve_one(is_first);
    }
    beast::error_code ignored;
    stream_.socket().shutdown(asio::socket_base::shutdown_both, ignored);
}

asio::awaitable<bool> Session::serve_one(bool is_first) {
    const Limits& limits = core_->config.limits;
    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
    parser.body_limit(is_local_ ? limits.local_body_bytes_max : limits.body_bytes_max);
    // One deadline for the whole request: a client that sends a byte a second gains nothing.
    stream_.expires_after(is_first ? limits.request_deadline : limits.idle_max);
    const auto [error, bytes] = co_await http::async_read(stream_, buffer_, parser, as_values);
    (void)bytes;
    if (error) {
        const bool is_clients_fault =
            error.category() == make_error_code(http::error::bad_method).category() &&
            error != http::error::end_of_stream && error != http::error::partial_message;
        if (is_clients_fault) {
            Reply refusal = reply_of_read_error(error);
            co_await refuse(std::move(refusal));
        }
        co_return false;
    }
    const Parser::value_type& message = parser.get();
    Request request = plain(message);
    Reply reply;
    if (const auto parsed = parse_target(request); !parsed) {
        reply = reply_of(parsed.error());
    } else if (const auto problem = refused_by_guard(request, core_->config.names)) {
        reply = reply_of(*problem);
    } else {
        reply = co_await core_->routes.answer(request);
    }
    if (reply.is_live) {
        co_await serve_live();
        co_return false;
    }
    co_return co_await write(std::move(reply), message);
}

Request Session::plain(const Parser::value_type& message) const {
    Request request;
    request.method = text_of(message.method_string());
    request.target = text_of(message.target());
    request.host = text_of(message[http::field::host]);
    request.origin = text_of(message[http::field::origin]);
    request.fetch_site = text_of(message["Sec-Fetch-Site"]);
    request.content_type = text_of(message[http::field::content_type]);
    request.if_none_match = text_of(message[http::field::if_none_match]);
    request.body = message.body();
    request.is_local_socket = is_local_;
    return request;
}

http::response<http::string_body> response_of(Reply reply, bool is_head) {
    http::response<http::string_body> response;
    response.result(static_cast<unsigned>(reply.status));
    response.version(11);
    for (const auto& [name, value] : guard_headers) {
        response.set(beast::string_view(name.data(), name.size()),
                     beast::string_view(value.data(), value.size()));
    }
    response.set(http::field::cache_control, "no-store");
    for (const auto& [name, value] : reply.headers) response.set(name, value);
    response.set(http::field::content_type, reply.content_type);
    std::string body =
        reply.constant_body.empty() ? std::move(reply.body) : std::string(reply.constant_body);
    if (is_head) {
        response.content_length(body.size());
    } else {
        response.body() = std::move(body);
        response.prepare_payload();
    }
    return response;
}

asio::awaitable<bool> Session::write(Reply reply, const Parser::value_type& request) {
    auto response = response_of(std::move(reply), request.method() == http::verb::head);
    const bool goes_on = request.keep_alive() && !core_->is_stopping;
    response.keep_alive(goes_on);
    stream_.expires_after(core_->config.limits.write_deadline);
    const auto [error, bytes] = co_await http::async_write(stream_, response, as_values);
    (void)bytes;
    co_return !error && goes_on;
}

asio::awaitable<void> Session::refuse(Reply reply) {
    auto response = response_of(std::move(reply), false);
    response.keep_alive(false);
    stream_.expires_after(core_->config.limits.write_deadline);
    const auto [error, bytes] = co_await http::async_write(stream_, response, as_values);
    (void)bytes;
    beast::error_code ignored;
    stream_.socket().shutdown(asio::socket_base::shutdown_send, ignored);
    stream_.expires_after(std::chrono::seconds(1));
    std::array<char, 4096> rest{};
    std::size_t left = 1024 * 1024;
    while (!error && left > 0) {
        const auto [read_error, count] =
            co_await stream_.async_read_some(asio::buffer(rest), as_values);
        if (read_error) break;
        left -= std::min(left, count);
    }
}

asio::awaitable<void> Session::serve_live() {
    const auto client = core_->live.join();
    if (client == nullptr) {
        Reply refusal = reply_of(Problem{503,
                                         "live_full",
                                         "Too many screens",
                                         "No more live streams are served.",
                                         "Close a page that nobody looks at."});
        co_await refuse(std::move(refusal));
        co_return;
    }
    std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
    for (const auto& [name, value] : guard_headers) {
        head += std::string(name) + ": " + std::string(value) + "\r\n";
    }
    head += "Cache-Control: no-store\r\nConnection: close\r\n\r\nretry: 1000\n\n";
    std::optional<std::string> text = head + Live::event_text("beat", beat_json(core_->site)) +
                                      Live::event_text("devices", to_json(core_->site.devices())) +
                                      Live::event_text("stations", to_json(core_->site.stations()));
    while (text) {
        stream_.expires_after(core_->config.limits.write_deadline);
        const auto [error, bytes] =
            co_await asio::async_write(stream_, asio::buffer(*text), as_values);
        (void)bytes;
        if (error) break;
        text = co_await client->next();
    }
}

}  // namespace

asio::awaitable<void> serve(std::shared_ptr<Core> core, Socket socket, bool is_local) {
    Session session(std::move(core), std::move(socket), is_local);
    co_await session.run();
}

}  // namespace lotgate::api
