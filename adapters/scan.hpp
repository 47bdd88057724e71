#pragma once

// What a scanner hands in, and what it is told. An adapter never sees the store: it is given an
// OnScan function and shows the answer on its own lamps.

#include "store/model/identity.hpp"
#include "store/model/time.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lotgate::adapters {

/// How the codes of one device are to be read, where it does not send what is in the symbol.
struct CodeReading {
    std::vector<std::string> gs_texts;          ///< what it sends for GS (0x1D): "<GS>", "~"
    std::vector<std::string> data_identifiers;  ///< read without an envelope: "S", "1T", "Q"
    std::string prefix;                         ///< of plain codes, cut off where it is there
    std::string suffix;
    bool expects_gs1 = false;  ///< without an AIM identifier its codes are GS1 element strings
};

/// Who says that what stands against this read may pass, as it came with it: nothing here is
/// proven, and the PINs are checked and dropped before anything is recorded.
struct OverrideFields {
    std::string badge;
    std::string pin;
    std::string reason;
    std::string second_badge;
    std::string second_pin;
    std::string code;  ///< the one refusal that is overruled, or empty
};

struct Scan {
    Scan(DeviceId device_, std::string bytes_, Instant received_)
        : device(std::move(device_)), bytes(std::move(bytes_)), received(received_) {}

    DeviceId device;
    std::string bytes;  ///< one code, framing removed, AIM identifier (if sent) still in front
    /// All different codes of one read event, `bytes` first, where there were several; else empty.
    /// They are one label, or one carton, and are judged together.
    std::vector<std::string> codes;
    std::shared_ptr<const CodeReading> reading;  ///< null: as the symbol has it
    Instant received;
    /// The device's own identity of this message (MQTT "id"), or empty: the station then makes one.
    std::string message_id;
    /// What a hand-held says it is doing ("receive", "pack"), or empty: the station's role decides.
    std::string step;
    std::string badge;  ///< who scanned, where the device knows
    /// How old the read was when it arrived; above the device's limit it is a fact, not a decision.
    std::chrono::milliseconds age{0};
    bool is_keyed = false;    ///< typed by a person, not read from a symbol
    std::string capture;      ///< PALLET_INFERRED, SLOT or MANUAL where the device says so
    bool is_no_read = false;  ///< the device looked and saw no code
    /// A person gave it in at the device's place (`lotgate devices inject`): said in the ledger.
    bool is_simulated = false;
    std::optional<OverrideFields> overriding;
};

/// What the person or carton in front of the device is shown; sent only after COMMIT.
enum class Light { good, attention, bad, unavailable };

struct ScanAnswer {
    ScanAnswer() = default;

    ScanAnswer(Light light_, std::string code_, std::string told_)
        : light(light_), code(std::move(code_)), told(std::move(told_)) {}

    Light light = Light::unavailable;
    std::string code;  ///< "ACCEPT" or the refusal's code
    std::string told;  ///< one sentence for the operator: what to do next
};

/// Called on the loop thread. Returns when the scan is durable and decided, or with
/// Light::unavailable when the store cannot take it (queue full, disk failed).
using OnScan = std::function<boost::asio::awaitable<ScanAnswer>(Scan)>;

}  // namespace lotgate::adapters
