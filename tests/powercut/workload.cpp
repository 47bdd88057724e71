#include "tests/powercut/workload.hpp"

#include <fmt/format.h>

#include <variant>

namespace lotgate::powercut {

namespace {

using rules::Attempt;
using rules::Step;
using store::Command;
using store::FeedItem;
using store::FeedPage;

constexpr const char* product = "09506000120010";
constexpr const char* unknown_product = "09506000134352";
constexpr std::uint64_t serials_announced = 60;
constexpr std::uint64_t orders_given = 12;
constexpr std::int64_t first_moment_us = 1'795'000'000'000'000;  // November 2026

std::string serial_number(std::uint64_t index) {
    return fmt::format("S-{:03}", index);
}

std::string lot_of(std::uint64_t index) {
    return index % 2 == 0 ? "L-88" : "L-90";
}

std::string announced_line(std::uint64_t first) {
    std::string serials;
    for (std::uint64_t index = first; index < serials_announced; index += 2)
        serials += fmt::format("{}\"{}\"", serials.empty() ? "" : ",", serial_number(index));
    return fmt::format(
        R"({{"line":{},"gtin":"{}","lot":"{}","expires_on":"2033-03-31","quantity":{},"serials":[{}]}})",
        first + 1,
        product,
        lot_of(first),
        serials_announced / 2,
        serials);
}

}  // namespace

Workload::Workload(std::uint64_t seed) : random_(seed), now_us_(first_moment_us) {
    rules::StationPolicy policy;
    policy.lane_by_route = {{"NORTH", 1}};
    policy.lane_exception = 9;
    policy.printer = "P1";
    policy.label_template = "carton";
    policy_ = std::make_shared<const rules::StationPolicy>(std::move(policy));
}

std::vector<Command> Workload::first_feed() {
    std::vector<FeedItem> items{
        {1,
         "product",
         fmt::format(R"({{"gtin":"{}","name":"Infusion set","serial_tracked":true,)"
                     R"("lot_tracked":true,"expiry_required":true}})",
                     product)},
        {2, "party", R"({"id":"C-1","name":"Northside","route":"NORTH"})"},
        {3, "sscc_range", R"({"id":"R-1","first":"09506000000001000","last":"09506000000001999"})"},
        {4,
         "asn",
         fmt::format(R"({{"id":"ASN-1","supplier":"V-1","lines":[{},{}]}})",
                     announced_line(0),
                     announced_line(1))}};
    for (std::uint64_t order = 0; order < orders_given; ++order)
        items.push_back({5 + order,
                         "order",
                         fmt::format(R"({{"id":"SO-{}","customer":"C-1","route":"NORTH","lines":[)"
                                     R"({{"line":1,"gtin":"{}","quantity":{}}}]}})",
                                     order,
                                     product,
                                     1 + order % 3)});
    std::vector<Command> pages;
    pages.emplace_back(store::EpochGranted{1});
    constexpr std::size_t page_length = 6;
    std::uint64_t after = 0;
    for (std::size_t first = 0; first < items.size(); first += page_length) {
        FeedPage page;
        page.lane = "main";
        page.after = after;
        for (std::size_t i = first; i < std::min(items.size(), first + page_length); ++i)
            page.items.push_back(items[i]);
        after = page.items.back().dseq;
        pages.emplace_back(std::move(page));
    }
    return pages;
}

Command Workload::next() {
    constexpr std::int64_t between_requests_us = 40'000;
    now_us_ += between_requests_us;
    const auto dice = below(100);
    if (dice < 40) return receive();
    if (dice < 70) return pack();
    if (dice < 82) return send_away();
    if (dice < 94 && !effects_.empty()) return report();
    return hold_or_lift();
}

Attempt Workload::attempt(Step step, std::string station) {
    Attempt made;
    made.request_id = fmt::format("boot-1/{}", ++requests_);
    made.step = step;
    made.station = std::move(station);
    made.actor = "device:D1";
    made.at.us = now_us_;
    made.site_date = site_date(made.at, "UTC");
    made.clock_quality = "synced";
    made.observation.device = "D1";
    made.observation.raw = made.request_id;
    made.observation.aim = "]d2";
    made.observation.read_at = made.at;
    made.policy = policy_;
    return made;
}

Attempt Workload::receive() {
    Attempt made = attempt(Step::receive, "DOCK-1");
    const auto dice = below(20);
    if (!has_asn_open_ || dice == 0) {
        made.what.plain = "ASN-1";
        return made;
    }
    if (dice == 1) {
        made.observation.is_no_read = true;
        return made;
    }
    // Some come twice, some were never announced, some are of a product nobody knows.
    const std::uint64_t index = dice == 2 ? below(serials_ + 1) : serials_++;
    made.what.gtin = *Gtin::parse(dice == 3 ? unknown_product : product);
    made.what.serial = *Serial::parse(serial_number(index));
    made.what.lot = *Lot::parse(lot_of(index));
    made.what.expires_on = parse_date("2033-03-31").value();
    return made;
}

Attempt Workload::pack() {
    Attempt made = attempt(Step::pack, "PACK-1");
    const auto dice = below(12);
    if (!has_order_open_) {
        made.what.plain = fmt::format("SO-{}", orders_++ % orders_given);
        return made;
    }
    if (dice == 0) {
        made.what.plain = "LG:CLOSE";
        return made;
    }
    made.what.gtin = *Gtin::parse(product);
    const std::string serial = in_stock_.empty() || dice == 1 ? serial_number(below(serials_ + 1))
                                                              : in_stock_[below(in_stock_.size())];
    made.what.serial = *Serial::parse(serial);
    made.what.lot = *Lot::parse("L-88");
    return made;
}

Attempt Workload::send_away() {
    const bool is_divert = below(2) == 0;
    Attempt made = attempt(is_divert ? Step::divert : Step::ship, is_divert ? "SORT-1" : "DOOR-1");
    made.what.sscc =
        *Sscc::parse(cartons_.empty() ? "095060000000000015" : cartons_[below(cartons_.size())]);
    if (is_divert) {
        rules::DivertContext carton;
        carton.conveyor = "PLC-1";
        carton.point = 1;
        carton.sequence = static_cast<std::uint16_t>(requests_ % 60'000);
        carton.tracking_id = static_cast<std::uint32_t>(requests_);
        carton.deadline.us = now_us_ + 800'000;
        made.divert = std::move(carton);
    }
    return made;
}

store::EffectReport Workload::report() {
    const std::size_t index = below(effects_.size());
    const store::Effect effect = effects_[index];
    effects_.erase(effects_.begin() + static_cast<std::ptrdiff_t>(index));
    store::EffectReport made;
    made.effect_id = effect.id;
    made.at.us = now_us_;
    if (std::holds_alternative<store::PrintRequest>(effect.request)) {
        made.state = below(4) == 0 ? "in_doubt" : "confirmed";
        made.because = made.state == "in_doubt" ? "the printer went away" : "";
    } else {
        made.state = below(4) == 0 ? "late" : "confirmed";
        made.lane = 1;
    }
    return made;
}

FeedPage Workload::hold_or_lift() {
    FeedPage page;
    page.lane = "urgent";
    page.after = urgent_;
    const std::uint64_t hold = urgent_ / 2;
    if (is_held_)
        page.items.push_back({++urgent_, "hold_lift", fmt::format(R"({{"id":"H-{}"}})", hold)});
    else
        page.items.push_back(
            {++urgent_,
             "hold",
             fmt::format(R"({{"id":"H-{}","reason":"quarantine","target":{{"kind":"unit",)"
                         R"("gtin":"{}","serial":"{}"}},"placed_by":"qa"}})",
                         hold,
                         product,
                         serial_number(below(serials_ + 1)))});
    is_held_ = !is_held_;
    return page;
}

void Workload::heard(const Command& sent, const store::Outcome& outcome) {
    const auto* made = std::get_if<Attempt>(&sent);
    if (made == nullptr) return;
    if (outcome.did == "document_opened")
        (made->step == Step::receive ? has_asn_open_ : has_order_open_) = true;
    // A refused order is no order in hand; the next pack asks for another.
    if (made->step == Step::pack && outcome.verdict.rule == "G-06") has_order_open_ = false;
    if (outcome.did == "received") in_stock_.push_back(made->what.serial->as_labelled());
    if (outcome.did == "packed" || outcome.did == "carton_closed")
        if (made->what.serial) std::erase(in_stock_, made->what.serial->as_labelled());
    if (outcome.did == "carton_closed") has_order_open_ = false;
    for (const store::Effect& effect : outcome.effects) {
        effects_.push_back(effect);
        const auto* print = std::get_if<store::PrintRequest>(&effect.request);
        if (print != nullptr) cartons_.push_back(print->fields.front().second);
    }
}

}  // namespace lotgate::powercut
