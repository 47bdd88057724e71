#pragma once

// A line that a script plays: it is there or not, brings bytes, takes bytes, drops.

#include "adapters/transport/byte_stream.hpp"
#include "tests/kit/virtual_time.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace lotgate::kit {

class ScriptedLine {
public:
    /// `on_written` is told of all that the device is sent.
    ScriptedLine(VirtualTime& time, std::function<void(const std::string&)> on_written);
    ~ScriptedLine();

    /// What the adapter opens its link with. Opening takes no time unless opening_takes().
    [[nodiscard]] adapters::OpenStream open();

    void plug_in();
    /// Open links end with Fault closed and `why`; opening fails until plug_in().
    void pull_out(std::string why);
    /// Open links end, the next opening works at once.
    void drop(std::string why);
    /// As if the device sent it.
    void receive(const std::string& bytes);
    /// Writes wait for ever, as against a full buffer.
    void block_writes(bool is_blocked);

    /// Opening waits this long, as for an address that does not answer.
    void opening_takes(std::chrono::milliseconds time) { opening_takes_ = time; }

    [[nodiscard]] bool is_open() const;

    [[nodiscard]] unsigned openings() const { return openings_; }

    class Stream;

private:
    struct State;

    boost::asio::awaitable<Result<std::unique_ptr<adapters::ByteStream>>> open_now();

    VirtualTime& time_;
    std::shared_ptr<State> state_;
    std::chrono::milliseconds opening_takes_{0};
    unsigned openings_ = 0;
};

}  // namespace lotgate::kit
