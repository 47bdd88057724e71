#include "adapters/sim/modbus_server.hpp"

#include "adapters/sim/big_endian.hpp"

#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace lotgate::sim {

namespace {

// Modbus Messaging on TCP/IP V1.0b, 3.1.3: transaction, protocol, length, unit.
constexpr std::size_t header_bytes = 7;
constexpr std::size_t length_at = 4;
constexpr std::size_t unit_at = 6;
constexpr std::size_t length_max = 254;

}  // namespace

ModbusServer::ModbusServer(Loop& loop, RegisterBank& bank, std::uint8_t unit)
    : loop_(loop), bank_(bank), unit_(unit) {}

Result<> ModbusServer::open(std::uint16_t port) {
    if (listener_) return {};
    LG_TRY(listener_, Listener::tcp(loop_, port));
    port_ = listener_->port();
    listener_->start([this](StreamPtr stream) { accepted(std::move(stream)); });
    return {};
}

void ModbusServer::close() {
    if (listener_) listener_->close();
    listener_.reset();
    drop_clients();
}

void ModbusServer::drop_clients() {
    const std::vector<ClientPtr> clients = std::move(clients_);
    clients_.clear();
    for (const ClientPtr& client : clients) client->stream->reset();
    if (listener_) listener_->hold_accepting(false);
}

void ModbusServer::set_single_client(bool on) {
    is_single_client_ = on;
    if (listener_) listener_->hold_accepting(on && !clients_.empty());
}

void ModbusServer::accepted(StreamPtr stream) {
    ++connects_;
    const auto client = std::make_shared<Client>();
    client->stream = stream;
    clients_.push_back(client);
    if (is_single_client_) listener_->hold_accepting(true);
    const std::weak_ptr<Client> weak = client;
    stream->start(
        [this, weak](std::string_view bytes) {
            if (const ClientPtr known = weak.lock()) heard(known, bytes);
        },
        [this, weak] { gone(weak.lock()); });
}

void ModbusServer::gone(const ClientPtr& client) {
    std::erase(clients_, client);
    if (listener_) listener_->hold_accepting(false);
}

void ModbusServer::heard(const ClientPtr& client, std::string_view bytes) {
    bytes_in_ += bytes.size();
    client->received.append(bytes);
    std::string& received = client->received;
    while (client->stream->is_open() && received.size() >= header_bytes) {
        const std::size_t length = word_at(received, length_at);
        if (word_at(received, 2) != 0 || length < 2 || length > length_max) {
            // Not Modbus, or out of step: a stream that lost its frames cannot find them again.
            ++malformed_;
            client->stream->reset();
            gone(client);
            return;
        }
        const std::size_t size = length_at + 2 + length;
        if (received.size() < size) return;
        const std::string frame = received.substr(0, size);
        received.erase(0, size);
        serve(client, frame);
    }
}

void ModbusServer::serve(const ClientPtr& client, const std::string& frame) {
    const std::string_view pdu = std::string_view(frame).substr(header_bytes);
    const unsigned function = byte_at(pdu, 0);
    ++requests_[function];
    const unsigned unit = byte_at(frame, unit_at);
    // 0 and 255 mean "whoever is directly at this address"; another unit's gateway is silent.
    if (unit != unit_ && unit != 0 && unit != 255) {
        ++other_units_;
        return;
    }
    std::string answer;
    if (const auto code = applies("exception")) {
        answer = {static_cast<char>(function | 0x80U), static_cast<char>(*code)};
    } else if (applies("busy")) {
        answer = {static_cast<char>(function | 0x80U), 6};
    } else {
        answer = answer_to(pdu);
    }
    if ((byte_at(answer, 0) & 0x80U) != 0) ++exceptions_;

    std::string out = frame.substr(0, length_at);
    put_word(out, answer.size() + 1);
    out.push_back(frame[unit_at]);
    out += answer;
    const bool is_write = function == 5 || function == 6 || function == 15 || function == 16;
    spoil(out, is_write);
    send(client, out);
}

// What is wrong inside the answer; what is wrong with its sending is in send().
void ModbusServer::spoil(std::string& answer, bool is_write) {
    if (applies("wrong_unit")) answer[unit_at] = static_cast<char>(answer[unit_at] + 1);
    if (applies("wrong_transaction")) answer[1] = static_cast<char>(answer[1] + 1);
    if (applies("wrong_protocol")) answer[3] = 7;
    if (is_write) {
        if (applies("wrong_echo")) answer.back() = static_cast<char>(answer.back() ^ 1);
    }
    if (const auto extra = applies("extra_bytes"))
        answer.append(static_cast<std::size_t>(*extra), '\x55');
}

void ModbusServer::send(const ClientPtr& client, const std::string& answer) {
    if (applies("silent")) return;
    if (const auto kept = applies("reset_mid_answer")) {
        // The bytes before the reset must have left: a RST throws away what the kernel still has.
        client->stream->write(std::string_view(answer).substr(0, static_cast<std::size_t>(*kept)));
        loop_.after(std::chrono::milliseconds(2), [this, client] {
            client->stream->reset();
            gone(client);
        });
        return;
    }
    if (const auto late = applies("late")) {
        loop_.after(std::chrono::milliseconds(*late),
                    [this, client, answer] { send_now(client, answer); });
        return;
    }
    send_now(client, answer);
}

void ModbusServer::send_now(const ClientPtr& client, const std::string& answer) {
    bytes_out_ += answer.size();
    if (const auto gap = applies("dribble")) {
        dribble(client, answer, std::chrono::milliseconds(*gap));
        return;
    }
    client->stream->write(answer);
}

void ModbusServer::dribble(const ClientPtr& client, std::string rest, Duration gap) {
    if (rest.empty() || !client->stream->is_open()) return;
    client->stream->write(std::string_view(rest).substr(0, 1));
    rest.erase(0, 1);
    loop_.after(gap, [this, client, rest = std::move(rest), gap] { dribble(client, rest, gap); });
}

const std::vector<std::string_view>& ModbusServer::quirk_names() {
    static const std::vector<std::string_view> names = {"late",
                                                        "silent",
                                                        "dribble",
                                                        "wrong_unit",
                                                        "wrong_echo",
                                                        "wrong_transaction",
                                                        "wrong_protocol",
                                                        "extra_bytes",
                                                        "busy",
                                                        "exception",
                                                        "reset_mid_answer"};
    return names;
}

void ModbusServer::set_quirk(const std::string& name, Quirk quirk) {
    quirk.applied = quirks_[name].applied;
    quirks_[name] = quirk;
}

std::optional<std::int64_t> ModbusServer::applies(const std::string& name) {
    const auto found = quirks_.find(name);
    if (found == quirks_.end() || !found->second.is_on) return std::nullopt;
    Quirk& quirk = found->second;
    if (quirk.left) {
        if (*quirk.left == 0) return std::nullopt;
        --*quirk.left;
    }
    ++quirk.applied;
    return quirk.value;
}

void ModbusServer::add_to(json::object& report) const {
    report["port"] = port_;
    report["connected"] = clients_.size();
    report["connects"] = connects_;
    json::object requests;
    for (const auto& [function, count] : requests_) requests[fmt::format("fc{}", function)] = count;
    report["requests"] = std::move(requests);
    report["exceptions"] = exceptions_;
    report["requests_for_other_units"] = other_units_;
    report["requests_malformed"] = malformed_;
    report["bytes_in"] = bytes_in_;
    report["bytes_out"] = bytes_out_;
    json::object quirks;
    for (const auto& [name, quirk] : quirks_)
        if (quirk.applied > 0) quirks[name] = quirk.applied;
    report["quirks_applied"] = std::move(quirks);
}

}  // namespace lotgate::sim
