#pragma once

// A conveyor or sorter behind a PLC on Modbus/TCP or a serial line: cartons announced, lanes
// decided, diverts acknowledged and confirmed. The handshake and its registers are in README.md.

#include "adapters/adapter.hpp"
#include "adapters/gauges.hpp"
#include "adapters/modbus_conveyor/divert_protocol.hpp"
#include "adapters/modbus_conveyor/plc_pulse.hpp"
#include "adapters/modbus_conveyor/register_map.hpp"
#include "adapters/transport/health_keeper.hpp"
#include "adapters/transport/loop_event.hpp"
#include "adapters/transport/modbus_bus.hpp"
#include "adapters/transport/supervision.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lotgate::adapters {

/// Coils of a stack light; those that are not named are not there.
struct LampCoils {
    std::optional<std::uint16_t> good;
    std::optional<std::uint16_t> attention;
    std::optional<std::uint16_t> bad;
    std::optional<std::uint16_t> offline;  ///< nothing can be decided; without it, bad is lit
};

/// The requests (FC 15) that make a stack light show this and nothing else: what goes out first,
/// neighbours in one request.
[[nodiscard]] std::vector<RegisterRun> lamp_runs(const LampCoils& coils, Light light);

struct ModbusConveyorConfig {
    ModbusBusConfig bus;
    std::uint8_t unit = 1;                         ///< 0 to 255; behind a gateway 1 to 247
    std::uint16_t points = 1;                      ///< decision points on this PLC, 1 to 64
    std::chrono::milliseconds poll{20};            ///< 5 ms to 1 s, while cartons move
    std::chrono::milliseconds poll_idle{100};      ///< poll to 1 s, while none has for a while
    std::chrono::milliseconds heartbeat{500};      ///< 100 ms to 10 s, ours to the PLC
    std::chrono::milliseconds stale_after{2'000};  ///< 500 ms to 1 min without the PLC's
    bool write_and_read = true;  ///< FC 23; falls back to FC 16 where the PLC refuses it
    DivertTimes times;
    RegisterMap map;
    /// By name; the one of [device.lamps] has none.
    std::map<std::string, LampCoils> lamps;
};

/// One bus for each line, shared by the devices on it. Loop thread.
class ModbusBuses {
public:
    /// The bus with these settings, started if nobody has it.
    [[nodiscard]] Result<std::shared_ptr<ModbusBus>> on(const ModbusBusConfig& config,
                                                        const boost::asio::any_io_executor& loop);

private:
    std::map<std::string, std::weak_ptr<ModbusBus>> buses_;
};

class ModbusConveyor final : public Conveyor, public Gauged {
public:
    static constexpr std::string_view name_of_kind = "modbus_conveyor";

    /// Everything but id, kind and at. Opens nothing; records all problems.
    [[nodiscard]] static ModbusConveyorConfig parse(SettingsTable& table);

    /// The seam: production gives a bus, a test a PLC in memory.
    using Perform = std::function<boost::asio::awaitable<Result<ModbusAnswer>>(ModbusRequest)>;

    struct Ears {
        OnDivert on_divert;
        OnUnread on_unread;  ///< may be empty
        /// A carton was announced at this point, as seen by the look just made; may be empty.
        std::function<void(std::uint16_t point)> on_carton;
    };

    struct Around {
        World world;
        Ears ears;
        boost::asio::any_io_executor loop;
    };

    ModbusConveyor(DeviceId id, ModbusConveyorConfig config, Perform perform, Around around);
    /// Production: on a bus of `buses`. The configuration has been parsed without problems.
    [[nodiscard]] static std::unique_ptr<ModbusConveyor> on_bus(DeviceId id,
                                                                ModbusConveyorConfig config,
                                                                std::shared_ptr<ModbusBus> bus,
                                                                Around around);

    boost::asio::awaitable<void> run() override;
    void stop() override;

    [[nodiscard]] const DeviceId& id() const override { return id_; }

    [[nodiscard]] std::string_view kind() const override { return name_of_kind; }

    [[nodiscard]] Health health() const override { return health_.health(); }

    [[nodiscard]] std::vector<Counter> counters() const override;
    [[nodiscard]] std::string describe() const override;

    [[nodiscard]] boost::asio::awaitable<Result<Induction>> induction(std::uint16_t point) override;
    [[nodiscard]] boost::asio::awaitable<Result<>> divert(DivertOrder order) override;

    /// Bit n = lane n takes nothing more; nothing where the PLC does not say. As of the last look.
    [[nodiscard]] std::optional<std::uint16_t> lanes_full(std::uint16_t point) const override;
    void show(const std::string& lamp, Light light) override;
    [[nodiscard]] std::vector<Gauge> gauges() const override;

private:
    struct Waiter;

    struct Point {
        DecisionPoint protocol;
        std::vector<ModbusRange> ranges;
        PointReading last;
        std::map<std::uint16_t, std::shared_ptr<Waiter>> waiters;  ///< by sequence
        bool is_pumping = false;
    };

    struct Counts {
        std::uint64_t looks = 0;
        std::uint64_t cartons = 0;
        std::uint64_t written = 0;
        std::uint64_t repeated = 0;
        std::uint64_t acknowledged = 0;
        std::uint64_t confirmed = 0;
        std::uint64_t elsewhere = 0;  ///< missed, lane full, late, rejected
        std::uint64_t unknown = 0;
        std::uint64_t overtaken = 0;
        std::uint64_t unread = 0;
        std::uint64_t restarts = 0;
        std::uint64_t faults = 0;
        std::uint64_t unrecognised = 0;  ///< another PLC than the map's answered
        std::uint64_t not_kept = 0;      ///< read back otherwise than written
    };

    [[nodiscard]] Tick now() const;

    [[nodiscard]] bool has_stopped() const { return is_stopping_; }

    void set_pace();
    void show_condition();
    boost::asio::awaitable<void> watch();
    boost::asio::awaitable<void> tell_diverts();
    boost::asio::awaitable<void> tell_unread();
    boost::asio::awaitable<void> light_lamps();
    boost::asio::awaitable<Result<>> light(LampCoils coils, Light wanted);
    boost::asio::awaitable<Result<>> look_everywhere();
    boost::asio::awaitable<Result<>> look_at_spans();
    boost::asio::awaitable<Result<>> look(std::uint16_t number, bool is_urgent);
    boost::asio::awaitable<Result<>> beat();
    /// Of the bus, while there is one.
    boost::asio::awaitable<Result<ModbusAnswer>> ask(ModbusRequest request);
    /// Whether this link leads to the PLC of the map; asked before anything is written on it.
    boost::asio::awaitable<Result<>> recognise();
    boost::asio::awaitable<Result<>> read_back(std::vector<RegisterRun> runs);
    /// A write that goes to the recognised PLC or to none.
    [[nodiscard]] ModbusRequest bound(ModbusRequest request) const;
    boost::asio::awaitable<Result<>> light_once(LampCoils coils, Light wanted);
    boost::asio::awaitable<Result<>> pump(std::uint16_t number);
    boost::asio::awaitable<Result<>> write(std::uint16_t number, DivertOrder order);
    boost::asio::awaitable<Result<>> write_runs(std::uint16_t number, DivertOrder order);
    void saw(std::uint16_t number, const PointReading& reading);
    void take(DecisionPoint::Told told);
    void settle(Point& point, std::uint16_t sequence, Result<> result);
    /// The PLC cannot be reached or understood: what is open is unknown now.
    void lost(const Fault& fault);

    const DeviceId id_;
    const ModbusConveyorConfig config_;
    const World world_;
    const Ears ears_;
    Perform perform_;
    HealthKeeper health_;
    std::vector<Point> points_;
    PlcPulse pulse_;
    std::uint64_t link_ = 0;
    std::uint64_t recognised_ = 0;  ///< the link whose PLC bears the map's signature
    std::uint16_t beat_ = 0;
    std::optional<Tick> beaten_;
    std::vector<ReadSpan> spans_;       ///< all points, in as few requests as they take
    std::vector<std::uint16_t> known_;  ///< as of the last look at all of them
    std::shared_ptr<ModbusPace> pace_;
    Tick moved_{0};  ///< when a carton was last announced, decided or reported
    bool has_write_and_read_;
    bool is_lost_ = true;
    bool is_stopping_ = false;
    Counts counts_;
    std::deque<DivertReport> reports_;
    std::deque<Induction> unread_;
    LoopEvent has_report_;
    LoopEvent has_unread_;
    std::map<std::string, Light> wanted_;  ///< of each lamp, since the start
    std::map<std::string, Light> shown_;   ///< on this link
    LoopEvent has_wish_;
    LoopEvent stopped_;
};

}  // namespace lotgate::adapters
