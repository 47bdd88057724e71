#include "sync/hub/ingest.hpp"

#include "store/model/time.hpp"
#include "sync/hub/event_rows.hpp"
#include "sync/hub/feed.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::hub {

using sync::wire::Batch;
using sync::wire::FeedPull;
using sync::wire::FenceReason;
using sync::wire::Hello;
using sync::wire::Lane;
using sync::wire::NackReason;
using sync::wire::Status;

namespace {

constexpr std::uint32_t window = 8;
constexpr std::uint32_t rows_max = 500;
constexpr int races_max = 5;

Cursor cursor_from(const Rows& rows) {
    Cursor cursor;
    cursor.epoch = rows.number(0, 0);
    cursor.instance = instance_from(rows.bytes(0, 1));
    cursor.last_seq = static_cast<Seq>(rows.number(0, 2));
    cursor.last_hash = hash_from(rows.bytes(0, 3));
    return cursor;
}

sync::wire::Fenced unknown_site(const SiteName& site, const InstanceId& instance) {
    const Cursor nothing;
    HelloRefusal refusal;
    refusal.reason = FenceReason::unknown_site;
    refusal.told = fmt::format(
        "The cloud does not know site {0} of tenant {1}. Register it there: "
        "lotgate-hub site add {0} --tenant {1}",
        printable(site.site),
        printable(site.tenant));
    return fenced_of(nothing, instance, refusal, 0);
}

}  // namespace

Replies Ingest::take(const SiteName& site, const sync::wire::Message& message) {
    Result<Replies> replies = Replies{};
    if (const auto* hello = std::get_if<Hello>(&message)) replies = on_hello(site, *hello);
    if (const auto* status = std::get_if<Status>(&message)) replies = on_status(site, *status);
    if (const auto* pull = std::get_if<FeedPull>(&message)) replies = on_pull(site, *pull);
    last_fault_ = replies ? std::string() : replies.error().detail();
    return replies ? std::move(*replies) : Replies{};
}

std::optional<Replies> Ingest::take_batch(const SiteName& site, const Batch& batch) {
    auto replies = on_batch(site, batch);
    last_fault_ = replies ? std::string() : replies.error().detail();
    if (replies) return std::move(*replies);
    const bool is_data = replies.error().code() == FaultCode::invalid_input;
    const auto reason = is_data ? NackReason::malformed : NackReason::busy;
    const char* told = is_data ? "the cloud database refused the data" : "the database is away";
    return Replies{{"ack", nack_of(Cursor{}, batch, reason, told)}};
}

Replies Ingest::refuse_gap(const SiteName& site, const Batch& batch) {
    const auto known = cursor(site);
    if (!known || !*known) return {};
    return {{"ack", nack_of(**known, batch, NackReason::gap, "rows before these are missing")}};
}

Result<bool> Ingest::is_known(const SiteName& site) {
    LG_TRY(const auto rows,
           database_->run_prepared("SELECT 1 FROM site WHERE site_id = $1",
                                   Parameters().text(printable(site.id()))));
    return rows.size() == 1;
}

Result<std::optional<Cursor>> Ingest::cursor(const SiteName& site) {
    LG_TRY(const auto rows,
           database_->run_prepared("SELECT epoch, instance, last_seq, last_hash FROM site_cursor "
                                   "WHERE site_id = $1",
                                   Parameters().text(printable(site.id()))));
    if (rows.size() == 0) return std::optional<Cursor>{};
    return std::optional<Cursor>(cursor_from(rows));
}

// The grant is a race that one HELLO wins: the primary keys decide, and everybody reads the winner.
Result<Cursor> Ingest::cursor_or_first(const SiteName& site, const Hello& hello) {
    LG_TRY(const auto known, cursor(site));
    if (known) return *known;
    auto grant = [&]() -> Result<> {
        LG_TRY(const auto epochs,
               database_->run("SELECT coalesce(max(epoch), 0) FROM site_epoch WHERE site_id = $1",
                              Parameters().text(site.id())));
        const Cursor first = first_cursor(site.site, hello.instance, epochs.number(0, 0) + 1);
        LG_CHECK(
            database_->run("INSERT INTO site_epoch (site_id, epoch, instance, reason) "
                           "VALUES ($1, $2, $3, 'granted') ON CONFLICT DO NOTHING",
                           Parameters().text(site.id()).number(first.epoch).bytes(first.instance)));
        LG_CHECK(
            database_->run("INSERT INTO site_cursor "
                           "(site_id, epoch, instance, last_seq, last_hash) "
                           "VALUES ($1, $2, $3, 0, $4) ON CONFLICT DO NOTHING",
                           Parameters()
                               .text(site.id())
                               .number(first.epoch)
                               .bytes(first.instance)
                               .bytes(first.last_hash)));
        return {};
    };
    LG_CHECK(database_->in_transaction(grant));
    LG_TRY(const auto now, cursor(site));
    if (!now) return fail(FaultCode::conflict, "the grant of an epoch was undone at once");
    return *now;
}

Result<Replies> Ingest::on_hello(const SiteName& site, const Hello& hello) {
    LG_TRY(const bool known, is_known(site));
    if (!known) return Replies{{"ctl", unknown_site(site, hello.instance)}};
    LG_TRY(const auto stands, cursor_or_first(site, hello));
    if (const auto refusal = refuse_hello(stands, hello))
        return Replies{{"ctl", fenced_of(stands, hello.instance, *refusal, hello.nonce)}};
    LG_TRY(const auto heads, feed_heads(*database_, site.id()));

    sync::wire::Welcome welcome;
    welcome.nonce = hello.nonce;
    welcome.instance = hello.instance;
    welcome.epoch = stands.epoch;
    welcome.last_seq = stands.last_seq;
    welcome.last_hash = stands.last_hash;
    welcome.window = window;
    welcome.rows_max = rows_max;
    welcome.server_time_us = static_cast<std::uint64_t>(system_clock().now().us);
    welcome.feed_main = heads.main;
    welcome.feed_urgent = heads.urgent;
    return Replies{{"ctl", welcome}};
}

Result<Replies> Ingest::on_status(const SiteName& site, const Status& status) {
    LG_TRY(const auto stands, cursor(site));
    if (!stands) return Replies{};
    Replies replies{{"ack", answer_to_status(*stands, status)}};
    if (status.instance != stands->instance) return replies;
    LG_CHECK(database_->run_prepared(
        "INSERT INTO site_status (site_id, head_seq, acked, cursor_main, cursor_urgent, state) "
        "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (site_id) DO UPDATE SET "
        "head_seq = excluded.head_seq, acked = excluded.acked, "
        "cursor_main = excluded.cursor_main, cursor_urgent = excluded.cursor_urgent, "
        "state = excluded.state, seen_at = now()",
        Parameters()
            .text(site.id())
            .number(number_of(status.head_seq))
            .number(number_of(status.acked))
            .number(status.cursor_main)
            .number(status.cursor_urgent)
            .text(printable(status.state.substr(0, 40)))));
    LG_TRY(const auto heads, feed_heads(*database_, site.id()));
    if (heads.urgent > status.cursor_urgent)
        replies.push_back({"down", news_of(Lane::urgent, heads.urgent)});
    if (heads.main > status.cursor_main)
        replies.push_back({"down", news_of(Lane::main, heads.main)});
    return replies;
}

Result<Replies> Ingest::on_pull(const SiteName& site, const FeedPull& pull) {
    const bool is_lane = pull.lane == static_cast<std::uint32_t>(Lane::main) ||
                         pull.lane == static_cast<std::uint32_t>(Lane::urgent);
    if (!is_lane) return Replies{};
    LG_TRY(const bool known, is_known(site));
    if (!known) return Replies{};
    LG_TRY(auto page, feed_page(*database_, site.id(), pull));
    return Replies{{"down", std::move(page)}};
}

Result<std::optional<Replies>> Ingest::on_batch(const SiteName& site, const Batch& batch) {
    using Answer = std::optional<Replies>;
    std::optional<std::vector<sync::wire::WireRow>> rows;
    for (int race = 0; race < races_max; ++race) {
        LG_TRY(const auto stands, cursor(site));
        if (!stands) return Answer(Replies{{"ctl", unknown_site(site, batch.instance)}});
        auto decided = decide_unread(*stands, batch);
        if (!decided) {
            if (!rows) {
                auto unpacked = sync::wire::unpack_rows(batch.rows);
                if (!unpacked)
                    return Answer(Replies{
                        {"ack",
                         nack_of(
                             *stands, batch, NackReason::malformed, unpacked.error().detail())}});
                rows = std::move(*unpacked);
            }
            decided = decide_rows(*stands, batch, *rows);
        }
        switch (decided->verdict) {
            case BatchVerdict::gap:
                return Answer{};
            case BatchVerdict::duplicate:
                return Answer(Replies{{"ack", ack_of(*stands, batch.attempt)}});
            case BatchVerdict::malformed:
                return Answer(Replies{
                    {"ack", nack_of(*stands, batch, NackReason::malformed, decided->told)}});
            case BatchVerdict::fenced:
                return Answer(Replies{{"ack", answer_to_fenced(*stands, batch, *decided)}});
            case BatchVerdict::append:
                break;
        }
        const auto fresh = std::span(*rows).subspan(decided->skip);
        LG_TRY(const bool is_ours, append(site, *stands, batch, fresh));
        if (!is_ours) continue;  // another hub was faster: look again where the cloud stands
        Cursor after = *stands;
        after.last_seq = fresh.back().row.seq;
        after.last_hash = batch.head_hash;
        return Answer(Replies{{"ack", ack_of(after, batch.attempt)}});
    }
    return fail(FaultCode::conflict, "another hub takes the frames of " + printable(site.id()));
}

Result<bool> Ingest::append(const SiteName& site,
                            const Cursor& from,
                            const Batch& batch,
                            std::span<const sync::wire::WireRow> rows) {
    bool is_ours = false;
    auto body = [&]() -> Result<> {
        Parameters parameters;
        parameters.text(site.id())
            .number(from.epoch)
            .bytes(from.instance)
            .number(number_of(rows.back().row.seq))
            .bytes(batch.head_hash)
            .number(number_of(from.last_seq))
            .bytes(from.last_hash);
        LG_TRY(const auto moved,
               database_->run_prepared(
                   "UPDATE site_cursor SET last_seq = $4, last_hash = $5, updated_at = now() "
                   "WHERE site_id = $1 AND epoch = $2 AND instance = $3 "
                   "AND last_seq = $6 AND last_hash = $7",
                   parameters));
        is_ours = moved.affected() == 1;
        if (!is_ours) return {};
        return insert_events(*database_, site.id(), from.epoch, rows);
    };
    LG_CHECK(database_->in_transaction(body));
    return is_ours;
}

}  // namespace lotgate::hub
