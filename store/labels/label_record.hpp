#pragma once

// One label's number and what is known of it, and how it is printed again so that two live labels
// of one number never are (rule R-36): under a new number, the old one void; or as a copy that says
// so, when the first is destroyed; or as it was, when it surely was never printed.

#include "store/events/bodies.hpp"
#include "store/ranges.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lotgate::store::sqlite {
class Database;
}

namespace lotgate::store {

/// What an effect's subject names: "container:<sscc>" for an SSCC alone, else as it is.
[[nodiscard]] std::string label_target(const std::string& effect_subject);

struct LabelRecord {
    std::string subject;  ///< of its print effects: an SSCC, or "unit:…", "lot:…"
    std::optional<ContainerSet> carton;
    std::int64_t effect = 0;  ///< the last print; 0: it was never asked for
    std::string effect_state;
    std::optional<EffectBody> print;
    bool is_void = false;
    std::string replaced_by;
    std::int64_t copies = 1;

    [[nodiscard]] bool was_never_printed() const {
        return effect_state == "failed" || effect_state == "expired";
    }

    [[nodiscard]] bool is_under_way() const {
        return effect_state == "intended" || effect_state == "sent";
    }
};

[[nodiscard]] LabelRecord read_label(sqlite::Database& database, const std::string& subject);

enum class PrintAgain { as_it_was, as_copy, under_new_number };

struct AgainRequest {
    PrintAgain how = PrintAgain::as_it_was;
    RangeFacts sscc;      ///< for a new number
    std::string printer;  ///< empty: the one it was printed by
    std::string reason;
    std::int64_t first_id = 0;  ///< ids of this event from here on
    Instant now;
};

struct AgainPlan {
    std::vector<Change> changes;
    std::vector<EffectBody> effects;
    std::vector<std::string> mentions;
    std::string subject;  ///< of the new label
};

/// `record.print` is there.
[[nodiscard]] AgainPlan plan_again(const LabelRecord& record, const AgainRequest& request);

}  // namespace lotgate::store
