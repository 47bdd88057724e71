#pragma once

// What a call that can fail gives back: a value, or the Fault that the world had.
// A refusal by a rule is not a Fault (it is data: store/rules/rule.hpp); a bug is an LG_ASSERT.

#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace lotgate {

/// What the program does about a fault; a code exists only if some caller acts on it.
enum class FaultCode {
    invalid_input,  ///< what was given is not of the form; do not retry
    unavailable,    ///< the other side is away (port, printer, broker); retry later
    timed_out,      ///< no answer within the deadline; the outcome is unknown
    closed,         ///< the link ended, or the object is stopping
    full,           ///< a bounded queue is full; slow down
    corrupt,        ///< data on disk or wire contradicts itself; stop using it
    store_unsafe,   ///< the disk failed or is full; nothing may be answered
    conflict,       ///< somebody else holds it (port, lock, epoch, newer schema)
};

[[nodiscard]] std::string_view name_of(FaultCode code);

/// Why it failed. `detail` is for a person and ends with what to do where that is known.
/// `untrusted` is text that came from a device or the network: escape it before showing it.
class Fault {
public:
    Fault(FaultCode code, std::string detail, std::string untrusted = {})
        : code_(code), detail_(std::move(detail)), untrusted_(std::move(untrusted)) {}

    [[nodiscard]] FaultCode code() const { return code_; }

    [[nodiscard]] const std::string& detail() const { return detail_; }

    [[nodiscard]] const std::string& untrusted() const { return untrusted_; }

private:
    FaultCode code_;
    std::string detail_;
    std::string untrusted_;
};

template <class T = void>
class [[nodiscard]] Result : public tl::expected<T, Fault> {
public:
    using tl::expected<T, Fault>::expected;
};

[[nodiscard]] inline tl::unexpected<Fault> fail(FaultCode code,
                                                std::string detail,
                                                std::string untrusted = {}) {
    return tl::unexpected<Fault>(Fault(code, std::move(detail), std::move(untrusted)));
}

[[nodiscard]] inline tl::unexpected<Fault> fail(Fault fault) {
    return tl::unexpected<Fault>(std::move(fault));
}

}  // namespace lotgate

#define LG_DETAIL_CAT2(a, b) a##b
#define LG_DETAIL_CAT(a, b) LG_DETAIL_CAT2(a, b)
#define LG_DETAIL_TRY(tmp, decl, expr, ret)                \
    auto tmp = (expr);                                     \
    if (!tmp) ret ::lotgate::fail(std::move(tmp).error()); \
    decl = std::move(*tmp)
#define LG_DETAIL_CHECK(tmp, expr, ret) \
    if (auto tmp = (expr); !tmp) ret ::lotgate::fail(std::move(tmp).error())

/// LG_TRY(auto port, parse(text)); returns the Fault, or declares `port`.
#define LG_TRY(decl, expr) LG_DETAIL_TRY(LG_DETAIL_CAT(lg_try_, __LINE__), decl, expr, return )
#define LG_CO_TRY(decl, expr) \
    LG_DETAIL_TRY(LG_DETAIL_CAT(lg_try_, __LINE__), decl, expr, co_return )
/// The same for a Result<> whose value nobody needs.
#define LG_CHECK(expr) LG_DETAIL_CHECK(LG_DETAIL_CAT(lg_try_, __LINE__), expr, return )
#define LG_CO_CHECK(expr) LG_DETAIL_CHECK(LG_DETAIL_CAT(lg_try_, __LINE__), expr, co_return )
