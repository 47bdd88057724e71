#include "daemon/station/prove.hpp"

namespace lotgate::site {

namespace asio = boost::asio;

asio::awaitable<Result<rules::Authority>> prove(StoreAccess& store,
                                                adapters::OverrideFields given) {
    rules::Authority authority;
    authority.badge = given.badge;
    authority.reason = given.reason;
    authority.second_badge = given.second_badge;
    authority.code = given.code;
    const auto first = co_await store.is_pin(given.badge, std::move(given.pin));
    if (!first) co_return fail(first.error());
    if (!*first) authority.wrong_pin = authority.badge;
    if (authority.second_badge.empty() || !*first) co_return authority;
    const auto second = co_await store.is_pin(given.second_badge, std::move(given.second_pin));
    if (!second) co_return fail(second.error());
    if (!*second) authority.wrong_pin = authority.second_badge;
    co_return authority;
}

}  // namespace lotgate::site
