#include "adapters/label_preview/canvas.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::adapters {

namespace {

constexpr int edge_max = 8000;  // dots: a metre at 8 a millimetre

std::string escaped(std::string_view text) {
    std::string all;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '&')
            all += "&amp;";
        else if (c == '<')
            all += "&lt;";
        else if (c == '>')
            all += "&gt;";
        else if (c == '"')
            all += "&quot;";
        else
            all += byte < 0x20 || byte == 0x7f ? ' ' : c;
    }
    return all;
}

}  // namespace

void Canvas::box(Spot at, Spot extent) {
    drawn_ += fmt::format(
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>\n", at.x, at.y, extent.x, extent.y);
}

void Canvas::frame(Spot at, Spot extent, int thick) {
    if (2 * thick >= extent.x || 2 * thick >= extent.y) return box(at, extent);
    box(at, {extent.x, thick});
    box({at.x, at.y + extent.y - thick}, {extent.x, thick});
    box(at, {thick, extent.y});
    box({at.x + extent.x - thick, at.y}, {thick, extent.y});
}

void Canvas::symbol(Spot at, const Modules& modules, int module, int height) {
    const int row_height = modules.size() == 1 ? height : module;
    for (std::size_t y = 0; y < modules.size(); ++y) {
        const std::string& row = modules[y];
        for (std::size_t x = 0; x < row.size();) {
            const auto end = std::min(row.find(row[x] == '1' ? '0' : '1', x), row.size());
            if (row[x] == '1')
                box({at.x + static_cast<int>(x) * module, at.y + static_cast<int>(y) * row_height},
                    {static_cast<int>(end - x) * module, row_height});
            x = end;
        }
    }
}

void Canvas::text(Spot at, const Line& line) {
    const char* anchor = line.justify == 'C' ? "middle" : line.justify == 'R' ? "end" : "start";
    int x = at.x;
    if (line.justify == 'C') x += line.width / 2;
    if (line.justify == 'R') x += line.width;
    drawn_ += fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"{}\" text-anchor=\"{}\">{}</text>\n",
                          x,
                          at.y + line.size * 4 / 5,
                          line.size,
                          anchor,
                          escaped(line.text));
}

std::string Canvas::svg() const {
    const int width = std::clamp(size_.width, 1, edge_max);
    const int height = std::clamp(size_.height, 1, edge_max);
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{2:.1f}mm\" "
        "height=\"{3:.1f}mm\" font-family=\"sans-serif\" shape-rendering=\"crispEdges\">\n"
        "<path fill=\"#fff\" d=\"M0 0h{0}v{1}h-{0}z\"/>\n{4}</svg>\n",
        width,
        height,
        static_cast<double>(width) / size_.dots_per_mm,
        static_cast<double>(height) / size_.dots_per_mm,
        drawn_);
}

}  // namespace lotgate::adapters
