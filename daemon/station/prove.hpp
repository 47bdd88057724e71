#pragma once

// Who somebody says they are, checked: the PINs are compared here and go no further. What they may
// do, and whether their badge is locked, the store decides in its transaction.

#include "adapters/scan.hpp"
#include "daemon/store_access.hpp"
#include "store/rules/authority.hpp"

#include <boost/asio/awaitable.hpp>

namespace lotgate::site {

/// Loop thread. Fault full or unavailable where the PINs could not be looked at. An empty PIN is a
/// wrong one.
[[nodiscard]] boost::asio::awaitable<Result<rules::Authority>> prove(
    StoreAccess& store, adapters::OverrideFields given);

}  // namespace lotgate::site
