#include "adapters/transport/sparkplug_payload.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace lotgate::adapters {

namespace {

constexpr std::size_t payload_bytes_max = 64UL * 1024;
constexpr std::size_t metrics_max = 100;

// Wire types of protocol buffers.
constexpr std::uint32_t varint = 0;
constexpr std::uint32_t fixed64 = 1;
constexpr std::uint32_t counted = 2;
constexpr std::uint32_t fixed32 = 5;

// ---- writing

void put_varint(std::string& out, std::uint64_t value) {
    while (value >= 0x80U) {
        out.push_back(static_cast<char>((value & 0x7FU) | 0x80U));
        value >>= 7U;
    }
    out.push_back(static_cast<char>(value));
}

void put_number(std::string& out, std::uint32_t field, std::uint64_t value) {
    put_varint(out, field << 3U | varint);
    put_varint(out, value);
}

void put_text(std::string& out, std::uint32_t field, std::string_view text) {
    put_varint(out, field << 3U | counted);
    put_varint(out, text.size());
    out += text;
}

void put_double(std::string& out, std::uint32_t field, double value) {
    put_varint(out, field << 3U | fixed64);
    auto bits = std::bit_cast<std::uint64_t>(value);
    for (int byte = 0; byte < 8; ++byte, bits >>= 8U)
        out.push_back(static_cast<char>(bits & 0xFFU));
}

std::uint64_t milliseconds_of(Instant at) {
    return at.us < 0 ? 0 : static_cast<std::uint64_t>(at.us / 1000);
}

std::string encoded(const SparkplugMetric& metric) {
    std::string out;
    if (!metric.name.empty()) put_text(out, 1, metric.name);
    if (metric.alias) put_number(out, 2, *metric.alias);
    if (metric.at) put_number(out, 3, milliseconds_of(*metric.at));
    put_number(out, 4, static_cast<std::uint32_t>(metric.type));
    if (metric.is_historical) put_number(out, 5, 1);
    if (std::holds_alternative<std::monostate>(metric.value)) put_number(out, 7, 1);
    if (const auto* number = std::get_if<std::uint64_t>(&metric.value))
        put_number(out, 11, *number);
    if (const auto* real = std::get_if<double>(&metric.value)) put_double(out, 13, *real);
    if (const auto* flag = std::get_if<bool>(&metric.value)) put_number(out, 14, *flag ? 1 : 0);
    if (const auto* text = std::get_if<std::string>(&metric.value)) put_text(out, 15, *text);
    return out;
}

// ---- reading

struct Field {
    std::uint64_t number = 0;
    std::uint64_t type = varint;
    std::uint64_t value = 0;  ///< of a varint or a fixed one
    std::string_view bytes;   ///< of a counted one
};

class Reader {
public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}

    [[nodiscard]] bool is_over() const { return rest_.empty(); }

    /// Nothing where the bytes are no field.
    std::optional<Field> next() {
        const auto tag = take_varint();
        if (!tag) return std::nullopt;
        Field field;
        field.number = *tag >> 3U;
        field.type = *tag & 7U;
        switch (field.type) {
            case varint:
                return with_value(field, take_varint());
            case fixed64:
                return with_value(field, take_fixed(8));
            case fixed32:
                return with_value(field, take_fixed(4));
            case counted:
                break;
            default:
                return std::nullopt;
        }
        const auto size = take_varint();
        if (!size || *size > rest_.size()) return std::nullopt;
        field.bytes = rest_.substr(0, *size);
        rest_.remove_prefix(*size);
        return field;
    }

private:
    static std::optional<Field> with_value(Field field, std::optional<std::uint64_t> value) {
        if (!value) return std::nullopt;
        field.value = *value;
        return field;
    }

    std::optional<std::uint64_t> take_varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(rest_.front());
            rest_.remove_prefix(1);
            value |= std::uint64_t{byte & 0x7FU} << shift;
            if ((byte & 0x80U) == 0) return value;
        }
        return std::nullopt;
    }

    std::optional<std::uint64_t> take_fixed(std::size_t size) {
        if (rest_.size() < size) return std::nullopt;
        std::uint64_t value = 0;
        for (std::size_t at = size; at > 0; --at)
            value = value << 8U | static_cast<unsigned char>(rest_[at - 1]);
        rest_.remove_prefix(size);
        return value;
    }

    std::string_view rest_;
};

Instant instant_of(std::uint64_t milliseconds) {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return Instant{static_cast<std::int64_t>(std::min(milliseconds, most / 1000) * 1000)};
}

void take(SparkplugMetric& metric, const Field& field) {
    switch (field.number) {
        case 1:
            metric.name = field.bytes;
            break;
        case 2:
            metric.alias = field.value;
            break;
        case 3:
            metric.at = instant_of(field.value);
            break;
        case 4:
            metric.type = static_cast<SparkplugType>(static_cast<std::uint32_t>(field.value));
            break;
        case 5:
            metric.is_historical = field.value != 0;
            break;
        case 10:
        case 11:
            metric.value = field.value;
            break;
        case 13:
            metric.value = std::bit_cast<double>(field.value);
            break;
        case 14:
            metric.value = field.value != 0;
            break;
        case 15:
            metric.value = std::string(field.bytes);
            break;
        default:
            break;
    }
}

Fault no_protocol_buffer() {
    return {FaultCode::corrupt, "the payload is no Sparkplug B protocol buffer"};
}

Result<SparkplugMetric> metric_in(std::string_view bytes) {
    SparkplugMetric metric;
    Reader reader(bytes);
    while (!reader.is_over()) {
        const auto field = reader.next();
        if (!field) return fail(no_protocol_buffer());
        take(metric, *field);
    }
    return metric;
}

}  // namespace

std::string encode(const SparkplugPayload& payload) {
    std::string out;
    if (payload.at) put_number(out, 1, milliseconds_of(*payload.at));
    for (const SparkplugMetric& metric : payload.metrics) put_text(out, 2, encoded(metric));
    if (payload.seq) put_number(out, 3, *payload.seq);
    return out;
}

Result<SparkplugPayload> decode_sparkplug(std::string_view bytes) {
    if (bytes.size() > payload_bytes_max)
        return fail(FaultCode::full, "the payload has more than 64 KiB");
    SparkplugPayload payload;
    Reader reader(bytes);
    while (!reader.is_over()) {
        const auto field = reader.next();
        if (!field) return fail(no_protocol_buffer());
        if (field->number == 1) payload.at = instant_of(field->value);
        if (field->number == 3) payload.seq = static_cast<std::uint8_t>(field->value);
        if (field->number != 2 || field->type != counted) continue;
        if (payload.metrics.size() == metrics_max)
            return fail(FaultCode::full, "the payload has more than 100 metrics");
        LG_TRY(auto metric, metric_in(field->bytes));
        payload.metrics.push_back(std::move(metric));
    }
    return payload;
}

}  // namespace lotgate::adapters
