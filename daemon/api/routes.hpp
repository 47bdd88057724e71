#pragma once

// What each address answers (docs/data/api.md, docs/openapi.yaml). Knows nothing of sockets.

#include "daemon/api/metrics.hpp"
#include "daemon/api/request.hpp"
#include "daemon/api/site_view.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace lotgate::api {

/// A request whose address was recognised.
struct Call {
    const Request& request;
    std::vector<std::string> captured;  ///< the {parts} of the route, in order

    [[nodiscard]] std::string query(const std::string& name) const;
};

class Routes {
public:
    using Answer = boost::asio::awaitable<Reply>;

    /// Both outlive it. Loop thread only.
    Routes(SiteView& site, const Metrics& metrics) : site_(site), metrics_(metrics) {}

    /// `request` is parsed, has passed the guard, and is owned by the frame that awaits.
    [[nodiscard]] Answer answer(const Request& request);

private:
    using Handler = Answer (Routes::*)(const Call&);

    struct Route {
        std::string_view method;
        std::string_view pattern;
        Handler handler;
    };

    [[nodiscard]] static const std::vector<Route>& table();

    [[nodiscard]] Answer health(const Call& call);
    [[nodiscard]] Answer status(const Call& call);
    [[nodiscard]] Answer devices(const Call& call);
    [[nodiscard]] Answer stations(const Call& call);
    [[nodiscard]] Answer decisions(const Call& call);
    [[nodiscard]] Answer cases(const Call& call);
    [[nodiscard]] Answer trace(const Call& call);
    [[nodiscard]] Answer recall(const Call& call);
    [[nodiscard]] Answer why(const Call& call);
    [[nodiscard]] Answer picks(const Call& call);
    [[nodiscard]] Answer stock_change(const Call& call);
    [[nodiscard]] Answer reasons(const Call& call);
    [[nodiscard]] Answer outbox(const Call& call);
    [[nodiscard]] Answer chain(const Call& call);
    [[nodiscard]] Answer live(const Call& call);
    [[nodiscard]] Answer metrics(const Call& call);
    [[nodiscard]] Answer scan(const Call& call);
    [[nodiscard]] Answer decide(const Call& call);
    [[nodiscard]] Answer operations(const Call& call);
    [[nodiscard]] Answer operate(const Call& call);
    [[nodiscard]] Answer preview(const Call& call);
    [[nodiscard]] Answer print_queue(const Call& call);
    [[nodiscard]] Answer ask_printer(const Call& call);

    // ---- export_routes.cpp
    [[nodiscard]] Answer exported(const Call& call);

    // ---- device_routes.cpp
    [[nodiscard]] Answer device(const Call& call);
    [[nodiscard]] Answer inject(const Call& call);
    [[nodiscard]] Answer replace(const Call& call);
    [[nodiscard]] Answer trace_wire(const Call& call);
    [[nodiscard]] Answer trigger(const Call& call);
    [[nodiscard]] Answer discover(const Call& call);
    [[nodiscard]] Answer recording(const Call& call);

    SiteView& site_;
    const Metrics& metrics_;
    bool is_verifying_ = false;
};

}  // namespace lotgate::api
