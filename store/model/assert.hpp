#pragma once

// A bug is an assert, and asserts stay on in what ships: the process ends, systemd starts it
// again, and the ledger recovers. Never for input, devices, disks or networks.

#include <string_view>

namespace lotgate {

[[noreturn]] void assert_failed(std::string_view expression, std::string_view file, int line);

}  // namespace lotgate

#define LG_ASSERT(expression)            \
    ((expression) ? static_cast<void>(0) \
                  : ::lotgate::assert_failed(#expression, __FILE__, __LINE__))
