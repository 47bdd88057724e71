#include "store/rules/verdict.hpp"

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

}  // namespace lotgate::rules
