// The shipped templates, filled and drawn, in each language: one JSON line each with the picture
// and what a reader must find on it.

#include "adapters/label_preview/preview.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <string>

namespace {

using namespace lotgate;
using namespace lotgate::adapters;

LabelFields fields_with(const std::string& serial, const std::string& lot) {
    LabelFields fields;
    for (auto& [name, value] : example_label_fields()) {
        if (name == "serial") value = serial;
        if (name == "lot") value = lot;
        fields.emplace_back(name, value);
    }
    return fields;
}

std::string wanted_of(const std::string& name, const std::string& serial, const std::string& lot) {
    if (name == "carton")
        return "0009506000134352001702095060001343523"
               "73\x1d"
               "10" +
               lot;
    const std::string product =
        "0109506000134352"
        "17270331"
        "10" +
        lot;
    return name == "unit" ? product +
                                "\x1d"
                                "21" +
                                serial
                          : product;
}

}  // namespace

int main() {
    const auto templates = LabelTemplates::load(std::string(LOTGATE_SOURCE_DIR) + "/config/labels");
    if (!templates) return 1;
    for (const auto& name : (*templates)->names()) {
        for (const auto language : {LabelLanguage::zpl, LabelLanguage::tspl}) {
            for (const auto& [serial, lot] :
                 {std::pair{"1000042", "L-88"}, std::pair{"a_b\"%~^c", "x<y>&'z"}}) {
                std::string safe = serial;
                std::erase_if(safe, [](char c) { return c == '~' || c == '^'; });
                const auto label = (*templates)->render(name, language, fields_with(safe, lot));
                if (!label) {
                    std::fputs((label.error().detail() + "\n").c_str(), stderr);
                    return 1;
                }
                const auto preview = preview_label(language, *label);
                if (!preview) {
                    std::fputs((preview.error().detail() + "\n").c_str(), stderr);
                    return 1;
                }
                boost::json::object line;
                line["name"] = fmt::format("{}.{}", name, name_of(language));
                line["svg"] = preview->svg;
                line["not_shown"] = preview->not_shown.size();
                line["]d2"] = wanted_of(name, safe, lot);
                if (name == "carton") line["]C1"] = "00095060001343520017";
                std::puts(boost::json::serialize(line).c_str());
            }
        }
    }
    return 0;
}
