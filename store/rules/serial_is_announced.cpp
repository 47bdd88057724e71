#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

namespace {

// An old copy of the ASN may simply not name it yet: then a medicine too is taken in and compared
// again when the cloud is heard.
bool document_is_old(const Facts& facts) {
    const auto& age_max_min = facts.product->doc_max_age_min;
    return age_max_min && !(facts.doc_age_s && *facts.doc_age_s <= *age_max_min * 60);
}

Verdict not_announced(const Facts& facts, const std::string& serial) {
    if (facts.product->is_regulated() && !document_is_old(facts))
        return held(
            "SERIAL_NOT_ON_ASN",
            fmt::format("Serial {} is not on {}. It is held: bring it to quarantine and ask "
                        "the supplier for its data.",
                        serial,
                        facts.document->id));
    return warned("SERIAL_NOT_ON_ASN",
                  fmt::format("Serial {} is not on {}. It is taken in; ask the supplier.",
                              serial,
                              facts.document->id));
}

}  // namespace

Verdict serial_is_announced(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.is_serialised() || !attempt.what.serial ||
        !facts.document)
        return {};
    const std::string& serial = attempt.what.serial->as_labelled();
    if (facts.unit) {
        if (facts.unit->state != UnitState::expected || facts.unit->document == facts.document->id)
            return {};
        return warned("SERIAL_NOT_ON_ASN",
                      fmt::format("Serial {} belongs to {}, not to {}. It is received there; check "
                                  "that nothing else is mixed up.",
                                  serial,
                                  facts.unit->document,
                                  facts.document->id));
    }
    for (const LineFacts& line : facts.lines)
        if (line.has_serials) return not_announced(facts, serial);
    return {};
}

}  // namespace lotgate::rules
