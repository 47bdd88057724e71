#include "store/rules/freshness.hpp"

namespace lotgate::rules {

namespace {

constexpr std::int64_t day_min = 24 * 60;

bool is_beyond(const std::optional<std::int64_t>& age_s, std::int64_t limit_min) {
    return age_s && *age_s > limit_min * 60;
}

}  // namespace

Freshness freshness_of_holds(const ProductFacts* product,
                             const std::optional<std::int64_t>& age_s) {
    std::int64_t limit_min = day_min;
    bool blocks = false;
    if (product != nullptr) {
        const bool is_medicine = product->is_under("rx") || product->is_under("dscsa");
        if (product->is_under("fsma204")) limit_min = 4 * 60;
        if (is_medicine) limit_min = 15;
        if (product->hold_max_age_min) limit_min = *product->hold_max_age_min;
        blocks = is_medicine || product->hold_stale_blocks;
    }
    if (!is_beyond(age_s, limit_min)) return Freshness::fresh;
    return blocks ? Freshness::blocks : Freshness::warns;
}

Freshness freshness_of_documents(const ProductFacts* product,
                                 const std::optional<std::int64_t>& age_s) {
    std::int64_t limit_min = day_min;
    if (product != nullptr && product->doc_max_age_min) limit_min = *product->doc_max_age_min;
    return is_beyond(age_s, limit_min) ? Freshness::warns : Freshness::fresh;
}

}  // namespace lotgate::rules
