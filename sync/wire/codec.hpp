#pragma once

// Reads and writes the protobuf wire format, by hand: fields are (number << 3 | wire type), numbers
// are varints, texts and nested messages carry their length. Which field means what stands in
// frames.cpp and in docs/data/sync.md. A field left at its default is not written; a field nobody
// knows is stepped over. Every read is bounded by the bytes given.

#include "store/model/ledger_row.hpp"
#include "store/model/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lotgate::sync::wire {

/// One field as it stands on the wire. `bytes` points into what is being read.
struct Field {
    std::uint32_t id = 0;
    bool is_bytes = false;
    std::uint64_t number = 0;    ///< of a varint or fixed field
    std::string_view bytes;      ///< of a length-delimited field
    std::string_view as_stands;  ///< the whole field with its key, to be kept or passed on
};

class FieldReader {
public:
    explicit FieldReader(std::string_view bytes) : rest_(bytes) {}

    /// The next field; nothing at the end. Fault corrupt where the bytes end inside a field, a
    /// varint is longer than 64 bits, the field number is 0, or the wire type is unknown.
    [[nodiscard]] Result<std::optional<Field>> next();

private:
    [[nodiscard]] Result<std::uint64_t> varint();
    [[nodiscard]] Result<std::string_view> take(std::uint64_t size);

    std::string_view rest_;
};

/// Appends fields to a text. Defaults (0, empty, all-zero hash) are left out.
class FieldWriter {
public:
    explicit FieldWriter(std::string& out) : out_(&out) {}

    void number(std::uint32_t id, std::uint64_t value);
    void bytes(std::uint32_t id, std::string_view value);
    /// Written even when empty: the elements of a repeated field, and nested messages.
    void element(std::uint32_t id, std::string_view value);

private:
    void varint(std::uint64_t value);

    std::string* out_;
};

// ---- visitors: one list of fields per message serves both directions (see frames.cpp)

class WritingVisitor {
public:
    explicit WritingVisitor(std::string& out) : writer_(out) {}

    void operator()(std::uint32_t id, std::uint64_t value) { writer_.number(id, value); }

    void operator()(std::uint32_t id, Seq value) { writer_.number(id, number_of(value)); }

    void operator()(std::uint32_t id, const std::string& value) { writer_.bytes(id, value); }

    void operator()(std::uint32_t id, const Hash& value);
    void operator()(std::uint32_t id, const InstanceId& value);

    [[nodiscard]] FieldWriter& writer() { return writer_; }

private:
    FieldWriter writer_;
};

/// Puts one field where the message's list says it belongs. A field of the wrong kind, a number
/// too large for its place or a hash of the wrong length is remembered in is_wrong().
class ReadingVisitor {
public:
    explicit ReadingVisitor(const Field& field) : field_(&field) {}

    template <class Number>
    requires std::is_unsigned_v<Number>

    void operator()(std::uint32_t id, Number& value) {
        if (!matches(id, false)) return;
        value = static_cast<Number>(field_->number);
        if (value != field_->number) is_wrong_ = true;
    }

    void operator()(std::uint32_t id, Seq& value);
    void operator()(std::uint32_t id, std::string& value);
    void operator()(std::uint32_t id, Hash& value);
    void operator()(std::uint32_t id, InstanceId& value);

    [[nodiscard]] bool is_known() const { return is_known_; }

    [[nodiscard]] bool is_wrong() const { return is_wrong_; }

private:
    [[nodiscard]] bool matches(std::uint32_t id, bool wants_bytes);

    const Field* field_;
    bool is_known_ = false;
    bool is_wrong_ = false;
};

}  // namespace lotgate::sync::wire
