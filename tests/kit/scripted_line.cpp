#include "tests/kit/scripted_line.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace lotgate::kit {

struct ScriptedLine::State {
    bool is_plugged = false;
    bool is_blocked = false;
    std::string gone_because;
    std::function<void(const std::string&)> on_written;
    Stream* stream = nullptr;
};

class ScriptedLine::Stream final : public adapters::ByteStream {
public:
    Stream(VirtualTime& time,
           std::shared_ptr<State> state,
           const boost::asio::any_io_executor& loop)
        : time_(time), state_(std::move(state)), readable_(loop), writable_(loop) {
        state_->stream = this;
    }

    ~Stream() override {
        if (state_->stream == this) state_->stream = nullptr;
    }

    boost::asio::awaitable<Result<std::string>> read_some(
        std::size_t max, std::chrono::milliseconds within) override {
        if (arrived_.empty() && !gone_) {
            co_await time_.wait_on(readable_, within);
        }
        if (!arrived_.empty()) {
            const std::string bytes = arrived_.substr(0, max);
            arrived_.erase(0, bytes.size());
            co_return bytes;
        }
        if (gone_) co_return fail(FaultCode::closed, *gone_);
        co_return fail(FaultCode::timed_out, "nothing came");
    }

    boost::asio::awaitable<Result<>> write_all(std::string bytes,
                                               std::chrono::milliseconds within) override {
        if (state_->is_blocked && !gone_) {
            co_await time_.wait_on(writable_, within);
        }
        if (gone_) co_return fail(FaultCode::closed, *gone_);
        if (state_->is_blocked) co_return fail(FaultCode::timed_out, "the line takes nothing");
        state_->on_written(bytes);
        co_return Result<>{};
    }

    void close() override { end("closed here"); }

    [[nodiscard]] std::string describe() const override { return "script"; }

    void arrive(const std::string& bytes) {
        arrived_ += bytes;
        readable_.cancel();
    }

    void end(const std::string& why) {
        if (!gone_) gone_ = why;
        wake();
    }

    void wake() {
        readable_.cancel();
        writable_.cancel();
    }

private:
    VirtualTime& time_;
    std::shared_ptr<State> state_;
    boost::asio::steady_timer readable_;
    boost::asio::steady_timer writable_;
    std::string arrived_;
    std::optional<std::string> gone_;
};

ScriptedLine::ScriptedLine(VirtualTime& time, std::function<void(const std::string&)> on_written)
    : time_(time), state_(std::make_shared<State>()) {
    state_->on_written = std::move(on_written);
}

ScriptedLine::~ScriptedLine() = default;

adapters::OpenStream ScriptedLine::open() {
    return [this] { return open_now(); };
}

boost::asio::awaitable<Result<std::unique_ptr<adapters::ByteStream>>> ScriptedLine::open_now() {
    ++openings_;
    if (opening_takes_.count() > 0) {
        co_await time_.wait(opening_takes_);
    }
    if (!state_->is_plugged) co_return fail(FaultCode::unavailable, "no such line");
    std::unique_ptr<adapters::ByteStream> stream =
        std::make_unique<Stream>(time_, state_, co_await boost::asio::this_coro::executor);
    co_return Result<std::unique_ptr<adapters::ByteStream>>(std::move(stream));
}

void ScriptedLine::plug_in() {
    state_->is_plugged = true;
}

void ScriptedLine::pull_out(std::string why) {
    state_->is_plugged = false;
    drop(std::move(why));
}

void ScriptedLine::drop(std::string why) {
    if (state_->stream != nullptr) state_->stream->end(why);
}

void ScriptedLine::receive(const std::string& bytes) {
    if (state_->stream != nullptr) state_->stream->arrive(bytes);
}

void ScriptedLine::block_writes(bool is_blocked) {
    state_->is_blocked = is_blocked;
    if (!is_blocked && state_->stream != nullptr) state_->stream->wake();
}

bool ScriptedLine::is_open() const {
    return state_->stream != nullptr;
}

}  // namespace lotgate::kit
