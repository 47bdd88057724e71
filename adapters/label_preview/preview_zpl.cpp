#include "adapters/label_preview/canvas.hpp"
#include "adapters/label_preview/languages.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace lotgate::adapters {

namespace {

int number(std::string_view text, int fallback) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end != text.data() ? value : fallback;
}

std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto comma = text.find(',');
        parts.push_back(text.substr(0, comma));
        if (comma == std::string_view::npos) return parts;
        text.remove_prefix(comma + 1);
    }
}

int part(const std::vector<std::string_view>& parts, std::size_t n, int fallback) {
    return n < parts.size() ? number(parts[n], fallback) : fallback;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// ^FH: the escape character and two hexadecimal digits are a byte.
std::string unescaped(std::string_view data, char escape) {
    std::string text;
    for (std::size_t i = 0; i < data.size(); ++i) {
        const bool may_be = escape != 0 && data[i] == escape && i + 2 < data.size();
        const int high = may_be ? hex_digit(data[i + 1]) : -1;
        const int low = may_be ? hex_digit(data[i + 2]) : -1;
        if (high < 0 || low < 0) {
            text += data[i];
            continue;
        }
        text += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return text;
}

class Zpl {
public:
    explicit Zpl(unsigned dots_per_mm) { size_.dots_per_mm = dots_per_mm; }

    Result<LabelPreview> draw(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto caret = bytes.find('^');
            if (caret == std::string_view::npos || caret + 3 > bytes.size()) break;
            const std::string name(bytes.substr(caret + 1, 2));
            bytes.remove_prefix(caret + 3);
            const auto end = std::min(bytes.find('^'), bytes.size());
            LG_CHECK(command(name, bytes.substr(0, end)));
        }
        canvas_.set_size(size_);
        return LabelPreview{canvas_.svg(), not_shown_};
    }

private:
    /// What has been said of the field that is being drawn.
    struct Field {
        Spot at;
        int size = 20;
        char hex = 0;
        std::string barcode;
        std::vector<std::string_view> parameters;
        int block_width = 0;
        int block_lines = 1;
        char justify = 'L';
        bool is_baseline = false;  ///< ^FT
    };

    Result<> command(const std::string& name, std::string_view rest) {
        static constexpr std::array silent{
            "XA", "XZ", "JZ", "CI", "LH", "PQ", "FX", "MM", "MN", "MT", "PR", "MD"};
        const auto parts = split(rest);
        if (name == "PW")
            size_.width = part(parts, 0, 812);
        else if (name == "LL")
            size_.height = part(parts, 0, 609);
        else if (name == "BY") {
            module_ = part(parts, 0, 2);
            height_ = part(parts, 2, 10);
        } else if (name == "GB")
            graphic_box(parts);
        else if (name == "FD")
            return data(rest);
        else if (name == "FS")
            field_ = {};
        else if (!describes_field(name, parts, rest) &&
                 std::find(silent.begin(), silent.end(), name) == silent.end())
            not_shown_.push_back("^" + name);
        return {};
    }

    bool describes_field(const std::string& name,
                         const std::vector<std::string_view>& parts,
                         std::string_view rest) {
        if (name == "FO" || name == "FT") {
            field_ = {};
            field_.at = {part(parts, 0, 0), part(parts, 1, 0)};
            field_.is_baseline = name == "FT";
        } else if (name == "A0") {
            field_.size = part(parts, 1, 20);
        } else if (name == "FB") {
            block(parts);
        } else if (name == "FH") {
            field_.hex = rest.empty() || rest[0] == '\n' ? '_' : rest[0];
        } else if (name == "BC" || name == "BX" || name == "BQ") {
            field_.barcode = name;
            field_.parameters = parts;
        } else {
            return false;
        }
        return true;
    }

    void block(const std::vector<std::string_view>& parts) {
        field_.block_width = part(parts, 0, 0);
        field_.block_lines = part(parts, 1, 1);
        if (parts.size() > 3 && !parts[3].empty()) field_.justify = parts[3][0];
    }

    void graphic_box(const std::vector<std::string_view>& parts) {
        const int thick = std::max(part(parts, 2, 1), 1);
        canvas_.frame(
            field_.at,
            {std::max(part(parts, 0, thick), thick), std::max(part(parts, 1, thick), thick)},
            thick);
    }

    Result<> data(std::string_view raw) {
        const std::string text = unescaped(raw, field_.hex);
        if (text.empty()) return {};
        if (field_.barcode.empty()) {
            draw_text(text);
            return {};
        }
        if (field_.barcode == "BC") return linear(text);
        return field_.barcode == "BX" ? matrix(text) : qr(text);
    }

    Result<> linear(const std::string& text) {
        LG_TRY(const Modules modules, code128_of_zpl(text));
        canvas_.symbol(field_.at, modules, module_, part(field_.parameters, 1, height_));
        return {};
    }

    Result<> matrix(const std::string& text) {
        // ^BXN,h,200,,,,_,1: "_1" is FNC1, a doubled "_" one of them.
        const char escape = field_.parameters.size() > 6 && !field_.parameters[6].empty()
                                ? field_.parameters[6][0]
                                : '_';
        std::string plain;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const bool is_escape = text[i] == escape && i + 1 < text.size();
            if (is_escape && text[i + 1] == '1') plain += '\x1d';
            if (is_escape && text[i + 1] == escape) plain += escape;
            if (is_escape)
                ++i;
            else
                plain += text[i];
        }
        const bool is_gs1 = !plain.empty() && plain[0] == '\x1d';
        LG_TRY(const Modules modules, datamatrix(is_gs1 ? plain.substr(1) : plain, is_gs1));
        canvas_.symbol(field_.at, modules, part(field_.parameters, 1, 4), 0);
        return {};
    }

    Result<> qr(const std::string& text) {
        const auto comma = text.find(',');
        LG_TRY(const Modules modules,
               qr_code(comma == std::string::npos ? text : text.substr(comma + 1)));
        canvas_.symbol(field_.at, modules, part(field_.parameters, 2, 4), 0);
        return {};
    }

    /// Lines of a block, broken by its width: half a letter's height is taken for its breadth.
    [[nodiscard]] std::vector<std::string> lines_of(const std::string& text) const {
        const auto letters = field_.block_width > 0
                                 ? static_cast<std::size_t>(std::max(
                                       field_.block_width * 2 / std::max(field_.size, 1), 1))
                                 : text.size();
        std::vector<std::string> lines;
        std::string line;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const bool breaks = text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '&';
            if (breaks || line.size() >= letters) {
                lines.push_back(std::move(line));
                line.clear();
            }
            if (breaks)
                ++i;
            else
                line += text[i];
        }
        lines.push_back(std::move(line));
        return lines;
    }

    void draw_text(const std::string& text) {
        const auto lines = lines_of(text);
        const int most = field_.block_width > 0 ? field_.block_lines : 1;
        for (int n = 0; n < std::min(static_cast<int>(lines.size()), most); ++n) {
            Canvas::Line line;
            line.text = lines[static_cast<std::size_t>(n)];
            line.size = field_.size;
            line.width = field_.block_width;
            line.justify = field_.justify;
            const int up = field_.is_baseline ? field_.size : 0;
            canvas_.text({field_.at.x, field_.at.y + n * field_.size - up}, line);
        }
    }

    Canvas canvas_;
    Canvas::Size size_{812, 609, 8};
    Field field_;
    int module_ = 2;
    int height_ = 10;
    std::vector<std::string> not_shown_;
};

}  // namespace

Result<LabelPreview> preview_zpl(const std::string& bytes, unsigned dots_per_mm) {
    return Zpl(dots_per_mm).draw(bytes);
}

}  // namespace lotgate::adapters
