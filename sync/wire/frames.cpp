#include "sync/wire/frames.hpp"

#include "sync/wire/codec.hpp"

#include <concepts>
#include <type_traits>

namespace lotgate::sync::wire {

namespace {

// The lists of fields: each is visited to write and to read (codec.hpp). Numbers are for ever.

template <class T, class Message>
concept Of = std::same_as<std::remove_const_t<T>, Message>;

template <class Visitor>
void visit_fields(Of<Hello> auto& m, Visitor& visit) {
    visit(1, m.nonce);
    visit(2, m.instance);
    visit(3, m.epoch);
    visit(4, m.head_seq);
    visit(5, m.head_hash);
    visit(6, m.acked);
    visit(7, m.version_min);
    visit(8, m.version_max);
    visit(9, m.cursor_main);
    visit(10, m.cursor_urgent);
}

template <class Visitor>
void visit_fields(Of<Welcome> auto& m, Visitor& visit) {
    visit(1, m.nonce);
    visit(2, m.instance);
    visit(3, m.epoch);
    visit(4, m.last_seq);
    visit(5, m.last_hash);
    visit(6, m.window);
    visit(7, m.rows_max);
    visit(8, m.server_time_us);
    visit(9, m.feed_main);
    visit(10, m.feed_urgent);
}

template <class Visitor>
void visit_fields(Of<Batch> auto& m, Visitor& visit) {
    visit(1, m.epoch);
    visit(2, m.instance);
    visit(3, m.first_seq);
    visit(4, m.prev_hash);
    visit(5, m.count);
    visit(6, m.head_hash);
    visit(7, m.rows);
    visit(8, m.attempt);
}

template <class Visitor>
void visit_fields(Of<Ack> auto& m, Visitor& visit) {
    visit(1, m.instance);
    visit(2, m.epoch);
    visit(3, m.last_seq);
    visit(4, m.last_hash);
    visit(5, m.attempt);
}

template <class Visitor>
void visit_fields(Of<Nack> auto& m, Visitor& visit) {
    visit(1, m.instance);
    visit(2, m.epoch);
    visit(3, m.last_seq);
    visit(4, m.last_hash);
    visit(5, m.reason);
    visit(6, m.attempt);
    visit(7, m.first_seq);
    visit(8, m.told);
}

template <class Visitor>
void visit_fields(Of<FeedPull> auto& m, Visitor& visit) {
    visit(1, m.lane);
    visit(2, m.after);
    visit(3, m.items_max);
}

template <class Visitor>
void visit_fields(Of<FeedEntry> auto& m, Visitor& visit) {
    visit(1, m.dseq);
    visit(2, m.kind);
    visit(3, m.body);
}

constexpr std::uint32_t feed_items = 3;

template <class Visitor>
void visit_fields(Of<Feed> auto& m, Visitor& visit) {
    visit(1, m.lane);
    visit(2, m.after);
    visit(4, m.head);  // 3 is the repeated field feed_items
}

template <class Visitor>
void visit_fields(Of<Fenced> auto& m, Visitor& visit) {
    visit(1, m.instance);
    visit(2, m.epoch);
    visit(3, m.reason);
    visit(4, m.last_seq);
    visit(5, m.told);
    visit(6, m.nonce);
}

template <class Visitor>
void visit_fields(Of<Status> auto& m, Visitor& visit) {
    visit(1, m.instance);
    visit(2, m.epoch);
    visit(3, m.head_seq);
    visit(4, m.acked);
    visit(5, m.acked_hash);
    visit(6, m.cursor_main);
    visit(7, m.cursor_urgent);
    visit(8, m.oldest_unacked_ms);
    visit(9, m.state);
}

template <class M>
std::string write(const M& message) {
    std::string out;
    WritingVisitor visitor(out);
    if constexpr (std::same_as<M, Unknown>) {
        return out;
    } else {
        visit_fields(message, visitor);
        if constexpr (std::same_as<M, Feed>) {
            for (const FeedEntry& item : message.items)
                visitor.writer().element(feed_items, write(item));
        }
        return out;
    }
}

template <class M>
Result<M> read(std::string_view bytes);

template <class M>
Result<> read_field(const Field& field, M& message) {
    if constexpr (std::same_as<M, Feed>) {
        if (field.id == feed_items && field.is_bytes) {
            if (message.items.size() == feed_items_max)
                return fail(FaultCode::invalid_input, "a feed page has too many items");
            LG_TRY(auto item, read<FeedEntry>(field.bytes));
            message.items.push_back(std::move(item));
            return {};
        }
    }
    ReadingVisitor visitor(field);
    visit_fields(message, visitor);
    if (visitor.is_wrong())
        return fail(FaultCode::invalid_input, "a field of a frame is not of its kind");
    return {};
}

template <class M>
Result<M> read(std::string_view bytes) {
    M message;
    FieldReader reader(bytes);
    while (true) {
        LG_TRY(const auto field, reader.next());
        if (!field) return message;
        LG_CHECK(read_field(*field, message));
    }
}

// The number of the message inside the frame; 1 is the version.
template <class M>
constexpr std::uint32_t number_of_message = 0;
template <>
constexpr std::uint32_t number_of_message<Hello> = 2;
template <>
constexpr std::uint32_t number_of_message<Welcome> = 3;
template <>
constexpr std::uint32_t number_of_message<Batch> = 4;
template <>
constexpr std::uint32_t number_of_message<Ack> = 5;
template <>
constexpr std::uint32_t number_of_message<Nack> = 6;
template <>
constexpr std::uint32_t number_of_message<FeedPull> = 7;
template <>
constexpr std::uint32_t number_of_message<Feed> = 8;
template <>
constexpr std::uint32_t number_of_message<Fenced> = 9;
template <>
constexpr std::uint32_t number_of_message<Status> = 10;

template <class M>
Result<Message> read_as(std::string_view bytes) {
    LG_TRY(auto message, read<M>(bytes));
    return Message(std::move(message));
}

Result<Message> read_message(const Field& field) {
    switch (field.id) {
        case number_of_message<Hello>:
            return read_as<Hello>(field.bytes);
        case number_of_message<Welcome>:
            return read_as<Welcome>(field.bytes);
        case number_of_message<Batch>:
            return read_as<Batch>(field.bytes);
        case number_of_message<Ack>:
            return read_as<Ack>(field.bytes);
        case number_of_message<Nack>:
            return read_as<Nack>(field.bytes);
        case number_of_message<FeedPull>:
            return read_as<FeedPull>(field.bytes);
        case number_of_message<Feed>:
            return read_as<Feed>(field.bytes);
        case number_of_message<Fenced>:
            return read_as<Fenced>(field.bytes);
        case number_of_message<Status>:
            return read_as<Status>(field.bytes);
        default:
            return Message(Unknown{});
    }
}

}  // namespace

std::string_view name_of(Lane lane) {
    return lane == Lane::urgent ? "urgent" : "main";
}

std::string encode(const Message& message) {
    std::string out;
    FieldWriter writer(out);
    writer.number(1, protocol_version);
    std::visit(
        [&writer]<class M>(const M& m) {
            if constexpr (!std::same_as<M, Unknown>) writer.element(number_of_message<M>, write(m));
        },
        message);
    return out;
}

Result<Message> decode(std::string_view payload) {
    if (payload.size() > frame_bytes_max)
        return fail(FaultCode::invalid_input, "a frame is larger than 1 MiB");
    std::uint64_t version = 0;
    Message message;
    FieldReader reader(payload);
    while (true) {
        LG_TRY(const auto field, reader.next());
        if (!field) break;
        if (field->id == 1 && !field->is_bytes) version = field->number;
        if (field->id == 1 || !field->is_bytes) continue;
        LG_TRY(auto found, read_message(*field));
        if (std::holds_alternative<Unknown>(found)) continue;
        if (!std::holds_alternative<Unknown>(message))
            return fail(FaultCode::invalid_input, "a frame holds more than one message");
        message = std::move(found);
    }
    if (version == 0) return fail(FaultCode::invalid_input, "not a frame: it has no version");
    if (version != protocol_version) return Message(Unknown{});
    return message;
}

}  // namespace lotgate::sync::wire
