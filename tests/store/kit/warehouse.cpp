#include "tests/store/kit/warehouse.hpp"

#include "store/model/assert.hpp"
#include "store/operations/table.hpp"

#include <filesystem>
#include <future>

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX's

namespace lotgate::testkit {

TempDir::TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "lotgate-XXXXXX").string();
    LG_ASSERT(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
}

TempDir::~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

Warehouse::Warehouse() : path_(directory_.file("site.db")) {
    policy_->lane_by_route = {{"NORTH", 1}, {"SOUTH", 2}};
    policy_->lane_exception = 9;
    policy_->printer = "P1";
    policy_->label_template = "carton";
    restart();
}

void Warehouse::restart() {
    store_.reset();
    store::StoreConfig config;
    config.path = path_;
    config.site = "TEST-1";
    config.has_exclusive_tracking = has_exclusive_tracking_;
    auto opened = store::Store::open(config, clock_);
    LG_ASSERT(opened.has_value());
    store_ = std::move(*opened);
}

std::unique_ptr<store::Queries> Warehouse::queries() const {
    auto opened = store::Queries::open(path_);
    LG_ASSERT(opened.has_value());
    return std::move(*opened);
}

Result<store::Outcome> Warehouse::ask(store::Command command) {
    std::promise<Result<store::Outcome>> promise;
    auto future = promise.get_future();
    store_->submit(std::move(command),
                   [&](Result<store::Outcome> outcome) { promise.set_value(std::move(outcome)); });
    return future.get();
}

store::Outcome Warehouse::scan(rules::Attempt attempt) {
    auto outcome = ask(std::move(attempt));
    if (!outcome) {
        store::Outcome failed;
        failed.verdict.decision = rules::Decision::reject;
        failed.verdict.code = "FAULT " + outcome.error().detail();
        return failed;
    }
    return std::move(*outcome);
}

store::Operation Warehouse::operation(const std::string& kind,
                                      std::vector<std::pair<std::string, std::string>> arguments) {
    store::Operation operation;
    operation.request_id = "o" + std::to_string(++requests_);
    operation.kind = kind;
    operation.station = "OFFICE";
    operation.authority.badge = "B-7";
    operation.authority.reason = "told by quality";
    operation.authority.second_badge = "B-8";
    operation.arguments = std::move(arguments);
    operation.at = clock_.now();
    operation.site_date = site_date(clock_.now(), "UTC");
    operation.clock_quality = clock_quality_;
    const store::OperationRow* row = store::operation_named(kind);
    operation.is_housekeeping = row != nullptr && row->is_housekeeping;
    if (operation.is_housekeeping) operation.authority.badge = store::gateway_badge;
    return operation;
}

store::Outcome Warehouse::operate(const std::string& kind,
                                  std::vector<std::pair<std::string, std::string>> arguments) {
    auto outcome = ask(operation(kind, std::move(arguments)));
    if (!outcome) {
        store::Outcome failed;
        failed.verdict.decision = rules::Decision::reject;
        failed.verdict.code = "FAULT " + outcome.error().detail();
        return failed;
    }
    return std::move(*outcome);
}

void Warehouse::send(const std::vector<std::pair<std::string, std::string>>& items,
                     const std::string& lane) {
    std::uint64_t& dseq = lane == "main" ? dseq_main_ : dseq_urgent_;
    store::FeedPage page;
    page.lane = lane;
    page.after = dseq;
    for (const auto& [kind, body] : items) page.items.push_back({++dseq, kind, body});
    const auto outcome = ask(std::move(page));
    LG_ASSERT(outcome.has_value());
}

void Warehouse::furnish() {
    send(
        {{"product",
          R"({"gtin":"09506000134352","name":"Romaine","serial_tracked":true,"lot_tracked":true,"expiry_required":true})"},
         {"product",
          R"({"gtin":"09506000134369","name":"Kale","serial_tracked":false,"lot_tracked":true,"expiry_required":false})"},
         {"product",
          R"({"gtin":"09506000134376","name":"Widget","serial_tracked":true,"lot_tracked":false,"expiry_required":false})"},
         {"party", R"({"id":"C-N","name":"Northside","route":"NORTH"})"},
         {"asn",
          R"({"id":"ASN-1","supplier":"V-1","lines":[
               {"line":1,"gtin":"09506000134352","lot":"L-88","expires_on":"2027-01-31","quantity":4,
                "sscc":"095060000000000015","serials":["S-1","S-2","S-3","S-4"]},
               {"line":2,"gtin":"09506000134369","lot":"K-1","expires_on":"2027-02-28","quantity":10}]})"},
         {"order",
          R"({"id":"SO-1","customer":"C-N","route":"","lines":[
               {"line":1,"gtin":"09506000134352","quantity":2},
               {"line":2,"gtin":"09506000134369","quantity":3,"lot":"K-1"}]})"},
         {"sscc_range", R"({"id":"R-1","first":"09506000000000100","last":"09506000000000999"})"}});
}

rules::Attempt Warehouse::at(rules::Step step, const std::string& station) {
    rules::Attempt attempt;
    attempt.request_id = "r" + std::to_string(++requests_);
    attempt.step = step;
    attempt.station = station;
    attempt.actor = "device:D1";
    attempt.at = clock_.now();
    attempt.site_date = site_date(clock_.now(), "UTC");
    attempt.clock_quality = clock_quality_;
    attempt.observation.device = "D1";
    attempt.observation.read_at = clock_.now();
    attempt.policy = policy_;
    if (step == rules::Step::divert) {
        rules::DivertContext divert;
        divert.conveyor = "PLC1";
        divert.point = 1;
        divert.sequence = static_cast<std::uint16_t>(requests_);
        divert.tracking_id = static_cast<std::uint32_t>(requests_);
        divert.deadline = Instant{clock_.now().us + 500'000};
        attempt.divert = divert;
    }
    return attempt;
}

rules::Attempt Warehouse::unit(rules::Step step,
                               const std::string& station,
                               const std::string& serial,
                               const std::string& gtin) {
    rules::Attempt attempt = at(step, station);
    attempt.what.gtin = *Gtin::parse(gtin);
    attempt.what.serial = *Serial::parse(serial);
    attempt.observation.raw = "]d201" + gtin + "21" + serial;
    return attempt;
}

rules::Attempt Warehouse::goods(rules::Step step,
                                const std::string& station,
                                const std::string& lot,
                                std::int64_t quantity) {
    rules::Attempt attempt = at(step, station);
    attempt.what.gtin = *Gtin::parse(kale);
    attempt.what.lot = *Lot::parse(lot);
    attempt.what.quantity = quantity;
    attempt.observation.raw = std::string("]C101") + kale + "10" + lot;
    return attempt;
}

rules::Attempt Warehouse::code(rules::Step step,
                               const std::string& station,
                               const std::string& plain) {
    rules::Attempt attempt = at(step, station);
    attempt.what.plain = plain;
    attempt.observation.raw = plain;
    return attempt;
}

rules::Attempt Warehouse::carton(rules::Step step,
                                 const std::string& station,
                                 const std::string& sscc) {
    rules::Attempt attempt = at(step, station);
    attempt.what.sscc = *Sscc::parse(sscc);
    attempt.observation.raw = "]C100" + sscc;
    return attempt;
}

std::string Warehouse::summary() {
    return queries()->summary().value_or("no summary");
}

std::string Warehouse::rebuild() {
    const auto answer = queries()->rebuild_and_compare();
    return answer ? *answer : answer.error().detail();
}

std::string print_field(const store::Outcome& outcome, const std::string& name) {
    for (const store::Effect& effect : outcome.effects)
        if (const auto* print = std::get_if<store::PrintRequest>(&effect.request))
            for (const auto& [field, value] : print->fields)
                if (field == name) return value;
    return {};
}

}  // namespace lotgate::testkit
