#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

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
        if (line.has_serials)
            return warned("SERIAL_NOT_ON_ASN",
                          fmt::format("Serial {} is not on {}. It is taken in; ask the supplier.",
                                      serial,
                                      facts.document->id));
    return {};
}

}  // namespace lotgate::rules
