#include "store/model/pattern.hpp"
#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace lotgate::rules {

namespace {

constexpr std::string_view code = "PARSE_AMBIGUOUS_NO_GS";

/// One way to read the code.
struct Reading {
    std::string lot;
    std::string serial;
    std::string told;
};

Reading as_scanned(const Attempt& attempt) {
    Reading reading;
    if (attempt.what.lot) reading.lot = attempt.what.lot->as_labelled();
    if (attempt.what.serial) reading.serial = attempt.what.serial->as_labelled();
    return reading;
}

// What lots and serials of the product look like. A pattern that is absent or unreadable has no
// say.
class Looks {
public:
    explicit Looks(const ProductFacts& product)
        : lot_(readable(product.lot_pattern)), serial_(readable(product.serial_pattern)) {}

    [[nodiscard]] bool fits(const Reading& reading) const {
        return (!lot_ || reading.lot.empty() || lot_->matches(reading.lot)) &&
               (!serial_ || reading.serial.empty() || serial_->matches(reading.serial));
    }

    /// Whether a pattern has a say in what the two differ in.
    [[nodiscard]] bool tells_apart(const Reading& a, const Reading& b) const {
        return (a.lot != b.lot && lot_) || (a.serial != b.serial && serial_);
    }

private:
    static std::optional<Pattern> readable(const std::string& text) {
        if (text.empty()) return {};
        auto pattern = Pattern::parse(text);
        if (!pattern) return {};
        return std::move(*pattern);
    }

    std::optional<Pattern> lot_;
    std::optional<Pattern> serial_;
};

// The papers announce exactly this lot (of this product).
bool is_announced(const Facts& facts, const Reading& reading) {
    if (reading.lot.empty()) return false;
    const std::string key = lot_key_of(reading.lot);
    return std::any_of(facts.lines.begin(), facts.lines.end(), [&](const LineFacts& line) {
        return line.lot_key == key;
    });
}

std::vector<Reading> likely_readings(const Facts& facts,
                                     const Reading& scanned,
                                     const std::vector<OtherReading>& others) {
    const Looks looks(*facts.product);
    std::vector<Reading> likely;
    for (const OtherReading& other : others) {
        Reading reading{other.lot, other.serial, other.told};
        const bool has_ground = looks.tells_apart(scanned, reading) || is_announced(facts, reading);
        if (has_ground && looks.fits(reading)) likely.push_back(std::move(reading));
    }
    return likely;
}

}  // namespace

// A lot that swallowed the next element is a valid lot: only what the product's lots look like, and
// what is announced, can tell. Nothing is ever chosen here: another reading is shown, not taken.
Verdict separator_was_read(const Facts& facts, const Attempt& attempt) {
    const auto& others = attempt.observation.other_readings;
    if (others.empty() || !facts.product) return {};
    const Reading scanned = as_scanned(attempt);
    const std::vector<Reading> likely = likely_readings(facts, scanned, others);
    if (likely.empty()) return {};
    const bool other_announced =
        std::any_of(likely.begin(), likely.end(), [&](const Reading& reading) {
            return is_announced(facts, reading);
        });
    if (is_announced(facts, scanned) && !other_announced) {
        return warned(std::string(code),
                      fmt::format("The code may have lost a separator, but lot {} is announced as "
                                  "it was read. Compare it with the label.",
                                  shown(scanned.lot)));
    }
    return refused(attempt.step,
                   std::string(code),
                   fmt::format("The code may have lost a separator: it could be {}. Scan another "
                               "code of the label, or type what is printed on it.",
                               likely.front().told));
}

}  // namespace lotgate::rules
