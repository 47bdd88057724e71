#pragma once

// All simulated devices of one process, made from a JSON file (docs/data/simulators.md).

#include "adapters/sim/link.hpp"
#include "adapters/sim/loop.hpp"
#include "adapters/sim/plc.hpp"
#include "adapters/sim/printer.hpp"
#include "adapters/sim/scanner.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace lotgate::sim {

class Warehouse {
public:
    /// `state_dir` is where relative links and label folders begin.
    Warehouse(Loop& loop, std::string state_dir);
    ~Warehouse();
    Warehouse(const Warehouse&) = delete;
    Warehouse& operator=(const Warehouse&) = delete;

    /// Adds the devices of the text; all its problems at once. Opens nothing.
    Result<> declare(const std::string& text);
    /// Opens all devices; stops at the first that cannot.
    Result<> open();

    /// nullptr: no such device, or of another kind.
    [[nodiscard]] Device* device(const std::string& id) const;
    [[nodiscard]] LineScanner* line_scanner(const std::string& id) const;
    [[nodiscard]] Scanner* scanner(const std::string& id) const;
    [[nodiscard]] LabelPrinter* printer(const std::string& id) const;
    [[nodiscard]] DivertPlc* plc(const std::string& id) const;
    [[nodiscard]] LinkProxy* link(const std::string& id) const;

    [[nodiscard]] std::vector<std::string> ids() const;
    [[nodiscard]] json::object report() const;

private:
    Result<std::unique_ptr<Device>> make(const json::object& item, std::size_t number);
    std::unique_ptr<Device> make_scanner(const std::string& kind, const std::string& id, Fields& f);
    std::unique_ptr<Device> make_printer(const std::string& kind,
                                         const std::string& id,
                                         Fields& fields);
    std::unique_ptr<Device> make_plc(const std::string& id, Fields& fields);
    std::unique_ptr<Device> make_link(const std::string& id, Fields& fields);
    [[nodiscard]] std::string placed(const std::string& path) const;

    Loop& loop_;
    const std::string state_dir_;
    std::vector<std::unique_ptr<Device>> devices_;
    std::map<std::string, Device*> by_id_;
};

}  // namespace lotgate::sim
