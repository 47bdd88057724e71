#include "tests/bench/receipts.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace lotgate::bench {

void Waiter::answered(bool good) {
    const std::lock_guard lock(mutex_);
    is_done_ = true;
    is_good_ = good;
    wake_.notify_one();
}

bool Waiter::wait() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return is_done_; });
    is_done_ = false;
    return is_good_;
}

rules::Attempt receipt(std::uint64_t unit, const std::shared_ptr<rules::StationPolicy>& policy) {
    const std::string serial = fmt::format("U{:08}", unit);
    rules::Attempt attempt;
    attempt.request_id = "r-" + serial;
    attempt.station = fmt::format("DOCK-{}", unit / units_of_an_asn + 1);
    attempt.actor = "device:D1";
    attempt.at = system_clock().now();
    attempt.site_date = *parse_date("2026-11-22");
    attempt.clock_quality = "synced";
    attempt.observation.device = "D1";
    attempt.observation.raw = fmt::format(
        "]d201{}\x1d"
        "21{}",
        widget,
        serial);
    attempt.observation.read_at = attempt.at;
    attempt.what.gtin = *Gtin::parse(widget);
    attempt.what.serial = *Serial::parse(serial);
    attempt.policy = policy;
    return attempt;
}

bool ask(store::Store& store, Waiter& waiter, store::Command command) {
    store.submit(std::move(command), [&waiter](Result<store::Outcome> outcome) {
        waiter.answered(outcome.has_value() && outcome->verdict.accepted());
    });
    return waiter.wait();
}

void Feed::send(std::string kind, std::string body) {
    store::FeedPage page;
    page.lane = "main";
    page.after = dseq_;
    page.items.push_back({++dseq_, std::move(kind), std::move(body)});
    Waiter waiter;
    if (ask(*store_, waiter, std::move(page))) return;
    fmt::print(stderr, "the feed was refused\n");
    std::exit(1);
}

void Feed::product() {
    send("product",
         fmt::format(R"({{"gtin":"{}","name":"Widget","serial_tracked":true}})", widget));
}

void Feed::asn(std::uint64_t first, std::uint64_t count) {
    std::string serials;
    for (std::uint64_t i = first; i < first + count; ++i)
        serials += fmt::format("{}\"U{:08}\"", serials.empty() ? "" : ",", i);
    send("asn",
         fmt::format(R"({{"id":"ASN-{}","supplier":"V","lines":[{{"line":1,"gtin":"{}",)"
                     R"("quantity":{},"serials":[{}]}}]}})",
                     first / units_of_an_asn + 1,
                     widget,
                     count,
                     serials));
}

}  // namespace lotgate::bench
