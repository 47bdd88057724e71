#include "sync/wire/codec.hpp"

#include <algorithm>
#include <span>

namespace lotgate::sync::wire {

namespace {

constexpr std::uint64_t wire_varint = 0;
constexpr std::uint64_t wire_fixed64 = 1;
constexpr std::uint64_t wire_bytes = 2;
constexpr std::uint64_t wire_fixed32 = 5;
constexpr std::uint64_t field_number_max = (1U << 29U) - 1;  // protobuf's own limit

std::uint64_t little_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;)
        value = (value << 8U) | static_cast<std::uint8_t>(bytes[i]);
    return value;
}

std::string_view view_of(std::span<const std::uint8_t> bytes) {
    // The one place where octets become text: std::uint8_t and char may alias.
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <class Octets>
bool copy_exactly(std::string_view from, Octets& to) {
    if (from.size() != to.size()) return false;
    std::transform(from.begin(), from.end(), to.begin(), [](char octet) {
        return static_cast<std::uint8_t>(octet);
    });
    return true;
}

}  // namespace

Result<std::uint64_t> FieldReader::varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (rest_.empty()) return fail(FaultCode::corrupt, "a frame ends inside a number");
        const auto octet = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        const std::uint64_t part = octet & 0x7fU;
        if (shift == 63 && part > 1) break;
        value |= part << shift;
        if ((octet & 0x80U) == 0) return value;
    }
    return fail(FaultCode::corrupt, "a number in a frame is longer than 64 bits");
}

Result<std::string_view> FieldReader::take(std::uint64_t size) {
    if (size > rest_.size()) return fail(FaultCode::corrupt, "a frame ends inside a field");
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(taken.size());
    return taken;
}

Result<std::optional<Field>> FieldReader::next() {
    if (rest_.empty()) return std::optional<Field>{};
    const std::string_view before = rest_;
    LG_TRY(const std::uint64_t key, varint());
    const std::uint64_t id = key >> 3U;
    if (id == 0 || id > field_number_max)
        return fail(FaultCode::corrupt, "a frame has a field without a number");

    Field field;
    field.id = static_cast<std::uint32_t>(id);
    switch (key & 7U) {
        case wire_varint: {
            LG_TRY(field.number, varint());
            break;
        }
        case wire_fixed64: {
            LG_TRY(const auto octets, take(8));
            field.number = little_endian(octets);
            break;
        }
        case wire_fixed32: {
            LG_TRY(const auto octets, take(4));
            field.number = little_endian(octets);
            break;
        }
        case wire_bytes: {
            LG_TRY(const std::uint64_t size, varint());
            LG_TRY(field.bytes, take(size));
            field.is_bytes = true;
            break;
        }
        default:
            return fail(FaultCode::corrupt, "a frame has a field of a kind nobody knows");
    }
    field.as_stands = before.substr(0, before.size() - rest_.size());
    return std::optional<Field>(field);
}

void FieldWriter::varint(std::uint64_t value) {
    while (value >= 0x80U) {
        out_->push_back(static_cast<char>((value & 0x7fU) | 0x80U));
        value >>= 7U;
    }
    out_->push_back(static_cast<char>(value));
}

void FieldWriter::number(std::uint32_t id, std::uint64_t value) {
    if (value == 0) return;
    varint(std::uint64_t{id} << 3U | wire_varint);
    varint(value);
}

void FieldWriter::bytes(std::uint32_t id, std::string_view value) {
    if (!value.empty()) element(id, value);
}

void FieldWriter::element(std::uint32_t id, std::string_view value) {
    varint(std::uint64_t{id} << 3U | wire_bytes);
    varint(value.size());
    out_->append(value);
}

void WritingVisitor::operator()(std::uint32_t id, const Hash& value) {
    if (value != Hash{}) writer_.bytes(id, view_of(value));
}

void WritingVisitor::operator()(std::uint32_t id, const InstanceId& value) {
    if (value != InstanceId{}) writer_.bytes(id, view_of(value));
}

bool ReadingVisitor::matches(std::uint32_t id, bool wants_bytes) {
    if (field_->id != id) return false;
    is_known_ = true;
    if (field_->is_bytes != wants_bytes) is_wrong_ = true;
    return field_->is_bytes == wants_bytes;
}

void ReadingVisitor::operator()(std::uint32_t id, Seq& value) {
    if (matches(id, false)) value = static_cast<Seq>(field_->number);
}

void ReadingVisitor::operator()(std::uint32_t id, std::string& value) {
    if (matches(id, true)) value = std::string(field_->bytes);
}

void ReadingVisitor::operator()(std::uint32_t id, Hash& value) {
    if (matches(id, true) && !copy_exactly(field_->bytes, value)) is_wrong_ = true;
}

void ReadingVisitor::operator()(std::uint32_t id, InstanceId& value) {
    if (matches(id, true) && !copy_exactly(field_->bytes, value)) is_wrong_ = true;
}

}  // namespace lotgate::sync::wire
