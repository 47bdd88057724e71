#include "daemon/cli/show.hpp"
#include "daemon/cli/text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace lotgate::cli {

namespace {

std::string frame_lines(const Json& answer) {
    std::string out;
    for (const Json* const frame : items_at(answer, {"frames"})) {
        out += text_at(*frame, {"at"}) + " " + text_at(*frame, {"way"}) + " " +
               text_at(*frame, {"text"}) + "\n";
        const std::string hex = text_at(*frame, {"hex"});
        if (!hex.empty()) out += "                               " + hex + "\n";
    }
    return out.empty() ? "nothing has been recorded of its wire\n" : out;
}

std::string unit_lines(const Json& answer) {
    std::string out;
    const std::string declared = text_at(answer, {"unit", "declared"});
    const std::string accepted = text_at(answer, {"unit", "accepted"});
    const std::string other = text_at(answer, {"unit", "other"});
    if (!declared.empty()) out += "unit     " + declared + "\n";
    if (!accepted.empty()) out += "         replaced by " + accepted + ", accepted here\n";
    if (!other.empty()) {
        out += "         " + other + " is plugged in instead: lotgate devices replace " +
               text_at(answer, {"device", "id"}) + " accepts it\n";
    }
    return out;
}

std::string measure_lines(const Json* device) {
    std::string out;
    const Json* const measures = device == nullptr ? nullptr : member(*device, {"measures"});
    if (measures == nullptr || !measures->is_object()) return out;
    for (const auto& measure : measures->get_object()) {
        const Json* const value = member(measure.value(), {"value"});
        boost::system::error_code error;
        const double number = value == nullptr ? 0.0 : value->to_number<double>(error);
        const std::string unit = text_at(measure.value(), {"unit"});
        out += fmt::format("measures {} {:g}{}{}\n",
                           printable(std::string(measure.key())),
                           number,
                           unit.empty() ? "" : " ",
                           unit);
    }
    return out;
}

}  // namespace

std::string show_device(const Json& answer) {
    const std::string now = text_at(answer, {"now"});
    std::string out = text_at(answer, {"device", "id"}) + "  " +
                      text_at(answer, {"device", "kind"}) + " at " +
                      text_at(answer, {"device", "at"}) + "\n";
    out += "state    " + text_at(answer, {"device", "state"}) + " since " +
           ago_text(text_at(answer, {"device", "since"}), now) + "\n";
    const std::string because = text_at(answer, {"device", "because"});
    if (!because.empty()) out += "because  " + because + "\n";
    out += "useful   " + ago_text(text_at(answer, {"device", "last_useful"}), now) + "\n";
    const std::string station = text_at(answer, {"station"});
    if (!station.empty()) out += "station  " + station + "\n";
    out += "is       " + text_at(answer, {"device", "describes"}) + "\n";
    out += unit_lines(answer);
    const Json* const device = member(answer, {"device"});
    const std::string counts = device == nullptr ? "" : counts_text(*device, {"counters"});
    if (!counts.empty()) out += "counted  " + counts + "\n";
    out += measure_lines(device);
    return out + "\n" + frame_lines(answer);
}

std::string show_discovered(const Json& answer) {
    Table ports({"SERIAL PORT", "NOW", "USB"});
    for (const Json* const port : items_at(answer, {"serial"})) {
        ports.add({text_at(*port, {"port"}), text_at(*port, {"tty"}), text_at(*port, {"usb"})});
    }
    std::string out = ports.is_empty() ? "no serial ports with a lasting name\n" : ports.text();
    const std::int64_t asked = number_at(answer, {"asked"});
    if (asked == 0) return out;
    for (const Json* const printer : items_at(answer, {"port_9100"})) {
        out += text_at(*printer, {}) + " takes connections on port 9100\n";
    }
    return out + grouped(asked) + " addresses asked\n";
}

std::string show_recording(const Json& answer) {
    return "event #" + text_at(answer, {"seq"}) + "  " + text_at(answer, {"device"}) + "  " +
           text_at(answer, {"code"}) + "\n" + frame_lines(answer);
}

}  // namespace lotgate::cli
