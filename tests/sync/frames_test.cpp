#include "sync/wire/frames.hpp"

#include "sync/wire/codec.hpp"

#include <catch2/catch.hpp>

namespace lotgate::sync::wire {
namespace {

Hash hash_of(std::uint8_t octet) {
    Hash hash{};
    hash.fill(octet);
    return hash;
}

InstanceId instance_of(std::uint8_t octet) {
    InstanceId instance{};
    instance.fill(octet);
    return instance;
}

std::vector<Message> one_of_each() {
    Hello hello;
    hello.nonce = 0xfedcba9876543210U;
    hello.instance = instance_of(7);
    hello.epoch = 3;
    hello.head_seq = Seq{1'000'000};
    hello.head_hash = hash_of(9);
    hello.acked = Seq{999};
    hello.cursor_main = 5;
    hello.cursor_urgent = 6;

    Welcome welcome;
    welcome.nonce = hello.nonce;
    welcome.instance = hello.instance;
    welcome.epoch = 3;
    welcome.last_seq = Seq{999};
    welcome.last_hash = hash_of(1);
    welcome.window = 8;
    welcome.rows_max = 500;
    welcome.server_time_us = 1'800'000'000'000'000;
    welcome.feed_main = 12;
    welcome.feed_urgent = 2;

    Batch batch;
    batch.epoch = 3;
    batch.instance = hello.instance;
    batch.first_seq = Seq{1000};
    batch.prev_hash = hash_of(1);
    batch.count = 2;
    batch.head_hash = hash_of(2);
    batch.rows = std::string("packed\0rows", 11);
    batch.attempt = 4;

    Nack nack;
    nack.instance = hello.instance;
    nack.epoch = 3;
    nack.last_seq = Seq{999};
    nack.last_hash = hash_of(1);
    nack.reason = static_cast<std::uint32_t>(NackReason::gap);
    nack.attempt = 4;
    nack.first_seq = Seq{1200};
    nack.told = "rows before these are missing";

    Feed feed;
    feed.lane = static_cast<std::uint32_t>(Lane::urgent);
    feed.after = 1;
    feed.items = {{2, "hold", R"({"id":"H-1"})"}, {4, "", ""}};
    feed.head = 9;

    Fenced fenced;
    fenced.instance = hello.instance;
    fenced.epoch = 4;
    fenced.reason = static_cast<std::uint32_t>(FenceReason::other_epoch);
    fenced.last_seq = Seq{17};
    fenced.told = "the branch was closed";

    Status status;
    status.instance = hello.instance;
    status.epoch = 3;
    status.head_seq = Seq{5};
    status.acked = Seq{4};
    status.acked_hash = hash_of(4);
    status.cursor_main = 1;
    status.cursor_urgent = 2;
    status.oldest_unacked_ms = 1500;
    status.state = "live";

    const Ack ack{hello.instance, 3, Seq{999}, hash_of(1), 4};
    const FeedPull pull{1, 77, 200};
    return {hello, welcome, batch, ack, nack, pull, feed, fenced, status};
}

TEST_CASE("every frame that is read back is the frame that was sent", "[sync][frames]") {
    for (const Message& message : one_of_each()) {
        const std::string sent = encode(message);
        const auto got = decode(sent);
        REQUIRE(got);
        CHECK(got->index() == message.index());
        // Encoding is a function of the fields, so equal bytes mean equal fields.
        CHECK(encode(*got) == sent);
    }
}

TEST_CASE("the fields of a frame arrive where they belong", "[sync][frames]") {
    const auto all = one_of_each();
    const auto hello = std::get<Hello>(*decode(encode(all[0])));
    CHECK(hello.nonce == 0xfedcba9876543210U);
    CHECK(hello.head_seq == Seq{1'000'000});
    CHECK(hello.head_hash == hash_of(9));
    CHECK(hello.version_max == protocol_version);
    const auto feed = std::get<Feed>(*decode(encode(all[6])));
    REQUIRE(feed.items.size() == 2);
    CHECK(feed.items[0].kind == "hold");
    CHECK(feed.items[1].dseq == 4);
    CHECK(feed.head == 9);
}

TEST_CASE("a frame cut off at any byte is refused or is a smaller frame, never a crash",
          "[sync][frames]") {
    for (const Message& message : one_of_each()) {
        const std::string sent = encode(message);
        for (std::size_t size = 0; size < sent.size(); ++size) {
            // A copy of exactly this size, so that the sanitizer sees a read beyond its end.
            const std::string cut(sent.data(), size);
            const auto got = decode(cut);
            if (got) CHECK(std::holds_alternative<Unknown>(*got));
        }
    }
}

TEST_CASE("a frame with any one byte changed does not harm the reader", "[sync][frames]") {
    for (const Message& message : one_of_each()) {
        std::string sent = encode(message);
        for (char& octet : sent) {
            const char before = octet;
            for (const unsigned flip : {0x01U, 0x80U, 0xffU}) {
                octet = static_cast<char>(static_cast<unsigned char>(before) ^ flip);
                static_cast<void>(decode(sent));
            }
            octet = before;
        }
    }
}

TEST_CASE("fields and frames of a newer version are stepped over", "[sync][frames]") {
    SECTION("a field nobody knows, inside a message") {
        std::string inside;
        FieldWriter(inside).number(3, 999);
        FieldWriter(inside).bytes(900, "new in version 2");
        FieldWriter(inside).number(901, 5);
        std::string frame;
        FieldWriter(frame).number(1, protocol_version);
        FieldWriter(frame).bytes(5, inside);
        const auto got = decode(frame);
        REQUIRE(got);
        REQUIRE(std::holds_alternative<Ack>(*got));
        CHECK(std::get<Ack>(*got).last_seq == Seq{999});
    }
    SECTION("a kind of frame nobody knows") {
        std::string frame;
        FieldWriter(frame).number(1, protocol_version);
        FieldWriter(frame).bytes(77, "something");
        const auto got = decode(frame);
        REQUIRE(got);
        CHECK(std::holds_alternative<Unknown>(*got));
    }
    SECTION("a version nobody speaks yet") {
        std::string frame;
        FieldWriter(frame).number(1, protocol_version + 1);
        FieldWriter(frame).bytes(5, "");
        const auto got = decode(frame);
        REQUIRE(got);
        CHECK(std::holds_alternative<Unknown>(*got));
    }
}

TEST_CASE("what is not a frame is refused", "[sync][frames]") {
    std::string wrong_kind;  // last_seq (3) of an ACK as a text
    FieldWriter(wrong_kind).bytes(3, "12");
    std::string frame;
    FieldWriter(frame).number(1, protocol_version);
    FieldWriter(frame).bytes(5, wrong_kind);
    CHECK_FALSE(decode(frame));

    std::string short_hash;
    FieldWriter(short_hash).bytes(4, "too short");
    std::string with_hash;
    FieldWriter(with_hash).number(1, protocol_version);
    FieldWriter(with_hash).bytes(5, short_hash);
    CHECK_FALSE(decode(with_hash));

    CHECK_FALSE(decode(""));
    CHECK_FALSE(decode("hello"));
    CHECK_FALSE(decode(std::string(11, '\xff')));
    CHECK_FALSE(decode(std::string(frame_bytes_max + 1, '\0')));
}

TEST_CASE("a feed page with too many items is refused", "[sync][frames]") {
    Feed feed;
    feed.items.resize(feed_items_max);
    CHECK(decode(encode(feed)));
    feed.items.emplace_back();
    CHECK_FALSE(decode(encode(feed)));
}

}  // namespace
}  // namespace lotgate::sync::wire
