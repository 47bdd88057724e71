#pragma once

// A ByteStream over whatever Asio reads and writes asynchronously. Private to the files that open
// links.

#include "adapters/transport/byte_stream.hpp"
#include "adapters/transport/with_deadline.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/error_code.hpp>

#include <string>
#include <utility>

namespace lotgate::adapters::detail {

/// What an error on an open link means to a person; `cable` ends the sentence for a lost link.
[[nodiscard]] Fault link_fault(const boost::system::error_code& error,
                               const std::string& name,
                               const std::string& cable);

template <class Link>
class StreamOf final : public ByteStream {
public:
    StreamOf(Link link, std::string name, std::string cable)
        : link_(std::move(link)), name_(std::move(name)), cable_(std::move(cable)) {}

    boost::asio::awaitable<Result<std::string>> read_some(
        std::size_t max, std::chrono::milliseconds within) override {
        buffer_.resize(max);
        arrived_ = 0;
        Result<> read;
        if (within == no_limit) {
            read = co_await read_now();
        } else {
            read = co_await with_deadline<void>(read_now(), within, name_);
        }
        // Bytes that came together with the deadline are not lost.
        if (arrived_ > 0) co_return buffer_.substr(0, arrived_);
        if (!read) co_return fail(std::move(read).error());
        co_return fail(FaultCode::closed, name_ + ": the other side ended the connection");
    }

    boost::asio::awaitable<Result<>> write_all(std::string bytes,
                                               std::chrono::milliseconds within) override {
        // What fits into the kernel's buffer leaves at once, without a timer.
        boost::system::error_code error;
        const std::size_t sent = link_.is_open() ? write_at_once(bytes, error) : 0;
        if (sent == bytes.size()) co_return Result<>{};
        bytes.erase(0, sent);
        co_return co_await with_deadline<void>(write_rest(std::move(bytes)), within, name_);
    }

    void close() override {
        boost::system::error_code ignored;
        link_.close(ignored);
    }

    [[nodiscard]] std::string describe() const override { return name_; }

private:
    boost::asio::awaitable<Result<>> read_now() {
        const auto [error, count] = co_await link_.async_read_some(
            boost::asio::buffer(buffer_), boost::asio::as_tuple(boost::asio::use_awaitable));
        arrived_ = count;
        if (error && count == 0) co_return fail(link_fault(error, name_, cable_));
        co_return Result<>{};
    }

    std::size_t write_at_once(const std::string& bytes, boost::system::error_code& error) {
        link_.native_non_blocking(true, error);
        if (error) return 0;
        return link_.write_some(boost::asio::buffer(bytes), error);
    }

    boost::asio::awaitable<Result<>> write_rest(std::string bytes) {
        const auto [error, count] = co_await boost::asio::async_write(
            link_, boost::asio::buffer(bytes), boost::asio::as_tuple(boost::asio::use_awaitable));
        if (error) co_return fail(link_fault(error, name_, cable_));
        co_return Result<>{};
    }

    Link link_;
    const std::string name_;
    const std::string cable_;
    std::string buffer_;
    std::size_t arrived_ = 0;
};

}  // namespace lotgate::adapters::detail
