#pragma once

// The server's end of Modbus/TCP, written from the protocol's specification ("MODBUS Application
// Protocol V1.1b3" and "Modbus Messaging on TCP/IP V1.0b") and sharing nothing with the library
// the daemon speaks through. Function codes 1 to 6, 15, 16 and 23.
//
// Its answers can be spoiled in every way a bad device spoils them: see Quirk.

#include "adapters/sim/device.hpp"
#include "adapters/sim/loop.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lotgate::sim {

/// A run of addresses in a request.
struct Run {
    std::uint16_t first = 0;
    std::uint16_t count = 0;
};

/// What the server serves. False or nothing: no such address (exception 2).
class RegisterBank {
public:
    RegisterBank() = default;
    RegisterBank(const RegisterBank&) = delete;
    RegisterBank& operator=(const RegisterBank&) = delete;
    virtual ~RegisterBank() = default;
    virtual std::optional<std::vector<std::uint16_t>> read_words(Run run, bool is_input) = 0;
    virtual bool write_words(std::uint16_t first, const std::vector<std::uint16_t>& words) = 0;
    virtual std::optional<std::vector<bool>> read_bits(Run run, bool is_input) = 0;
    virtual bool write_bits(std::uint16_t first, const std::vector<bool>& bits) = 0;
};

/// One way to be nasty. `value` is the quirk's own measure (ms, bytes, a code); `left` how many
/// answers it still spoils, nothing meaning all until it is switched off.
struct Quirk {
    std::int64_t value = 0;
    std::optional<std::uint64_t> left;
    std::uint64_t applied = 0;
    bool is_on = false;
};

class ModbusServer {
public:
    ModbusServer(Loop& loop, RegisterBank& bank, std::uint8_t unit);

    Result<> open(std::uint16_t port);
    void close();
    /// RST to every client; goes on listening.
    void drop_clients();

    /// The names in the order they are documented.
    static const std::vector<std::string_view>& quirk_names();
    void set_quirk(const std::string& name, Quirk quirk);
    void set_single_client(bool on);

    [[nodiscard]] std::uint16_t port() const { return port_; }

    void add_to(json::object& report) const;

private:
    struct Client {
        StreamPtr stream;
        std::string received;
    };

    using ClientPtr = std::shared_ptr<Client>;

    void accepted(StreamPtr stream);
    void gone(const ClientPtr& client);
    void heard(const ClientPtr& client, std::string_view bytes);
    void serve(const ClientPtr& client, const std::string& frame);
    [[nodiscard]] std::string answer_to(std::string_view pdu);
    [[nodiscard]] std::string read_bits(std::string_view pdu);
    [[nodiscard]] std::string read_words(std::string_view pdu);
    [[nodiscard]] std::string write_one(std::string_view pdu);
    [[nodiscard]] std::string write_bits(std::string_view pdu);
    [[nodiscard]] std::string write_words(std::string_view pdu);
    [[nodiscard]] std::string write_and_read(std::string_view pdu);

    [[nodiscard]] std::optional<std::int64_t> applies(const std::string& name);
    void spoil(std::string& answer, bool is_write);
    void send(const ClientPtr& client, const std::string& answer);
    void send_now(const ClientPtr& client, const std::string& answer);
    void dribble(const ClientPtr& client, std::string rest, Duration gap);

    Loop& loop_;
    RegisterBank& bank_;
    const std::uint8_t unit_;
    std::uint16_t port_ = 0;
    ListenerPtr listener_;
    std::vector<ClientPtr> clients_;
    bool is_single_client_ = false;
    std::map<std::string, Quirk> quirks_;
    std::map<unsigned, std::uint64_t> requests_;
    std::uint64_t connects_ = 0;
    std::uint64_t exceptions_ = 0;
    std::uint64_t other_units_ = 0;
    std::uint64_t malformed_ = 0;
    std::uint64_t bytes_in_ = 0;
    std::uint64_t bytes_out_ = 0;
};

}  // namespace lotgate::sim
