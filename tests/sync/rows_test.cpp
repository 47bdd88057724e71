#include "sync/wire/rows.hpp"

#include "sync/wire/codec.hpp"

#include <catch2/catch.hpp>

#include <zstd.h>

namespace lotgate::sync::wire {
namespace {

LedgerRow row_at(std::uint64_t seq) {
    LedgerRow row;
    row.seq = Seq{seq};
    row.hlc = 117'000'000'000'000'000 + seq;
    row.kind = "attempt";
    row.kind_ver = 2;
    row.station = "DOCK-1";
    row.actor = "badge:17";
    row.request_id = "S1/4/" + std::to_string(seq);
    row.known_cursor = 9;
    row.body = R"({"verdict":{"decision":"accept"},"raw":"\u001d)" + std::to_string(seq) + "\"}";
    return row;
}

bool is_same(const LedgerRow& a, const LedgerRow& b) {
    // The hash covers every field, with its length.
    return chain_next(Hash{}, a) == chain_next(Hash{}, b);
}

std::string compressed(const std::string& raw) {
    std::string packed(ZSTD_compressBound(raw.size()), '\0');
    packed.resize(ZSTD_compress(packed.data(), packed.size(), raw.data(), raw.size(), 1));
    return packed;
}

TEST_CASE("rows that are unpacked are the rows that were packed", "[sync][rows]") {
    std::vector<LedgerRow> rows;
    for (std::uint64_t seq = 1; seq <= 500; ++seq) rows.push_back(row_at(seq));
    rows[3].body = std::string("nul \0 inside", 12);
    rows[4].body.clear();
    rows[5].kind_ver = 0;
    const std::string packed = pack_rows(rows);
    const auto got = unpack_rows(packed);
    REQUIRE(got);
    REQUIRE(got->size() == rows.size());
    for (std::size_t at = 0; at < rows.size(); ++at) CHECK(is_same((*got)[at].row, rows[at]));
    // 500 rows of about 130 bytes: what repeats is paid for once.
    CHECK(packed.size() < 500 * 40);
}

TEST_CASE("a batch cut off at any byte is refused", "[sync][rows]") {
    const std::vector<LedgerRow> rows{row_at(1), row_at(2), row_at(3)};
    const std::string packed = pack_rows(rows);
    for (std::size_t size = 0; size < packed.size(); ++size) {
        const std::string cut(packed.data(), size);
        CHECK_FALSE(unpack_rows(cut));
    }
}

TEST_CASE("rows cut off at any byte inside the compression are refused or fewer", "[sync][rows]") {
    std::string raw;
    std::string one = encode_without_body(WireRow{row_at(1), {}});
    FieldWriter(one).bytes(9, "body");
    FieldWriter(raw).element(1, one);
    for (std::size_t size = 0; size < raw.size(); ++size) {
        const auto got = unpack_rows(compressed(raw.substr(0, size)));
        if (got) CHECK(got->empty());
    }
}

TEST_CASE("a batch that says it is huge is refused before memory is taken", "[sync][rows]") {
    CHECK_FALSE(unpack_rows(compressed(std::string(rows_bytes_max + 1, 'x'))));
    std::vector<LedgerRow> many(rows_max + 1, row_at(1));
    CHECK_FALSE(unpack_rows(pack_rows(many)));
    CHECK_FALSE(unpack_rows("not zstd at all"));
    CHECK_FALSE(unpack_rows(""));
}

TEST_CASE("what a newer gateway adds to a row is kept with the row", "[sync][rows]") {
    const WireRow plain{row_at(7), {}};
    std::string bytes = encode_without_body(plain);
    FieldWriter(bytes).bytes(9, "the body");
    FieldWriter(bytes).bytes(40, "from the future");
    const auto got = decode_row(bytes);
    REQUIRE(got);
    CHECK(got->row.body == "the body");
    CHECK_FALSE(got->unknown.empty());
    const auto again = decode_row(encode_without_body(*got));
    REQUIRE(again);
    CHECK(again->unknown == got->unknown);
    CHECK(again->row.request_id == plain.row.request_id);
    CHECK(again->row.body.empty());
}

}  // namespace
}  // namespace lotgate::sync::wire
