#include "daemon/device_set.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>

namespace lotgate::site {

namespace asio = boost::asio;
using namespace std::chrono_literals;

DeviceSet::DeviceSet(adapters::DeviceServices services, Effects& effects)
    : services_(std::move(services)), effects_(&effects) {}

std::string DeviceSet::adopt(std::vector<adapters::DeviceDeclaration> declared) {
    bury();
    std::vector<std::shared_ptr<RunningDevice>> before = std::move(devices_);
    devices_.assign(declared.size(), nullptr);
    for (std::size_t i = 0; i < declared.size(); ++i) {
        const auto same = std::find_if(before.begin(), before.end(), [&](const auto& running) {
            return running != nullptr && running->declaration.id == declared[i].id &&
                   running->declaration.fingerprint == declared[i].fingerprint;
        });
        if (same != before.end()) devices_[i] = std::move(*same);
    }
    // What went must let go of its port before its successor opens it: stop first.
    std::string told;
    const auto tell = [&told](std::string_view what, const DeviceId& id) {
        told += (told.empty() ? "" : ", ") + std::string(what) + " " + id.text();
    };
    for (const auto& running : before) {
        if (running == nullptr) continue;
        tell("stopped", running->declaration.id);
        retire(running);
    }
    for (std::size_t i = 0; i < declared.size(); ++i) {
        if (devices_[i] != nullptr) continue;
        tell("started", declared[i].id);
        devices_[i] = start(std::move(declared[i]));
    }
    return told.empty() ? "no device changed" : told;
}

adapters::Adapter* DeviceSet::named(const std::string& id) const {
    const auto is_it = [&](const auto& device) {
        return device != nullptr && device->declaration.id.text() == id;
    };
    const auto found = std::find_if(devices_.begin(), devices_.end(), is_it);
    return found == devices_.end() ? nullptr : (*found)->adapter.get();
}

void DeviceSet::restart(const std::string& id) {
    bury();
    const auto is_it = [&](const auto& device) {
        return device != nullptr && device->declaration.id.text() == id;
    };
    const auto found = std::find_if(devices_.begin(), devices_.end(), is_it);
    if (found == devices_.end()) return;
    adapters::DeviceDeclaration again = (*found)->declaration;
    retire(*found);
    *found = start(std::move(again));
}

std::shared_ptr<RunningDevice> DeviceSet::start(adapters::DeviceDeclaration declaration) {
    auto adapter = declaration.make(services_);
    auto running = std::make_shared<RunningDevice>(
        RunningDevice{std::move(declaration), std::move(adapter), false});
    if (auto* printer = dynamic_cast<adapters::Printer*>(running->adapter.get()))
        effects_->know(*printer);
    if (auto* conveyor = dynamic_cast<adapters::Conveyor*>(running->adapter.get()))
        effects_->know(*conveyor);
    spdlog::info("{}: {}", running->declaration.id.text(), running->adapter->describe());
    auto ended = [this, running](std::exception_ptr escaped) {
        // An adapter that throws is a bug: end, and let systemd and the ledger recover.
        if (escaped) std::rethrow_exception(escaped);
        running->has_ended = true;
        if (!is_stopping_) pass_on(*running);
    };
    asio::co_spawn(services_.loop, running->adapter->run(), std::move(ended));
    return running;
}

void DeviceSet::retire(const std::shared_ptr<RunningDevice>& device) {
    effects_->forget(device->declaration.id.text());
    device->adapter->stop();
    retired_.push_back(device);
}

// The site goes on without it: its labels must not wait for the next start.
void DeviceSet::pass_on(const RunningDevice& ended) {
    const auto* printer = dynamic_cast<const adapters::Printer*>(ended.adapter.get());
    if (printer == nullptr) return;
    auto passed_on = [](std::exception_ptr escaped) {
        if (escaped) std::rethrow_exception(escaped);
    };
    asio::co_spawn(services_.loop, effects_->take_over(printer), std::move(passed_on));
}

void DeviceSet::bury() {
    std::erase_if(retired_, [](const auto& device) { return device->has_ended; });
}

asio::awaitable<void> DeviceSet::stop_all(std::chrono::milliseconds deadline) {
    is_stopping_ = true;
    for (const auto& device : devices_) retire(device);
    devices_.clear();
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (auto waited = 0ms; waited < deadline; waited += 10ms) {
        bury();
        if (retired_.empty()) co_return;
        timer.expires_after(10ms);
        co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    for (const auto& device : retired_)
        spdlog::warn("{} did not stop in time", device->declaration.id.text());
}

}  // namespace lotgate::site
