#include "tests/kit/device_script.hpp"

#include "adapters/transport/flight_recorder.hpp"
#include "store/model/settings.hpp"
#include "tests/kit/scripted_line.hpp"
#include "tests/kit/settings_text.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

namespace lotgate::kit {

namespace {

using std::chrono::milliseconds;

std::string file_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path.string());
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

milliseconds time_of(const std::string& word) {
    const auto time = parse_duration(word);
    if (!time) throw std::runtime_error("not a time: " + word);
    return *time;
}

std::string byte_word(const std::string& word) {
    static const std::map<std::string, char> names{{"STX", '\x02'},
                                                   {"ETX", '\x03'},
                                                   {"CR", '\r'},
                                                   {"LF", '\n'},
                                                   {"GS", '\x1D'},
                                                   {"NUL", '\0'},
                                                   {"ESC", '\x1B'},
                                                   {"TAB", '\t'}};
    if (const auto found = names.find(word); found != names.end()) return {found->second};
    if (word.size() == 3 && word[0] == 'x') {
        return {static_cast<char>(std::stoi(word.substr(1), nullptr, 16))};
    }
    throw std::runtime_error("not bytes: " + word);
}

/// One device, its line, its station, and what was seen of them.
class Stage {
public:
    Stage() : time_(loop_), line_(time_, [this](const std::string& bytes) { wrote(bytes); }) {
        time_.on_quiet([this] { look(); });
    }

    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    ~Stage() {
        // What still runs refers to the members here: it ends first.
        time_.on_quiet({});
        cancel_.emit(boost::asio::cancellation_type::terminal);
        time_.run_until(time_.elapsed());
    }

    void put_on(const MakeDevice& make, const std::string& settings) {
        SettingsText text(settings);
        SettingsTable table = text.table();
        ScriptedWorld world;
        world.open = line_.open();
        world.on_scan = [this](adapters::Scan scan) { return decide(std::move(scan)); };
        world.world = time_.world();
        device_ = make(table, std::move(world));
        table.no_other_keys();
        if (!text.complaints().empty()) throw std::runtime_error(text.complaints());
        auto ended = [this](const std::exception_ptr& escaped) {
            log(escaped ? "run THREW" : "run ended");
        };
        boost::asio::co_spawn(
            loop_, device_->run(), boost::asio::bind_cancellation_slot(cancel_.slot(), ended));
    }

    void step(const std::string& words) {
        std::istringstream rest(words);
        std::string first;
        rest >> first;
        if (first == "<-") return line_.receive(bytes_of(words.substr(words.find("<-") + 2)));
        std::string second;
        rest >> second;
        if (first == "line") return line(second);
        if (first == "verdict") return verdict(second, rest);
        if (first == "object") return dynamic_cast<adapters::Triggered&>(*device_).object_here();
        if (first == "clock") {
            std::string by;
            rest >> by;
            const milliseconds time = time_of(by);
            return time_.jump_wall_clock(second == "falls" ? -time : time);
        }
        throw std::runtime_error("not a step: " + words);
    }

    void run_until(milliseconds when) { time_.run_until(when); }

    std::string finish() {
        device_->stop();
        time_.run_until(time_.elapsed());
        return log_;
    }

private:
    void log(const std::string& what) {
        log_ += fmt::format("{}ms {}\n", time_.elapsed().count(), what);
    }

    void wrote(const std::string& bytes) { log("-> \"" + adapters::escaped(bytes) + "\""); }

    void line(const std::string& what) {
        if (what == "opens") line_.plug_in();
        if (what == "drops") line_.drop("line dropped");
        if (what == "pulled") line_.pull_out("line pulled");
        if (what == "stalls") line_.block_writes(true);
        if (what == "flows") line_.block_writes(false);
    }

    void verdict(const std::string& light, std::istringstream& rest) {
        answer_.light = light == "good"        ? adapters::Light::good
                        : light == "attention" ? adapters::Light::attention
                        : light == "bad"       ? adapters::Light::bad
                                               : adapters::Light::unavailable;
        std::string takes;
        std::string time = "0ms";
        rest >> answer_.code >> takes >> time;
        takes_ = time_of(time);
        answer_.told = "Do as " + answer_.code + " says.";
    }

    boost::asio::awaitable<adapters::ScanAnswer> decide(adapters::Scan scan) {
        std::string line = "scan \"" + adapters::escaped(scan.bytes) + "\"";
        for (std::size_t i = 1; i < scan.codes.size(); ++i) {
            line += " and \"" + adapters::escaped(scan.codes[i]) + "\"";
        }
        if (scan.is_no_read) line += " no_read";
        if (scan.age.count() > 0) line += fmt::format(" age={}ms", scan.age.count());
        log(line);
        const adapters::ScanAnswer answer = answer_;
        if (takes_.count() > 0) {
            co_await time_.wait(takes_);
        }
        co_return answer;
    }

    /// Health and counters that changed.
    void look() {
        if (!device_) return;
        const adapters::Health health = device_->health();
        std::string state = fmt::format("health {}", adapters::name_of(health.state));
        if (!health.because.empty()) state += " because \"" + health.because + "\"";
        if (state != state_) log(state);
        state_ = state;
        for (const adapters::Counter& counter : device_->counters()) {
            const std::string name(counter.name);
            const bool is_told = name.starts_with("dropped_") || name == "suppressed" ||
                                 name == "heartbeats" || name == "noise_bytes" ||
                                 name == "held_back" || name == "answers_failed";
            std::uint64_t& before = counts_[name];
            if (is_told && counter.value != before) {
                log(fmt::format("{} +{}", name, counter.value - before));
            }
            before = counter.value;
        }
    }

    boost::asio::io_context loop_;
    boost::asio::cancellation_signal cancel_;
    VirtualTime time_;
    ScriptedLine line_;
    std::unique_ptr<adapters::Adapter> device_;
    adapters::ScanAnswer answer_{adapters::Light::good, "ACCEPT", "Go on."};
    milliseconds takes_{0};
    std::string log_;
    std::string state_;
    std::map<std::string, std::uint64_t> counts_;
};

}  // namespace

std::string bytes_of(const std::string& words) {
    std::string bytes;
    std::string last;
    for (std::size_t at = words.find_first_not_of(' '); at < words.size();
         at = words.find_first_not_of(' ', at)) {
        if (words[at] == '"') {
            const std::size_t end = words.find('"', at + 1);
            last = words.substr(at + 1, end - at - 1);
            bytes += last;
            at = end + 1;
            continue;
        }
        const std::size_t end = std::min(words.find(' ', at), words.size());
        const std::string word = words.substr(at, end - at);
        at = end;
        if (word == "*") {
            std::size_t used = 0;
            const int times = std::stoi(words.substr(at), &used);
            for (int i = 1; i < times; ++i) bytes += last;
            at += used;
        } else {
            last = byte_word(word);
            bytes += last;
        }
    }
    return bytes;
}

std::vector<std::filesystem::path> cases_in(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (std::filesystem::exists(entry.path() / "wire.txt")) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::string play(const std::filesystem::path& folder, const MakeDevice& make) {
    Stage stage;
    stage.put_on(make, file_text(folder / "device.toml"));
    std::istringstream lines(file_text(folder / "wire.txt"));
    milliseconds last{0};
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line.front() == '#') continue;
        const std::size_t space = line.find(' ');
        last = time_of(line.substr(0, space));
        if (last.count() > 0) stage.run_until(last);  // at 0 ms the device has not begun
        const std::size_t begin = line.find_first_not_of(' ', space);
        if (line.substr(begin) == "end") return stage.finish();
        stage.step(line.substr(begin));
        stage.run_until(last);
    }
    stage.run_until(last + std::chrono::seconds(1));
    return stage.finish();
}

std::string expected_in(const std::filesystem::path& folder) {
    std::istringstream lines(file_text(folder / "expect.txt"));
    std::string text;
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line.front() == '#') continue;
        // The time stands in a column of its own.
        const std::size_t space = line.find(' ');
        const milliseconds time = time_of(line.substr(0, space));
        text +=
            fmt::format("{}ms {}\n", time.count(), line.substr(line.find_first_not_of(' ', space)));
    }
    return text;
}

}  // namespace lotgate::kit
