#include "daemon/cli/show.hpp"
#include "daemon/cli/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace lotgate::cli {

namespace {

std::string pick_text(const Json& pick) {
    std::string text = "  " + text_at(pick, {"quantity"}) + " from " + text_at(pick, {"place"});
    const std::string lot = text_at(pick, {"lot"});
    const std::string serial = text_at(pick, {"serial"});
    const std::string expires_on = text_at(pick, {"expires_on"});
    if (!lot.empty()) text += "  lot " + lot;
    if (!serial.empty()) text += "  serial " + serial;
    if (!expires_on.empty()) text += "  good until " + expires_on;
    return text + "\n";
}

std::string list_text(const Json& line, std::string_view name) {
    std::string text;
    const Json* const picks = member(line, {name});
    if (picks == nullptr || !picks->is_array()) return text;
    for (const Json& pick : picks->get_array()) text += pick_text(pick);
    return text;
}

}  // namespace

std::string show_picks(const Json& answer) {
    std::string text = "order " + text_at(answer, {"order"}) + " . " + text_at(answer, {"done"}) +
                       " / " + text_at(answer, {"quantity"}) + " . arrives " +
                       text_at(answer, {"delivered_on"}) + "\n";
    const Json* const lines = member(answer, {"lines"});
    if (lines == nullptr || !lines->is_array() || lines->get_array().empty())
        return text + "nothing is left to fetch\n";
    for (const Json& line : lines->get_array()) {
        text += "line " + text_at(line, {"line"}) + "  " + text_at(line, {"wanted"}) + " x " +
                text_at(line, {"product"}) + "  (" + text_at(line, {"rotation"}) + ")\n";
        text += list_text(line, "promised") + list_text(line, "picks");
        const std::string missing = text_at(line, {"missing"});
        if (missing != "0") text += "  " + missing + " MISSING: no eligible stock\n";
    }
    return text;
}

}  // namespace lotgate::cli
