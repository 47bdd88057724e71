#include "adapters/transport/scan_policy.hpp"

#include "adapters/transport/dmcc.hpp"
#include "adapters/transport/flight_recorder.hpp"
#include "adapters/transport/frame.hpp"
#include "adapters/transport/scanner_profile.hpp"

#include <algorithm>
#include <utility>

namespace lotgate::adapters {

namespace {

constexpr std::size_t remembered_max = 64;
constexpr std::size_t told_bytes_max = 40;  // of a device's own words, to a person

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

bool begins_with_any(const std::string& frame, const std::vector<std::string>& beginnings) {
    const auto begins = [&](const std::string& one) { return frame.starts_with(one); };
    return std::any_of(beginnings.begin(), beginnings.end(), begins);
}

std::vector<std::string> beginnings_at(SettingsTable& table,
                                       const char* key,
                                       const std::vector<std::string>& usual) {
    if (!table.has(key)) return usual;
    std::vector<std::string> words = table.texts(key);
    // Every frame begins with nothing at all: no code would be left.
    if (std::find(words.begin(), words.end(), std::string()) != words.end()) {
        table.problem(key, "an empty text begins every frame: no code would be left");
    }
    return words;
}

}  // namespace

ScanPolicyConfig parse_scan_policy(SettingsTable& table, const ScannerProfile& profile) {
    using namespace std::chrono_literals;
    ScanPolicyConfig config;
    std::vector<std::string>& words = config.no_reads;
    words.insert(words.end(), profile.no_reads.begin(), profile.no_reads.end());
    if (table.has("no_reads")) words = table.texts("no_reads");
    config.device_answers = beginnings_at(table, "device_answers", profile.device_answers);
    config.device_errors = beginnings_at(table, "device_errors", profile.device_errors);
    config.speaks_dmcc = table.flag("dmcc", profile.speaks_dmcc);
    config.heartbeat = table.text("heartbeat", profile.heartbeat);
    config.code_separator = table.text("code_separator", profile.code_separator);
    if (!unescape(config.code_separator)) {
        table.problem("code_separator", "an escape is not \\r, \\n, \\t, \\\\ or \\xHH");
    }
    if (config.code_separator.find('\x1D') != std::string::npos) {
        table.problem("code_separator", "GS (1D) is part of GS1 codes and cannot separate them");
    }
    config.same_code_quiet = table.duration("same_code_quiet", config.same_code_quiet, {0ms, 60s});
    return config;
}

ScanPolicy::ScanPolicy(ScanPolicyConfig config) : config_(std::move(config)) {}

ScanReads ScanPolicy::judge(const std::string& frame, std::chrono::nanoseconds now) {
    ScanReads reads;
    if (const auto answer = config_.speaks_dmcc ? read_dmcc(frame) : std::nullopt) {
        reads.fault = answer->fault;
        reads.is_answer = answer->fault.empty() && !answer->is_read;
        if (!answer->is_read) return reads;
        return judge_read(answer->data, now);
    }
    reads.is_answer = begins_with_any(frame, config_.device_answers);
    if (reads.is_answer) return reads;
    if (begins_with_any(frame, config_.device_errors)) {
        reads.fault = "it says \"" + escaped(frame.substr(0, told_bytes_max)) +
                      "\": the maker's manual lists what that means";
        return reads;
    }
    return judge_read(frame, now);
}

ScanReads ScanPolicy::judge_read(const std::string& frame, std::chrono::nanoseconds now) {
    ScanReads reads;
    const std::string_view text = trimmed(frame);
    reads.is_alive = !config_.heartbeat.empty() && text == config_.heartbeat;
    if (reads.is_alive) return reads;
    const auto& no_reads = config_.no_reads;
    reads.is_no_read =
        text.empty() || std::find(no_reads.begin(), no_reads.end(), text) != no_reads.end();
    if (reads.is_no_read) return reads;

    std::vector<std::string> codes{frame};
    if (!config_.code_separator.empty()) {
        codes.clear();
        for (std::size_t at = 0; at <= frame.size();) {
            const std::size_t end = std::min(frame.find(config_.code_separator, at), frame.size());
            if (end > at) codes.push_back(frame.substr(at, end - at));
            at = end + config_.code_separator.size();
        }
    }
    for (std::string& code : codes) {
        if (is_repeated(code, now)) {
            ++suppressed_;
        } else {
            reads.codes.push_back(std::move(code));
        }
    }
    return reads;
}

bool ScanPolicy::is_repeated(const std::string& code, std::chrono::nanoseconds now) {
    if (config_.same_code_quiet.count() == 0) return false;
    const auto is_old = [&](const Seen& seen) { return now - seen.at > config_.same_code_quiet; };
    seen_.erase(std::remove_if(seen_.begin(), seen_.end(), is_old), seen_.end());
    for (Seen& seen : seen_) {
        if (seen.code != code) continue;
        seen.at = now;
        return true;
    }
    if (seen_.size() >= remembered_max) seen_.erase(seen_.begin());
    seen_.push_back({code, now});
    return false;
}

void ScanPolicy::forget(const std::string& code) {
    const auto is_it = [&](const Seen& seen) { return seen.code == code; };
    seen_.erase(std::remove_if(seen_.begin(), seen_.end(), is_it), seen_.end());
}

void ScanPolicy::new_object() {
    seen_.clear();
}

}  // namespace lotgate::adapters
