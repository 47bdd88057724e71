#include "adapters/transport/flight_recorder.hpp"

#include "store/model/assert.hpp"

#include <algorithm>
#include <utility>

namespace lotgate::adapters {

namespace {

constexpr std::size_t record_cost = 64;  // of keeping one, besides its bytes

}  // namespace

std::string_view name_of(WireWay way) {
    switch (way) {
        case WireWay::in:
            return "<-";
        case WireWay::out:
            return "->";
        case WireWay::event:
            return "--";
    }
    LG_ASSERT(false);
}

std::string escaped(std::string_view bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size());
    for (const char letter : bytes) {
        const auto byte = static_cast<unsigned char>(letter);
        if (letter == '\\') {
            text += "\\\\";
        } else if (byte >= 0x20 && byte < 0x7F) {
            text.push_back(letter);
        } else if (letter == '\r') {
            text += "\\r";
        } else if (letter == '\n') {
            text += "\\n";
        } else {
            text += "\\x";
            text.push_back(digits[byte >> 4U]);
            text.push_back(digits[byte & 0x0FU]);
        }
    }
    return text;
}

FlightRecorder::FlightRecorder(std::size_t bytes_max) : bytes_max_(bytes_max) {}

void FlightRecorder::note(Instant at, WireWay way, std::string_view bytes) {
    const std::string_view kept = bytes.substr(0, bytes_max_ / 2);
    records_.emplace_back(at, way, std::string(kept));
    bytes_ += kept.size() + record_cost;
    if (is_traced(at)) {
        ++trace_.lines;
        trace_.line(line_of(records_.back()));
    }
    while (bytes_ > bytes_max_ && records_.size() > 1) {
        bytes_ -= records_.front().bytes.size() + record_cost;
        records_.pop_front();
    }
}

std::string line_of(const WireRecord& record) {
    return std::string(name_of(record.way)) + ' ' + escaped(record.bytes);
}

void FlightRecorder::trace(Instant until, std::function<void(const std::string&)> line) const {
    trace_.until = until;
    trace_.line = std::move(line);
    trace_.lines = 0;
}

bool FlightRecorder::is_traced(Instant at) const {
    return trace_.line && at.us < trace_.until.us && trace_.lines < trace_lines_max;
}

std::vector<WireRecord> FlightRecorder::records(std::size_t count) const {
    const auto kept = static_cast<std::ptrdiff_t>(std::min(count, records_.size()));
    return {records_.end() - kept, records_.end()};
}

std::string FlightRecorder::text() const {
    std::string text;
    for (const WireRecord& record : records_) {
        text += to_string(record.at) + ' ' + line_of(record) + '\n';
    }
    return text;
}

}  // namespace lotgate::adapters
