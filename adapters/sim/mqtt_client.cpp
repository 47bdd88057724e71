#include "adapters/sim/mqtt_client.hpp"

#include "adapters/sim/big_endian.hpp"

#include <algorithm>

namespace lotgate::sim {

namespace {

constexpr Duration dial_again_after = std::chrono::milliseconds(200);
constexpr Duration ping_every = std::chrono::seconds(10);
constexpr std::uint16_t keepalive_seconds = 30;
constexpr unsigned packet_ids = 65535;

// 2.2.1, control packet types, with the flags that 2.2.2 prescribes.
constexpr unsigned connect_packet = 0x10;
constexpr unsigned connack_packet = 0x20;
constexpr unsigned publish_packet = 0x30;
constexpr unsigned puback_packet = 0x40;
constexpr unsigned subscribe_packet = 0x82;
constexpr unsigned suback_packet = 0x90;
constexpr unsigned pingreq_packet = 0xc0;
constexpr unsigned disconnect_packet = 0xe0;
constexpr unsigned dup_flag = 0x08;
constexpr unsigned qos1_flag = 0x02;
constexpr unsigned qos_mask = 0x06;

void put_text(std::string& out, std::string_view text) {
    put_word(out, text.size());
    out.append(text);
}

// 2.2.3: seven bits a byte, the lowest first.
std::string packet(unsigned header, std::string_view body) {
    std::string out(1, static_cast<char>(header));
    std::size_t rest = body.size();
    do {
        const std::size_t low = rest % 128;
        rest /= 128;
        out.push_back(static_cast<char>(low | (rest > 0 ? 0x80U : 0U)));
    } while (rest > 0);
    out.append(body);
    return out;
}

}  // namespace

MqttClient::MqttClient(Loop& loop, MqttEnd end, OnMessage on_message)
    : loop_(loop), end_(std::move(end)), on_message_(std::move(on_message)), timer_(loop) {}

void MqttClient::start() {
    if (is_started_) return;
    is_started_ = true;
    dial();
}

void MqttClient::stop() {
    is_started_ = false;
    is_up_ = false;
    timer_.cancel();
    dial_.reset();
    if (!stream_) return;
    stream_->write(packet(disconnect_packet, ""));
    stream_->close();
    stream_.reset();
}

void MqttClient::dial() {
    dial_ = std::make_unique<Dial>(loop_, end_.host, end_.port, [this](StreamPtr stream) {
        dial_.reset();
        if (stream) {
            connected(std::move(stream));
        } else {
            lost();
        }
    });
}

void MqttClient::lost() {
    is_up_ = false;
    stream_.reset();
    received_.clear();
    if (is_started_) timer_.start(dial_again_after, [this] { dial(); });
}

void MqttClient::connected(StreamPtr stream) {
    stream_ = std::move(stream);
    stream_->start([this](std::string_view bytes) { heard(bytes); }, [this] { lost(); });
    // 3.1: protocol name and level, flags (clean session), keep alive, client id.
    std::string body;
    put_text(body, "MQTT");
    body += {4, 2};
    put_word(body, keepalive_seconds);
    put_text(body, end_.client_id);
    stream_->write(packet(connect_packet, body));
}

void MqttClient::heard(std::string_view bytes) {
    received_.append(bytes);
    while (take_packet()) {
    }
}

bool MqttClient::take_packet() {
    std::size_t length = 0;
    std::size_t at = 1;
    for (unsigned shift = 0;; shift += 7, ++at) {
        if (at >= received_.size()) return false;
        const auto byte = static_cast<unsigned char>(received_[at]);
        length |= std::size_t{byte & 0x7fU} << shift;
        if ((byte & 0x80U) == 0) break;
        if (shift >= 21) {
            stream_->close();
            lost();
            return false;
        }
    }
    ++at;
    if (received_.size() < at + length) return false;
    const std::string whole = received_.substr(0, at + length);
    received_.erase(0, at + length);
    act_on(static_cast<unsigned char>(whole[0]), std::string_view(whole).substr(at));
    return stream_ != nullptr;
}

void MqttClient::act_on(unsigned header, std::string_view body) {
    const unsigned type = header & 0xf0U;
    if (type == connack_packet) {
        if (body.size() == 2 && body[1] == 0) {
            ++connects_;
            subscribe();
        } else {
            stream_->close();
            lost();
        }
    } else if (type == suback_packet) {
        is_up_ = true;
        resend();
        ping();
    } else if (type == puback_packet && body.size() >= 2) {
        acknowledged_ += unacknowledged_.erase(word_at(body, 0));
    } else if (type == publish_packet) {
        received(header, body);
    }
}

void MqttClient::received(unsigned header, std::string_view body) {
    if (body.size() < 2) return;
    const std::size_t topic_size = word_at(body, 0);
    const bool has_id = (header & qos_mask) != 0;
    const std::size_t payload_at = 2 + topic_size + (has_id ? 2 : 0);
    if (body.size() < payload_at) return;
    if (has_id) {
        std::string id;
        put_word(id, word_at(body, 2 + topic_size));
        stream_->write(packet(puback_packet, id));
    }
    on_message_(body.substr(2, topic_size), body.substr(payload_at));
}

void MqttClient::subscribe() {
    std::string body;
    put_word(body, 1);
    for (const std::string& topic : end_.topics) {
        put_text(body, topic);
        body.push_back(1);
    }
    stream_->write(packet(subscribe_packet, body));
}

void MqttClient::resend() {
    for (auto& [id, bytes] : unacknowledged_) {
        bytes[0] = static_cast<char>(static_cast<unsigned char>(bytes[0]) | dup_flag);
        stream_->write(bytes);
        ++resent_;
    }
}

void MqttClient::ping() {
    timer_.start(ping_every, [this] {
        if (stream_) stream_->write(packet(pingreq_packet, ""));
        ping();
    });
}

bool MqttClient::publish(const std::string& topic, const std::string& payload) {
    if (!is_up_ || unacknowledged_.size() >= packet_ids) return false;
    // Identifier 1 is the subscription's; 0 is not allowed (2.3.1).
    do {
        packet_id_ = packet_id_ == packet_ids ? std::uint16_t{2}
                                              : static_cast<std::uint16_t>(packet_id_ + 1);
    } while (packet_id_ < 2 || unacknowledged_.contains(packet_id_));
    std::string body;
    put_text(body, topic);
    put_word(body, packet_id_);
    body += payload;
    const std::string bytes = packet(publish_packet | qos1_flag, body);
    unacknowledged_[packet_id_] = bytes;
    stream_->write(bytes);
    ++published_;
    return true;
}

}  // namespace lotgate::sim
