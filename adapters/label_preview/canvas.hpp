#pragma once

// What is drawn on a label, in dots, as SVG. Every text is data: it is escaped, and what no XML can
// hold is a space.

#include "adapters/label_preview/symbols.hpp"

#include <string>
#include <string_view>

namespace lotgate::adapters {

struct Spot {
    int x = 0;
    int y = 0;
};

class Canvas {
public:
    struct Size {
        int width = 0;
        int height = 0;
        unsigned dots_per_mm = 8;
    };

    void set_size(Size size) { size_ = size; }

    [[nodiscard]] Size size() const { return size_; }

    void box(Spot at, Spot extent);
    /// A frame with sides of `thick` dots.
    void frame(Spot at, Spot extent, int thick);
    /// `module` is the size of one module; a symbol of one row is `height` high.
    void symbol(Spot at, const Modules& modules, int module, int height);

    struct Line {
        std::string text;
        int size = 20;
        int width = 0;  ///< for centre and right
        char justify = 'L';
    };

    void text(Spot at, const Line& line);

    [[nodiscard]] std::string svg() const;

private:
    Size size_;
    std::string drawn_;
};

}  // namespace lotgate::adapters
