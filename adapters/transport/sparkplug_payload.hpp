#pragma once

// Payloads of Sparkplug B 3.0: the few fields that an edge node needs of its protocol buffers,
// written out (docs/decisions/0040). No I/O.
//
//   Payload: 1 timestamp (ms)  2 metrics  3 seq
//   Metric:  1 name  2 alias  3 timestamp  4 datatype  5 is_historical  7 is_null
//            10 int  11 long  13 double  14 boolean  15 string

#include "store/model/result.hpp"
#include "store/model/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lotgate::adapters {

enum class SparkplugType : std::uint32_t {
    int64 = 4,
    uint64 = 8,
    real = 10,  ///< Double
    boolean = 11,
    text = 12,    ///< String
    moment = 13,  ///< DateTime: milliseconds since 1970
};

struct SparkplugMetric {
    using Value = std::variant<std::monostate, bool, std::uint64_t, double, std::string>;

    SparkplugMetric() = default;

    SparkplugMetric(std::string name_, SparkplugType type_, Value value_)
        : name(std::move(name_)), type(type_), value(std::move(value_)) {}

    std::string name;  ///< empty: known by its alias
    std::optional<std::uint64_t> alias;
    std::optional<Instant> at;
    SparkplugType type = SparkplugType::text;
    Value value;  ///< monostate: null
    bool is_historical = false;
};

struct SparkplugPayload {
    std::optional<Instant> at;
    std::optional<std::uint8_t> seq;
    std::vector<SparkplugMetric> metrics;
};

[[nodiscard]] std::string encode(const SparkplugPayload& payload);

/// Unknown fields are passed over. Fault corrupt where it is no protocol buffer, full where it has
/// more than 64 KiB or 100 metrics.
[[nodiscard]] Result<SparkplugPayload> decode_sparkplug(std::string_view bytes);

}  // namespace lotgate::adapters
