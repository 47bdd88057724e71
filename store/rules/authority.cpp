#include "store/rules/authority.hpp"

#include <algorithm>
#include <array>

namespace lotgate::rules {

namespace {

constexpr std::array<std::string_view, 5> role_names = {
    "", "operator", "supervisor", "quality", "admin"};

constexpr std::array reasons = std::to_array<OverrideReason>({
    {"checked", "A person looked at the goods and answers for them.", {}},
    {"label_damaged", "The label is damaged; the goods are right.", {}},
    {"customer_agrees", "The customer was asked and agrees.", {}},
    {"supplier_agrees", "The supplier was asked and agrees.", {}},
    {"quality_release", "Quality has released the goods.", {}},
    {"takeover", "This station takes the work over.", {}},
    {"emergency", "It cannot wait; the case says why.", {}},
    {"inaccessible", "The earlier lot cannot be reached.", "FEFO_VIOLATION"},
    {"customer_named_lot", "The customer asked for this lot.", "FEFO_VIOLATION"},
    {"single_lot_order",
     "The order wants one lot, and the earlier one is too small.",
     "FEFO_VIOLATION"},
    {"damaged_front_lot", "The earlier lot is damaged.", "FEFO_VIOLATION"},
});

bool decides_alone(const std::string& role) {
    const auto named = role_named(role);
    return named && *named >= Role::supervisor;
}

bool is_known(const std::string& role) {
    return role_named(role).has_value();
}

}  // namespace

std::string_view name_of(Role role) {
    return role_names[static_cast<std::size_t>(role)];
}

std::optional<Role> role_named(std::string_view name) {
    for (std::size_t i = 1; i < role_names.size(); ++i)
        if (role_names[i] == name) return static_cast<Role>(i);
    return std::nullopt;
}

Role strongest_of(std::string_view names) {
    Role strongest = Role::none;
    while (!names.empty()) {
        const std::size_t end = names.find(' ');
        strongest = std::max(strongest, role_named(names.substr(0, end)).value_or(Role::none));
        if (end == std::string_view::npos) break;
        names.remove_prefix(end + 1);
    }
    return strongest;
}

bool satisfies(OverrideClass wanted, const Authority& authority) {
    if (authority.badge.empty() || !authority.wrong_pin.empty()) return false;
    const bool has_reason = is_reason(authority.reason);
    switch (wanted) {
        case OverrideClass::never:
            return false;
        case OverrideClass::supervisor:
            return has_reason &&
                   (decides_alone(authority.role) ||
                    (!authority.second_badge.empty() && decides_alone(authority.second_role)));
        case OverrideClass::two_people:
            return has_reason && authority.second_badge != authority.badge &&
                   is_known(authority.role) && is_known(authority.second_role) &&
                   (decides_alone(authority.role) || decides_alone(authority.second_role));
        case OverrideClass::operator_confirms:
            return is_known(authority.role);
    }
    return false;
}

std::string_view lacking(const Authority& authority, OverrideClass wanted, bool people_are_known) {
    if (wanted == OverrideClass::never) return "NEVER_ALLOWED";
    if (authority.badge.empty()) return "BADGE_REQUIRED";
    const bool anybody_may = wanted == OverrideClass::operator_confirms;
    if (!anybody_may && authority.reason.empty()) return "REASON_REQUIRED";
    const bool has_second =
        !authority.second_badge.empty() && authority.second_badge != authority.badge;
    if (wanted == OverrideClass::two_people && !has_second) return "SECOND_BADGE_REQUIRED";
    if (!people_are_known) return {};
    if (!authority.wrong_pin.empty()) return "PIN_WRONG";
    if (!is_known(authority.role)) return "BADGE_UNKNOWN";
    if (has_second && !is_known(authority.second_role)) return "BADGE_UNKNOWN";
    if (anybody_may || decides_alone(authority.role)) return {};
    return has_second && decides_alone(authority.second_role) ? std::string_view() : "ROLE_TOO_LOW";
}

std::span<const OverrideReason> override_reasons() {
    return reasons;
}

const OverrideReason* reason_for(std::string_view reason, std::string_view finding_code) {
    const bool has_own = std::any_of(reasons.begin(), reasons.end(), [&](const auto& row) {
        return row.only_for == finding_code && !finding_code.empty();
    });
    for (const OverrideReason& row : reasons) {
        const bool fits = has_own ? row.only_for == finding_code : row.only_for.empty();
        if (row.code == reason && fits) return &row;
    }
    return nullptr;
}

bool is_reason(std::string_view code) {
    return std::any_of(
        reasons.begin(), reasons.end(), [&](const auto& row) { return row.code == code; });
}

}  // namespace lotgate::rules
