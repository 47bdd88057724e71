#include "store/rules/verdict.hpp"

#include "store/rules/attempt.hpp"

namespace lotgate::rules {

std::string_view name_of(Decision decision) {
    switch (decision) {
        case Decision::accept:
            return "accept";
        case Decision::warn:
            return "warn";
        case Decision::hold:
            return "hold";
        case Decision::divert:
            return "divert";
        case Decision::reject:
            return "reject";
    }
    return "reject";
}

std::string_view name_of(OverrideClass override_class) {
    switch (override_class) {
        case OverrideClass::never:
            return "never";
        case OverrideClass::supervisor:
            return "supervisor";
        case OverrideClass::two_people:
            return "two_people";
        case OverrideClass::operator_confirms:
            return "operator_confirms";
    }
    return "never";
}

std::string_view lacking(const Authority& authority, OverrideClass override_class) {
    if (override_class == OverrideClass::never) return "NEVER_ALLOWED";
    if (authority.badge.empty()) return "BADGE_REQUIRED";
    if (override_class == OverrideClass::operator_confirms) return {};
    if (authority.reason.empty()) return "REASON_REQUIRED";
    if (override_class == OverrideClass::supervisor) return {};
    const bool has_second =
        !authority.second_badge.empty() && authority.second_badge != authority.badge;
    return has_second ? std::string_view() : "SECOND_BADGE_REQUIRED";
}

}  // namespace lotgate::rules
