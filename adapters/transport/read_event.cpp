#include "adapters/transport/read_event.hpp"

#include "adapters/transport/frame.hpp"
#include "adapters/transport/scanner_profile.hpp"
#include "store/model/assert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace lotgate::adapters {

using namespace std::chrono_literals;

namespace {

/// What no label and no bin has: more end the window, so that noise cannot fill the memory.
constexpr std::size_t codes_max = 64;

std::string command_at(SettingsTable& table, const char* key, const std::string& usual) {
    if (!table.has(key)) return usual;
    std::string text = table.text(key, "");
    if (!unescape(text)) table.problem(key, "an escape is not \\r, \\n, \\t, \\\\ or \\xHH");
    return text;
}

Gather gather_named(const std::string& name) {
    if (name == "frame") return Gather::frame;
    return name == "window" ? Gather::window : Gather::each_code;
}

}  // namespace

ReadEventConfig parse_read_event(SettingsTable& table, const ScannerProfile& profile) {
    ReadEventConfig config;
    config.gather = gather_named(table.one_of("reads", {"each", "frame", "window"}));
    config.window = table.duration("read_window", config.window, {10ms, 60s});
    config.codes_expected =
        static_cast<std::size_t>(table.integer("codes_expected", 0, {0, codes_max}));
    config.is_triggered = table.one_of("triggered_by", {"itself", "gateway"}) == "gateway";
    config.trigger_on = command_at(table, "trigger_on", profile.trigger_on);
    config.trigger_off = command_at(table, "trigger_off", profile.trigger_off);
    const bool has_window = config.gather == Gather::window || config.is_triggered;
    if (!has_window && table.has("read_window")) {
        table.problem("read_window",
                      "there is no window without reads = \"window\" or triggered_by = \"gateway\"",
                      "reads = \"window\"");
    }
    if (config.gather != Gather::window && table.has("codes_expected")) {
        table.problem(
            "codes_expected", "codes are only waited for in a window", "reads = \"window\"");
    }
    return config;
}

std::string describe(const ReadEventConfig& config) {
    std::string told = config.gather == Gather::each_code ? "each code is a read"
                       : config.gather == Gather::frame
                           ? "the codes of a frame are one read"
                           : fmt::format("codes within {} ms are one read", config.window.count());
    if (config.is_triggered) told += ", triggered by the gateway";
    return told;
}

void ReadWindow::open(std::chrono::nanoseconds now, bool is_announced) {
    LG_ASSERT(!is_open_);
    is_open_ = true;
    is_announced_ = is_announced;
    has_read_ = false;
    ends_at_ = now + config_.window;
    event_ = ReadEvent();
}

void ReadWindow::add(ReadEvent read) {
    if (!has_read_) {
        event_.received = read.received;
        event_.age = read.age;
    }
    has_read_ = true;
    if (read.codes.empty()) event_.told = std::move(read.told);
    for (std::string& code : read.codes) {
        const bool is_known =
            std::find(event_.codes.begin(), event_.codes.end(), code) != event_.codes.end();
        if (!is_known) event_.codes.push_back(std::move(code));
    }
}

bool ReadWindow::is_complete() const {
    const std::size_t enough = config_.codes_expected > 0 ? config_.codes_expected : codes_max;
    return event_.codes.size() >= enough;
}

std::chrono::milliseconds ReadWindow::left(std::chrono::nanoseconds now) const {
    // Rounded up: a wait that ends a moment too early would be made again.
    return std::max(std::chrono::ceil<std::chrono::milliseconds>(ends_at_ - now), 0ms);
}

ReadEvent ReadWindow::take(Instant at) {
    LG_ASSERT(is_open_);
    is_open_ = false;
    if (!has_read_) event_.received = at;
    return std::exchange(event_, ReadEvent());
}

}  // namespace lotgate::adapters
