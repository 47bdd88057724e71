#include "sync/wire/rows.hpp"

#include "store/model/assert.hpp"
#include "sync/wire/codec.hpp"

#include <algorithm>

#include <zstd.h>

namespace lotgate::sync::wire {

namespace {

constexpr int compression_level = 1;
constexpr std::uint32_t repeated_row = 1;
constexpr std::uint32_t field_body = 9;

// Numbers are for ever; the hash does not travel, the receiver computes it.
template <class Row, class Visitor>
void visit_row(Row& row, Visitor& visit) {
    visit(1, row.seq);
    visit(2, row.hlc);
    visit(3, row.kind);
    visit(4, row.kind_ver);
    visit(5, row.station);
    visit(6, row.actor);
    visit(7, row.request_id);
    visit(8, row.known_cursor);
}

std::string encode_known(const LedgerRow& row) {
    std::string out;
    WritingVisitor visitor(out);
    visit_row(row, visitor);
    return out;
}

Result<std::string> unpack(std::string_view packed) {
    const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN)
        return fail(FaultCode::corrupt, "a batch is not compressed as agreed");
    if (size > rows_bytes_max) return fail(FaultCode::invalid_input, "a batch is too large");
    std::string raw(static_cast<std::size_t>(size), '\0');
    const std::size_t got = ZSTD_decompress(raw.data(), raw.size(), packed.data(), packed.size());
    if (ZSTD_isError(got) != 0 || got != raw.size())
        return fail(FaultCode::corrupt, "a batch cannot be unpacked");
    return raw;
}

}  // namespace

std::string pack_rows(std::span<const LedgerRow> rows) {
    std::string raw;
    FieldWriter writer(raw);
    std::string one;
    for (const LedgerRow& row : rows) {
        one = encode_known(row);
        FieldWriter(one).bytes(field_body, row.body);
        writer.element(repeated_row, one);
    }
    std::string packed(ZSTD_compressBound(raw.size()), '\0');
    const std::size_t size =
        ZSTD_compress(packed.data(), packed.size(), raw.data(), raw.size(), compression_level);
    LG_ASSERT(ZSTD_isError(size) == 0);  // the buffer is as large as the bound
    packed.resize(size);
    return packed;
}

Result<std::vector<WireRow>> unpack_rows(std::string_view packed) {
    LG_TRY(const std::string raw, unpack(packed));
    std::vector<WireRow> rows;
    FieldReader reader(raw);
    while (true) {
        LG_TRY(const auto field, reader.next());
        if (!field) return rows;
        if (field->id != repeated_row || !field->is_bytes) continue;
        if (rows.size() == rows_max)
            return fail(FaultCode::invalid_input, "a batch has too many rows");
        LG_TRY(auto row, decode_row(field->bytes));
        rows.push_back(std::move(row));
    }
}

std::string encode_without_body(const WireRow& row) {
    return encode_known(row.row) + row.unknown;
}

Result<WireRow> decode_row(std::string_view bytes) {
    WireRow wire;
    wire.row.kind_ver = 0;  // a default is not written
    FieldReader reader(bytes);
    while (true) {
        LG_TRY(const auto field, reader.next());
        if (!field) return wire;
        ReadingVisitor visitor(*field);
        visit_row(wire.row, visitor);
        visitor(field_body, wire.row.body);
        if (visitor.is_wrong())
            return fail(FaultCode::invalid_input, "a field of a row is not of its kind");
        if (!visitor.is_known()) wire.unknown.append(field->as_stands);
    }
}

}  // namespace lotgate::sync::wire
