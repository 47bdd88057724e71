#pragma once

// Who overrules the rule book, and what their word is worth. A person proves who they are outside
// (a PIN checked against the cached hash, or a badge scanned at a station that takes it as enough);
// what they may do is read from their row in the transaction that records the decision.

#include "store/rules/verdict.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lotgate::rules {

/// Ascending: each may what those before it may.
enum class Role { none, worker, supervisor, quality, admin };

/// "operator", "supervisor", "quality", "admin"; empty for none.
[[nodiscard]] std::string_view name_of(Role role);
[[nodiscard]] std::optional<Role> role_named(std::string_view name);
/// The strongest of space-separated role names.
[[nodiscard]] Role strongest_of(std::string_view names);

/// Whose word comes with an attempt or an operation. `role` and `second_role` are filled in by the
/// store, in its transaction; what a caller writes there is not looked at.
struct Authority {
    std::string badge;
    std::string role;
    std::string reason;  ///< a code of override_reasons()
    std::string second_badge;
    std::string second_role;
    std::string code;          ///< overrules findings of this code alone; empty: all it can
    bool is_by_badge = false;  ///< scanned at the station, without a PIN
    std::string wrong_pin;     ///< whose PIN was wrong, or empty: then nothing is overruled
};

/// True where this authority may overrule a finding of that class: one supervisor (or quality or
/// admin), two different people one of whom is such, or anybody who is known. A reason is needed
/// for all but the last. Never is never.
[[nodiscard]] bool satisfies(OverrideClass wanted, const Authority& authority);

/// What is lacking for something of that class that is no scan: "NEVER_ALLOWED", "BADGE_REQUIRED",
/// "REASON_REQUIRED", "SECOND_BADGE_REQUIRED"; and at a site that knows its people "PIN_WRONG",
/// "BADGE_UNKNOWN", "ROLE_TOO_LOW". Empty where nothing is. The reason is words of the person's
/// own.
[[nodiscard]] std::string_view lacking(const Authority& authority,
                                       OverrideClass wanted,
                                       bool people_are_known);

/// Why a person overrules; short codes that fit on a barcode card.
struct OverrideReason {
    std::string_view code;
    std::string_view words;
    std::string_view only_for;  ///< the one code it is for, or empty: any
};

[[nodiscard]] std::span<const OverrideReason> override_reasons();
/// The reason of that code where it fits findings of `finding_code`; else nullptr. A rule that has
/// reasons of its own takes no others.
[[nodiscard]] const OverrideReason* reason_for(std::string_view reason,
                                               std::string_view finding_code);
[[nodiscard]] bool is_reason(std::string_view code);

/// Wrong PINs in a row until a badge is locked, and for how long.
inline constexpr int wrong_pins_max = 5;
inline constexpr long long badge_lock_s = 900;

}  // namespace lotgate::rules
