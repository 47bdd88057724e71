#include "adapters/transport/scanner_profile.hpp"

#include "store/model/assert.hpp"

#include <algorithm>

namespace lotgate::adapters {

namespace {

// Ports and serial lines are defaults of the makers' manuals as far as known; all of them can be
// set otherwise in the device.

ScannerProfile generic() {
    ScannerProfile profile;
    profile.name = "generic";
    profile.framing = "line";
    return profile;
}

ScannerProfile cognex() {
    ScannerProfile profile = generic();
    profile.name = "cognex";
    profile.tcp_port = 23;  // the reader listens; Telnet's port
    profile.trigger_on = "||>trigger on\r\n";
    profile.trigger_off = "||>trigger off\r\n";
    profile.speaks_dmcc = true;
    // Number and pitch of its beeps; its own good-read output says nothing about the verdict.
    profile.feedback.good = "||>beep 1 2\r\n";
    profile.feedback.attention = "||>beep 2 1\r\n";
    profile.feedback.bad = "||>beep 3 0\r\n";
    profile.feedback.unavailable = "||>beep 3 0\r\n";
    return profile;
}

ScannerProfile sick() {
    ScannerProfile profile = generic();
    profile.name = "sick";
    profile.framing = "stx_etx";
    profile.no_reads = {"no code!"};
    // CoLa A: the reading gate is a method; it answers sAN, and sFA with a number where it failed.
    profile.trigger_on = "\x02sMN mTCgateon\x03";
    profile.trigger_off = "\x02sMN mTCgateoff\x03";
    profile.device_answers = {"sAN ", "sWA ", "sRA ", "sEA "};
    profile.device_errors = {"sFA"};
    return profile;
}

ScannerProfile keyence() {
    ScannerProfile profile = generic();
    profile.name = "keyence";
    profile.no_reads = {"ERROR"};
    profile.tcp_port = 9004;
    profile.line = "8E1";
    profile.trigger_on = "LON\r";
    profile.trigger_off = "LOFF\r";
    profile.device_answers = {"OK,"};
    // A command refused; reads lost in a full buffer; a fault of its own, with a number.
    profile.device_errors = {"ER,",
                             "OVER",
                             "ERR0",
                             "ERR1",
                             "ERR2",
                             "ERR3",
                             "ERR4",
                             "ERR5",
                             "ERR6",
                             "ERR7",
                             "ERR8",
                             "ERR9"};
    return profile;
}

ScannerProfile datalogic() {
    ScannerProfile profile = generic();
    profile.name = "datalogic";
    profile.tcp_port = 51236;
    // Host mode programming: done, and not done.
    profile.device_answers = {"\x1bK"};
    profile.device_errors = {"\x1bW"};
    return profile;
}

ScannerProfile honeywell() {
    ScannerProfile profile = generic();
    profile.name = "honeywell";
    profile.no_reads = {"NR"};
    profile.trigger_on = "\x16T\r";
    profile.trigger_off = "\x16U\r";
    return profile;
}

ScannerProfile zebra() {
    ScannerProfile profile = generic();
    profile.name = "zebra";
    return profile;
}

const std::vector<ScannerProfile>& profiles() {
    static const std::vector<ScannerProfile> all{
        generic(), cognex(), sick(), keyence(), datalogic(), honeywell(), zebra()};
    return all;
}

}  // namespace

const ScannerProfile& parse_profile(SettingsTable& table) {
    std::vector<std::string> names;
    for (const ScannerProfile& profile : profiles()) names.push_back(profile.name);
    const std::string name = table.one_of("profile", names);
    const auto found =
        std::find_if(profiles().begin(), profiles().end(), [&](const ScannerProfile& profile) {
            return profile.name == name;
        });
    LG_ASSERT(found != profiles().end());
    return *found;
}

}  // namespace lotgate::adapters
