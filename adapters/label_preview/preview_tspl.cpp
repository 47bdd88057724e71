#include "adapters/label_preview/canvas.hpp"
#include "adapters/label_preview/languages.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <vector>

namespace lotgate::adapters {

namespace {

/// One line: its word, and what stands between its commas, quotes taken off.
struct Command {
    std::string word;
    std::vector<std::string> parts;
};

/// \["] \[R] \[L] of a text as they are printed.
std::string plain(const std::string& text) {
    std::string all;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_control = text.compare(i, 2, "\\[") == 0 && i + 3 < text.size();
        if (!is_control) {
            all += text[i];
            continue;
        }
        if (text[i + 2] == '"') all += '"';
        if (text[i + 2] == 'L') all += '\n';
        i += 3;
    }
    return all;
}

/// 100.5 of "100.5 mm"; 0 where no number stands.
double leading_number(const std::string& text) {
    return std::strtod(text.c_str(), nullptr);
}

Command command_of(std::string_view line) {
    Command command;
    std::size_t at = 0;
    for (; at < line.size() && std::isalpha(static_cast<unsigned char>(line[at])) != 0; ++at)
        command.word += static_cast<char>(std::toupper(static_cast<unsigned char>(line[at])));
    std::string part;
    bool is_quoted = false;
    for (; at < line.size(); ++at) {
        const bool is_escaped = line.substr(at, 4) == "\\[\"]";
        if (is_escaped) {
            part += "\\[\"]";
            at += 3;
        } else if (line[at] == '"') {
            is_quoted = !is_quoted;
        } else if (line[at] == ',' && !is_quoted) {
            command.parts.push_back(std::move(part));
            part.clear();
        } else if (is_quoted || line[at] != ' ') {
            part += line[at];
        }
    }
    command.parts.push_back(std::move(part));
    return command;
}

class Tspl {
public:
    explicit Tspl(unsigned dots_per_mm) : dots_(static_cast<int>(dots_per_mm)) {
        size_.dots_per_mm = dots_per_mm;
    }

    Result<LabelPreview> draw(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto end = std::min(bytes.find_first_of("\r\n"), bytes.size());
            if (end > 0) LG_CHECK(obey(command_of(bytes.substr(0, end))));
            bytes.remove_prefix(std::min(end + 1, bytes.size()));
        }
        canvas_.set_size(size_);
        return LabelPreview{canvas_.svg(), not_shown_};
    }

private:
    static const std::string& text_at(const Command& command, std::size_t n) {
        static const std::string none;
        return n < command.parts.size() ? command.parts[n] : none;
    }

    static int number_at(const Command& command, std::size_t n) {
        return static_cast<int>(std::strtol(text_at(command, n).c_str(), nullptr, 10));
    }

    static Spot spot_of(const Command& command) {
        return {number_at(command, 0), number_at(command, 1)};
    }

    Result<> obey(const Command& command) {
        static constexpr std::array silent{"GAP",
                                           "BLINE",
                                           "OFFSET",
                                           "SPEED",
                                           "DENSITY",
                                           "DIRECTION",
                                           "REFERENCE",
                                           "SHIFT",
                                           "CODEPAGE",
                                           "SET",
                                           "CLS",
                                           "PRINT"};
        const std::string& word = command.word;
        if (word == "SIZE") {
            size_.width = static_cast<int>(leading_number(text_at(command, 0)) * dots_);
            size_.height = static_cast<int>(leading_number(text_at(command, 1)) * dots_);
        } else if (word == "TEXT") {
            draw_text(spot_of(command), {text_at(command, 2), plain(text_at(command, 6))}, 1);
        } else if (word == "BLOCK") {
            draw_text(spot_of(command),
                      {text_at(command, 4), plain(text_at(command, 8))},
                      number_at(command, 3));
        } else if (word == "BAR") {
            canvas_.box(spot_of(command), {number_at(command, 2), number_at(command, 3)});
        } else if (word == "BOX") {
            const Spot at = spot_of(command);
            canvas_.frame(at,
                          {number_at(command, 2) - at.x, number_at(command, 3) - at.y},
                          std::max(number_at(command, 4), 1));
        } else if (word == "BARCODE") {
            return linear(command);
        } else if (word == "DMATRIX") {
            return matrix(command);
        } else if (word == "QRCODE") {
            LG_TRY(const Modules modules, qr_code(plain(command.parts.back())));
            canvas_.symbol(spot_of(command), modules, std::max(number_at(command, 3), 1), 0);
        } else if (std::find(silent.begin(), silent.end(), word) == silent.end()) {
            not_shown_.push_back(word);
        }
        return {};
    }

    Result<> linear(const Command& command) {
        const std::string& type = text_at(command, 2);
        if (type != "128" && type != "128M") {
            not_shown_.push_back("BARCODE " + type);
            return {};
        }
        const std::string& content = command.parts.back();
        LG_TRY(const Modules modules,
               type == "128M" ? code128_of_tspl(content) : code128_plain(plain(content)));
        canvas_.symbol(
            spot_of(command), modules, std::max(number_at(command, 6), 1), number_at(command, 3));
        return {};
    }

    Result<> matrix(const Command& command) {
        int module = 4;
        for (const auto& part : command.parts)
            if (part.size() > 1 && part[0] == 'x' && &part != &command.parts.back())
                module = static_cast<int>(std::strtol(part.c_str() + 1, nullptr, 10));
        const std::string& content = command.parts.back();
        std::string text;
        for (std::size_t i = 0; i < content.size(); ++i) {
            if (content.compare(i, 2, "~1") == 0) {
                text += '\x1d';
                ++i;
            } else if (content.compare(i, 2, "~d") == 0 && i + 4 < content.size()) {
                text +=
                    static_cast<char>(std::strtol(content.substr(i + 2, 3).c_str(), nullptr, 10));
                i += 4;
            } else {
                text += content[i];
            }
        }
        const bool is_gs1 = !text.empty() && text[0] == '\x1d';
        LG_TRY(const Modules modules, datamatrix(is_gs1 ? text.substr(1) : text, is_gs1));
        canvas_.symbol(spot_of(command), modules, std::max(module, 1), 0);
        return {};
    }

    struct Printed {
        std::string font;
        std::string text;
    };

    void draw_text(Spot at, const Printed& printed, int height) {
        static constexpr std::array sizes{20, 12, 20, 24, 32, 48};
        const int size =
            printed.font.size() == 1 && printed.font[0] >= '0' && printed.font[0] <= '5'
                ? sizes[static_cast<std::size_t>(printed.font[0] - '0')]
                : 20;
        for (std::size_t from = 0, n = 0; from <= printed.text.size(); ++n) {
            const auto end = std::min(printed.text.find('\n', from), printed.text.size());
            if (n > 0 && static_cast<int>(n + 1) * size > height) return;
            Canvas::Line line;
            line.text = printed.text.substr(from, end - from);
            line.size = size;
            canvas_.text({at.x, at.y + static_cast<int>(n) * size}, line);
            from = end + 1;
        }
    }

    Canvas canvas_;
    Canvas::Size size_{812, 609, 8};
    int dots_;
    std::vector<std::string> not_shown_;
};

}  // namespace

Result<LabelPreview> preview_tspl(const std::string& bytes, unsigned dots_per_mm) {
    return Tspl(dots_per_mm).draw(bytes);
}

}  // namespace lotgate::adapters
