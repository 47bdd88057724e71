// lotgate-sim WAREHOUSE.json --control SOCKET [--state DIR]: the other end of every wire.

#include "adapters/sim/control.hpp"
#include "adapters/sim/loop.hpp"
#include "adapters/sim/warehouse.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string_view>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>

namespace {

using lotgate::Result;

struct Arguments {
    std::string warehouse;
    std::string control;
    std::string state;
};

constexpr std::string_view usage =
    "usage: lotgate-sim WAREHOUSE.json --control SOCKET [--state DIR]\n";

Result<Arguments> read_arguments(int count, char** values) {
    Arguments arguments;
    for (int at = 1; at < count; ++at) {
        const std::string_view word = values[at];
        if (word == "--control" || word == "--state") {
            if (++at == count)
                return lotgate::fail(lotgate::FaultCode::invalid_input,
                                     fmt::format("{} needs a path", word));
            (word == "--control" ? arguments.control : arguments.state) = values[at];
        } else if (arguments.warehouse.empty() && !word.starts_with('-')) {
            arguments.warehouse = word;
        } else {
            return lotgate::fail(lotgate::FaultCode::invalid_input,
                                 fmt::format("{} is not known", word));
        }
    }
    if (arguments.warehouse.empty() || arguments.control.empty())
        return lotgate::fail(lotgate::FaultCode::invalid_input,
                             "a warehouse file and --control are needed");
    return arguments;
}

// A thousand devices need more descriptors than the usual soft limit of 1024.
void raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int complain(std::string_view what, int code) {
    fmt::print(stderr, "lotgate-sim: {}\n", what);
    return code;
}

}  // namespace

int main(int count, char** values) {
    const auto arguments = read_arguments(count, values);
    if (!arguments) {
        fmt::print(stderr, "{}", usage);
        return complain(arguments.error().detail(), EX_USAGE);
    }
    std::ifstream file(arguments->warehouse);
    if (!file) return complain(arguments->warehouse + ": cannot be read", EX_NOINPUT);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    raise_descriptor_limit();
    if (!arguments->state.empty()) ::mkdir(arguments->state.c_str(), S_IRWXU);

    lotgate::sim::Loop loop;
    loop.stop_on_signals();
    lotgate::sim::Warehouse warehouse(loop, arguments->state);
    if (const auto declared = warehouse.declare(text); !declared)
        return complain(fmt::format("{}:\n{}", arguments->warehouse, declared.error().detail()),
                        EX_CONFIG);
    if (const auto opened = warehouse.open(); !opened)
        return complain(opened.error().detail(), EX_UNAVAILABLE);
    lotgate::sim::Control control(loop, warehouse);
    if (const auto opened = control.open(arguments->control); !opened)
        return complain(opened.error().detail(), EX_UNAVAILABLE);

    // One line for whoever started it: all is open, and these are the addresses.
    boost::json::object ready;
    ready["ready"] = true;
    ready["devices"] = warehouse.report();
    fmt::print("{}\n", boost::json::serialize(ready));
    std::fflush(stdout);
    loop.run();
    return 0;
}
