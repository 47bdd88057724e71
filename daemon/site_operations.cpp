// What people ask the site to do that is no scan.

#include "daemon/site.hpp"
#include "daemon/site_parts.hpp"
#include "daemon/station/prove.hpp"
#include "store/operations/table.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

namespace lotgate::site {

namespace asio = boost::asio;

// Nothing of an archive is believed but the name of its file: the rest is read from it, and its
// rows are looked at one by one, before the writer records it. The number of its last row.
asio::awaitable<Result<std::uint64_t>> Site::look_at_archive(api::OperationCall* call) {
    const Moment moment = moment_now(*parts_);
    std::string file;
    for (const auto& [name, value] : call->arguments)
        if (name == "file") file = value;
    store::ArchiveTerms terms;
    terms.retention = parts_->startup.config.retention;
    terms.has_cloud = parts_->startup.config.cloud.has_value();
    terms.now = moment.now;
    terms.is_clock_synced = moment.clock_quality == "synced";
    auto checked = co_await parts_->access->check_archive(std::move(terms), std::move(file));
    if (!checked) co_return fail(checked.error());
    call->arguments = std::move(*checked);
    std::uint64_t last = 0;
    for (const auto& [name, value] : call->arguments)
        if (name == "last") last = std::stoull(value);
    co_return last;
}

asio::awaitable<Result<api::DecisionView>> Site::operate(api::OperationCall call) {
    std::uint64_t archived = 0;
    if (call.kind == "archive") {
        const auto last = co_await look_at_archive(&call);
        if (!last) co_return fail(last.error());
        archived = *last;
    }
    adapters::OverrideFields given;
    given.badge = call.badge;
    given.pin = std::move(call.pin);
    given.reason = call.reason;
    given.second_badge = call.second_badge;
    given.second_pin = std::move(call.second_pin);
    auto proven = co_await prove(*parts_->access, std::move(given));
    if (!proven) co_return fail(proven.error());
    const Moment moment = moment_now(*parts_);
    store::Operation operation;
    operation.request_id =
        call.request_id.empty() ? parts_->floor.next_request_id("operation") : call.request_id;
    operation.kind = call.kind;
    operation.station = call.station;
    operation.authority = std::move(*proven);
    // What anybody with a badge may do needs no PIN.
    const store::OperationRow* row = store::operation_named(call.kind);
    if (row != nullptr && row->who == rules::OverrideClass::operator_confirms)
        operation.authority.wrong_pin.clear();
    operation.arguments = std::move(call.arguments);
    operation.at = moment.now;
    operation.site_date = moment.site_date;
    operation.clock_quality = moment.clock_quality;
    const auto started = parts_->clock->monotonic();
    store::Command command = std::move(operation);
    auto outcome = co_await parts_->access->submit(std::move(command));
    if (!outcome) co_return fail(outcome.error());
    if (!outcome->is_replay) {
        co_await parts_->effects->carry_out(std::move(outcome->effects));
    }
    if (archived > 0 && !outcome->verdict.blocks()) parts_->recordings->forget_through(archived);
    if (parts_->told) parts_->told(api::Change(api::StateChanged()));
    api::DecisionView view;
    view.seq = number_of(outcome->seq);
    view.at = moment.now;
    view.station = call.station;
    view.actor = call.badge;
    view.light = light_of(outcome->verdict);
    view.decision = std::string(rules::name_of(outcome->verdict.decision));
    view.code = outcome->verdict.code.empty() ? "ACCEPT" : outcome->verdict.code;
    view.rule = outcome->verdict.rule;
    view.told = outcome->verdict.told;
    view.did = outcome->did;
    view.subject = outcome->subject;
    view.document = outcome->document;
    view.is_replay = outcome->is_replay;
    view.took =
        std::chrono::duration_cast<std::chrono::microseconds>(parts_->clock->monotonic() - started);
    co_return view;
}

asio::awaitable<void> Site::check_balances(std::string today) {
    store::Operation operation = housekeeping(*parts_, "check_balances");
    operation.request_id = "check_balances-" + today;
    store::Command command = std::move(operation);
    const auto outcome = co_await parts_->access->submit(std::move(command));
    if (outcome && !outcome->is_replay) spdlog::info("{}", outcome->verdict.told);
}

// Once an hour, where the site says how long goods may wait at a dock.
asio::awaitable<void> Site::look_for_waiting() {
    const std::int64_t minutes = parts_->startup.config.putaway_within.count();
    const Moment moment = moment_now(*parts_);
    const std::string hour = to_string(moment.now).substr(0, 13);
    if (minutes == 0 || hour == parts_->hour_looked_at) co_return;
    store::Operation operation = housekeeping(*parts_, "putaway_overdue");
    operation.request_id = "putaway_overdue-" + hour;
    operation.arguments.emplace_back("minutes", std::to_string(minutes));
    store::Command command = std::move(operation);
    const auto outcome = co_await parts_->access->submit(std::move(command));
    if (!outcome) co_return;
    parts_->hour_looked_at = hour;
    if (!outcome->is_replay) spdlog::info("{}", outcome->verdict.told);
}

// What somebody staged and never put in force is not kept for ever.
asio::awaitable<void> Site::drop_old_imports() {
    constexpr std::int64_t week_us = 7LL * 24 * 3600 * 1'000'000;
    const Moment moment = moment_now(*parts_);
    const Instant week_ago{moment.now.us - week_us};
    const auto old = co_await parts_->access->staged_before(week_ago);
    if (!old) co_return;
    for (const std::string& id : *old) {
        store::Operation operation = housekeeping(*parts_, "import_drop");
        operation.arguments.emplace_back("import", id);
        store::Command command = std::move(operation);
        const auto outcome = co_await parts_->access->submit(std::move(command));
        if (outcome) spdlog::info("{}", outcome->verdict.told);
    }
}

asio::awaitable<void> Site::hold_expired() {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    std::string swept;
    for (;;) {
        timer.expires_after(std::chrono::minutes(1));
        const auto [error] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        if (error) co_return;
        const Moment moment = moment_now(*parts_);
        const std::string today = to_string(moment.site_date);
        // An unset clock knows no date; what it expires would be wrong goods.
        if (moment.clock_quality != "unset") {
            co_await look_for_waiting();
        }
        if (today == swept || moment.clock_quality == "unset") continue;
        store::Operation operation = housekeeping(*parts_, "expire");
        operation.request_id = "expire-" + today;
        store::Command command = std::move(operation);
        const auto outcome = co_await parts_->access->submit(std::move(command));
        if (!outcome) continue;
        swept = today;
        if (!outcome->is_replay) spdlog::info("{}", outcome->verdict.told);
        co_await check_balances(today);
        co_await drop_old_imports();
    }
}

}  // namespace lotgate::site
