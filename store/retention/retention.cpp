#include "store/retention/retention.hpp"

#include <fmt/format.h>

#include <chrono>

namespace lotgate::store {

namespace {

Date days_after(Date date, std::int64_t days) {
    return std::chrono::sys_days(date) + std::chrono::days(days);
}

// The one of the offers that lasts longest; the first of equals.
class Longest {
public:
    void offer(Date from, std::int64_t days, std::string because) {
        const Date until = days_after(from, days);
        if (has_any_ && until <= keep_.until) return;
        keep_ = {until, std::move(because)};
        has_any_ = true;
    }

    [[nodiscard]] Keep keep() const { return keep_; }

private:
    Keep keep_{};
    bool has_any_ = false;
};

bool is_under(std::string_view regimes, std::string_view law) {
    while (!regimes.empty()) {
        const std::size_t end = regimes.find(' ');
        if (regimes.substr(0, end) == law) return true;
        if (end == std::string_view::npos) return false;
        regimes.remove_prefix(end + 1);
    }
    return false;
}

void offer_laws(const RetentionSettings& settings,
                Date recorded,
                const KeptGoods& goods,
                Longest& longest) {
    const auto law = [&](std::string_view name, Date from, std::int64_t days, const char* of) {
        longest.offer(
            from, days, fmt::format("{}: {} days from {}, for {}", name, days, of, goods.gtin));
    };
    if (is_under(goods.regimes, "fsma204"))
        law("21 CFR 1.1455 (fsma204)", recorded, settings.fsma204_days, "the record");
    if (is_under(goods.regimes, "dscsa") || is_under(goods.regimes, "rx"))
        law("FD&C 582 (dscsa)", recorded, settings.dscsa_days, "the transaction");
    if (is_under(goods.regimes, "iatf"))
        law("IATF 16949 7.5.3.2.1 (iatf)", recorded, settings.iatf_days, "the record");
    if (!is_under(goods.regimes, "111")) return;
    if (goods.expires_on)
        law("21 CFR 111.605 (111)",
            *goods.expires_on,
            settings.part111_after_expiry_days,
            "the expiry");
    else
        law("21 CFR 111.605 (111)",
            goods.moved_on.value_or(recorded),
            settings.part111_after_leaving_days,
            "the day they were last seen");
}

}  // namespace

RecordKind record_kind_of(std::string_view ledger_kind) {
    if (ledger_kind == "feed_applied") return RecordKind::announcement;
    if (ledger_kind == "effect_reported" || ledger_kind == "carton_passed")
        return RecordKind::device_report;
    return RecordKind::decision;
}

Keep keep_until(const RetentionSettings& settings,
                RecordKind kind,
                Date recorded,
                const std::vector<KeptGoods>& goods) {
    Longest longest;
    const bool is_report = kind == RecordKind::device_report;
    const std::int64_t days = is_report ? settings.device_report_days : settings.keep_days;
    longest.offer(
        recorded,
        days,
        fmt::format("[retention] {} = {}", is_report ? "device_report_days" : "keep_days", days));
    for (const KeptGoods& one : goods) {
        offer_laws(settings, recorded, one, longest);
        if (const auto own = settings.by_product.find(one.gtin); own != settings.by_product.end())
            longest.offer(recorded,
                          own->second,
                          fmt::format("[retention] by_product {} = {}", one.gtin, own->second));
        if (const auto own = settings.by_owner.find(one.owner);
            own != settings.by_owner.end() && !one.owner.empty())
            longest.offer(recorded,
                          own->second,
                          fmt::format("[retention] by_owner {} = {}", one.owner, own->second));
    }
    return longest.keep();
}

}  // namespace lotgate::store
