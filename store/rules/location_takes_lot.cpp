#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

namespace {

struct Coming {
    std::string gtin;
    std::string lot_key;
    std::optional<Date> expires_on;
};

std::vector<Coming> coming(const Facts& facts, const Attempt& attempt) {
    std::vector<Coming> all;
    if (facts.intent == Intent::move_container)
        for (const ContentFacts& content : facts.contents)
            all.push_back({content.gtin, content.lot_key, content.expires_on});
    else if (attempt.what.gtin)
        all.push_back(
            {attempt.what.gtin->text(), facts.lot_key(attempt), facts.expires_on(attempt)});
    return all;
}

bool clash(const std::string& lot_mix, const Coming& a, const Coming& b) {
    if (a.gtin != b.gtin || a.lot_key == b.lot_key) return false;
    return lot_mix != "forbid_different_expiry" || a.expires_on != b.expires_on;
}

}  // namespace

Verdict location_takes_lot(const Facts& facts, const Attempt& attempt) {
    if (!facts.moves_to_location()) return {};
    const LocationFacts& location = *facts.location;
    if (facts.product && !facts.product->temp_class.empty() && !location.temp_class.empty() &&
        facts.product->temp_class != location.temp_class)
        return overrulable(OverrideClass::supervisor,
                           refused(attempt.step,
                                   "LOT_MIX_LOCATION",
                                   fmt::format("{} is kept {}, {} is {}. Scan a place that is {}.",
                                               facts.product->name,
                                               facts.product->temp_class,
                                               location.id,
                                               location.temp_class,
                                               facts.product->temp_class)));
    if (location.lot_mix == "allow") return {};
    std::vector<Coming> all = coming(facts, attempt);
    const std::size_t arriving = all.size();
    for (const StandingFacts& standing : facts.standing)
        all.push_back({standing.gtin, standing.lot_key, standing.expires_on});
    for (std::size_t i = 0; i < arriving; ++i)
        for (std::size_t j = i + 1; j < all.size(); ++j) {
            if (!clash(location.lot_mix, all[i], all[j])) continue;
            const std::string told =
                fmt::format("{} would hold lots {} and {} of one product. Scan another place.",
                            location.id,
                            all[i].lot_key,
                            all[j].lot_key);
            if (location.lot_mix == "warn") return warned("LOT_MIX_LOCATION", told);
            return overrulable(OverrideClass::supervisor,
                               refused(attempt.step, "LOT_MIX_LOCATION", told));
        }
    return {};
}

}  // namespace lotgate::rules
