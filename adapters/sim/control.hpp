#pragma once

// The control socket: one JSON object a line in, one out, as docs/data/simulators.md describes.
// Requests of one connection run side by side; an answer carries the request's "tag", if it had
// one.

#include "adapters/sim/black_hole.hpp"
#include "adapters/sim/fields.hpp"
#include "adapters/sim/loop.hpp"
#include "adapters/sim/warehouse.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace lotgate::sim {

class Control {
public:
    Control(Loop& loop, Warehouse& warehouse);
    ~Control();
    Control(const Control&) = delete;
    Control& operator=(const Control&) = delete;

    Result<> open(const std::string& path);

private:
    /// Called once, with the answer's members without "ok" and "tag", or with the Fault.
    using Reply = std::function<void(Result<json::object>)>;
    using Request = void (Control::*)(Fields&, const Reply&);

    struct Client;
    struct Waiting;

    [[nodiscard]] static const std::map<std::string_view, Request>& requests();

    void accepted(const StreamPtr& stream);
    void heard(const std::shared_ptr<Client>& client, std::string_view bytes);
    void serve(const std::shared_ptr<Client>& client, const std::string& line);

    void do_scan(Fields& request, const Reply& reply);
    void do_send_raw(Fields& request, const Reply& reply);
    void do_induct(Fields& request, const Reply& reply);
    void do_load(Fields& request, const Reply& reply);
    void do_scanner(Fields& request, const Reply& reply);
    void do_aim(Fields& request, const Reply& reply);
    void do_printer(Fields& request, const Reply& reply);
    void do_plc(Fields& request, const Reply& reply);
    void do_registers(Fields& request, const Reply& reply);
    void do_link(Fields& request, const Reply& reply);
    void do_unplug(Fields& request, const Reply& reply);
    void do_blackhole(Fields& request, const Reply& reply);
    void do_replug(Fields& request, const Reply& reply);
    void do_report(Fields& request, const Reply& reply);
    void do_labels(Fields& request, const Reply& reply);
    void do_wait(Fields& request, const Reply& reply);
    void do_quit(Fields& request, const Reply& reply);

    void look_again(const std::shared_ptr<Waiting>& waiting);
    [[nodiscard]] std::vector<Device*> devices_of(Fields& request);

    template <class Kind>
    Kind* find(Fields& request, Kind* (Warehouse::*of)(const std::string&) const);

    Loop& loop_;
    Warehouse& warehouse_;
    ListenerPtr listener_;
    std::vector<std::shared_ptr<Client>> clients_;
    std::map<std::string, std::unique_ptr<BlackHole>> holes_;  ///< by device
};

}  // namespace lotgate::sim
