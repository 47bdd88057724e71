#pragma once

// What a frame from a scanner is: a code, several, none, a sign of life, or a code just seen.
// No I/O, no clock: times are given.

#include "store/model/settings.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::adapters {

struct ScannerProfile;

struct ScanPolicyConfig {
    /// Whole frames (spaces around them ignored) that say "looked, and saw no code". An empty
    /// frame between a start and an end is one, too.
    std::vector<std::string> no_reads{"NOREAD", "NoRead", "NO READ", "ERROR", "?", "??????"};
    /// How frames begin that are the device's own answers to commands ("sAN "), and those by which
    /// it says that it failed ("ER,"): never codes.
    std::vector<std::string> device_answers;
    std::vector<std::string> device_errors;
    bool speaks_dmcc = false;    ///< frames that begin "||" are a Cognex reader's answers
    std::string heartbeat;       ///< a whole frame that only says "alive"; empty = none
    std::string code_separator;  ///< between the codes of one frame; empty = one code a frame
    /// The same code again within this time of its last sighting is the same object (0 to 1 min;
    /// 300 ms for presentation, 1500 ms on a conveyor). 0 = never.
    std::chrono::milliseconds same_code_quiet{300};
};

/// Keys no_reads, device_answers, device_errors, dmcc, heartbeat, code_separator, same_code_quiet.
[[nodiscard]] ScanPolicyConfig parse_scan_policy(SettingsTable& table,
                                                 const ScannerProfile& profile);

struct ScanReads {
    std::vector<std::string> codes;  ///< to be decided, in the order of the frame
    bool is_no_read = false;
    bool is_alive = false;   ///< heartbeat
    bool is_answer = false;  ///< to a command: says nothing about an object
    std::string fault;       ///< the device says that it failed, in words for a person
};

class ScanPolicy {
public:
    explicit ScanPolicy(ScanPolicyConfig config);

    [[nodiscard]] ScanReads judge(const std::string& frame, std::chrono::nanoseconds now);
    /// The code was not decided (no store): the next sighting is a new one.
    void forget(const std::string& code);
    /// Another object stands there (photo-eye edge, trigger): every code is new again.
    void new_object();

    [[nodiscard]] std::uint64_t suppressed() const { return suppressed_; }

private:
    struct Seen {
        std::string code;
        std::chrono::nanoseconds at;
    };

    [[nodiscard]] ScanReads judge_read(const std::string& frame, std::chrono::nanoseconds now);
    [[nodiscard]] bool is_repeated(const std::string& code, std::chrono::nanoseconds now);

    const ScanPolicyConfig config_;
    std::vector<Seen> seen_;  ///< the last few codes
    std::uint64_t suppressed_ = 0;
};

}  // namespace lotgate::adapters
