#pragma once

// A scanner on the network, either way round: we dial it (role client), or it dials us (role
// server, with a list of addresses that may). Options: README.md beside this file.
//
// In the server role a new connection takes the place of the present one: a scanner that was
// switched off and on dials again long before its old connection is noticed to be dead.

#include "adapters/adapter.hpp"
#include "adapters/transport/scanner_line.hpp"

#include <memory>
#include <string_view>

namespace lotgate::adapters {

struct TcpScannerConfig {
    bool is_server = false;
    TcpConfig peer;              ///< role client: whom we dial
    TcpListener::Config listen;  ///< role server: where it dials us
    ScannerConfig scanner;
};

class TcpScanner final : public Adapter, public Recorded, public Triggered {
public:
    static constexpr std::string_view kind_name = "tcp_scanner";

    /// Asks for all keys but id, kind and at. Opens nothing.
    [[nodiscard]] static TcpScannerConfig parse(SettingsTable& table);

    TcpScanner(DeviceId id, TcpScannerConfig config, OnScan on_scan, World world);
    TcpScanner(const TcpScanner&) = delete;
    TcpScanner& operator=(const TcpScanner&) = delete;
    ~TcpScanner() override;

    boost::asio::awaitable<void> run() override;
    void stop() override;

    void object_here() override { line_.object_here(); }

    [[nodiscard]] const DeviceId& id() const override { return line_.device(); }

    [[nodiscard]] std::string_view kind() const override { return kind_name; }

    [[nodiscard]] Health health() const override { return line_.health(); }

    [[nodiscard]] std::vector<Counter> counters() const override;
    [[nodiscard]] std::string describe() const override;

    [[nodiscard]] const FlightRecorder& recorder() const override { return line_.recorder(); }

    /// Role server: the port it listens on (chosen by the system where 0 was configured), or 0
    /// while it does not.
    [[nodiscard]] std::uint16_t listening_port() const;

private:
    [[nodiscard]] ScannerLine::Parts parts_of(DeviceId id, OnScan on_scan, World world);
    boost::asio::awaitable<Result<std::unique_ptr<ByteStream>>> wait_for_dial();
    boost::asio::awaitable<void> accepting();

    const TcpScannerConfig config_;
    std::unique_ptr<TcpListener> listener_;
    std::unique_ptr<ByteStream> dialled_;  ///< accepted, not yet taken over
    std::unique_ptr<LoopEvent> listening_;
    std::unique_ptr<LoopEvent> has_dialled_;
    std::uint64_t replaced_ = 0;
    ScannerLine line_;
};

}  // namespace lotgate::adapters
