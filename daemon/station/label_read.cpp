#include "daemon/station/label_read.hpp"

#include "adapters/barcode/decode.hpp"
#include "adapters/barcode/label.hpp"
#include "adapters/barcode/separator.hpp"
#include "store/model/keyed_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace lotgate::site {

namespace {

constexpr std::size_t codes_max = 64;

/// One code of the label.
struct Code {
    std::string bytes;
    barcode::Decoded decoded;
    /// Where only a word like "LOT:" before a typed lot or serial stands against it: what it says
    /// without that word (N-08).
    std::optional<barcode::Decoded> without_word = {};
    int tells = 0;  ///< how much it says; the one that says most stands for the read
};

// The device's options, in the form in which the decoder wants them.
class Options {
public:
    Options(const adapters::CodeReading* reading, const barcode::Dictionary* dictionary) {
        // Lots and serials are taken from what was read, never guessed: an ambiguous reading is
        // refused by name (barcodes page 1.5).
        options_.capture = true;
        options_.dictionary = dictionary;
        if (reading == nullptr) return;
        gs_texts_.assign(reading->gs_texts.begin(), reading->gs_texts.end());
        words_.assign(reading->data_identifiers.begin(), reading->data_identifiers.end());
        options_.separators = gs_texts_;
        options_.plain.data_identifiers = words_;
        options_.plain.prefix = reading->prefix;
        options_.plain.suffix = reading->suffix;
        options_.gs1_expected = reading->expects_gs1;
    }

    Options(const Options&) = delete;
    Options& operator=(const Options&) = delete;
    ~Options() = default;

    [[nodiscard]] const barcode::DecodeOptions& get() const { return options_; }

private:
    std::vector<std::string_view> gs_texts_;
    std::vector<std::string_view> words_;
    barcode::DecodeOptions options_;
};

// What a person typed may hold hidden characters, long dashes and stray spaces (N-04, N-05); what
// a scanner read is never touched.
barcode::Decoded decode_one(const std::string& bytes, bool is_keyed, const Options& options) {
    barcode::Decoded decoded = barcode::decode(bytes, options.get());
    if (!is_keyed || (decoded.ok() && decoded.kind() != barcode::Kind::plain)) return decoded;
    const std::string cleaned = keyed_text(bytes);
    if (cleaned == bytes) return decoded;
    barcode::Decoded again = barcode::decode(cleaned, options.get());
    return again.ok() || !decoded.ok() ? again : decoded;
}

// "(01)…(10)LOT A12" -> "(01)…(10)A12"; as it is where no such word stands there.
std::string without_words(std::string text) {
    for (const std::string_view ai : {"(10)", "(21)"}) {
        const std::size_t found = text.find(ai);
        if (found == std::string::npos) continue;
        const std::size_t start = found + ai.size();
        const std::size_t size = std::min(text.find('(', start), text.size()) - start;
        const std::string value = keyed_text(text.substr(start, size));
        if (const auto rest = without_prefix_word(value)) text.replace(start, size, *rest);
    }
    return text;
}

std::optional<barcode::Decoded> decode_without_word(const std::string& bytes,
                                                    const Options& options) {
    const std::string cleaned = keyed_text(bytes);
    if (cleaned.empty() || cleaned.front() != '(') return {};
    const std::string rest = without_words(cleaned);
    if (rest == cleaned) return {};
    barcode::Decoded decoded = barcode::decode(rest, options.get());
    if (!decoded.ok()) return {};
    return decoded;
}

int tells(const barcode::Decoded& decoded) {
    if (!decoded.ok()) return 0;
    int score = decoded.kind() == barcode::Kind::plain ? 1 : 2;
    if (decoded.find("10") || decoded.find("1T") || decoded.find("LOT")) score += 4;
    if (decoded.find("21") || decoded.find("S") || decoded.find("SERIAL")) score += 8;
    if (decoded.find("00") || decoded.kind() == barcode::Kind::logistic_unit) score += 16;
    return score;
}

// Each code once, the most telling first; equal ones in the order of their bytes, so that the same
// label gives the same answer whichever symbol was seen first.
std::vector<Code> codes_of(const adapters::Scan& scan, const Options& options) {
    std::vector<std::string> texts = scan.codes;
    if (texts.empty()) texts.push_back(scan.bytes);
    texts.resize(std::min(texts.size(), codes_max));
    std::sort(texts.begin(), texts.end());
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
    std::vector<Code> codes;
    codes.reserve(texts.size());
    for (std::string& text : texts) {
        Code code;
        code.decoded = decode_one(text, scan.is_keyed, options);
        if (scan.is_keyed && !code.decoded.ok())
            code.without_word = decode_without_word(text, options);
        code.tells = tells(code.decoded);
        code.bytes = std::move(text);
        codes.push_back(std::move(code));
    }
    std::stable_sort(
        codes.begin(), codes.end(), [](const Code& a, const Code& b) { return a.tells > b.tells; });
    return codes;
}

// Beside a code that names goods, a web address or a number without a certain meaning belongs to
// somebody else's business (advertising, a carrier). A code that breaks its own format does not.
bool is_somebody_elses(const barcode::Decoded& decoded) {
    using enum barcode::ErrorClass;
    const barcode::ErrorClass error = decoded.error().error;
    return error == ambiguous || error == dl_no_primary_key || error == dl_not_a_link ||
           error == dl_no_domain_or_path;
}

const Code* refused_code(const std::vector<Code>& codes) {
    const bool has_good = codes.front().tells > 1;
    for (const Code& code : codes) {
        if (!code.decoded.ok() && !(has_good && is_somebody_elses(code.decoded))) return &code;
    }
    return nullptr;
}

void take_dates(const barcode::Identity& identity, rules::ScannedIdentity& what) {
    if (identity.expiry) what.expires_on = identity.expiry->date;
    if (identity.best_before) what.best_before = identity.best_before->date;
    if (identity.sell_by) what.sell_by = identity.sell_by->date;
    if (identity.produced) what.produced_on = identity.produced->date;
    if (identity.packed) what.packed_on = identity.packed->date;
    what.expiry_day_zero = identity.expiry && identity.expiry->day_zero;
    if (identity.expiry && identity.expiry->minutes_of_day) {
        const int minutes = *identity.expiry->minutes_of_day;
        what.expires_at = fmt::format(
            "{}T{:02}:{:02}", to_string(identity.expiry->date), minutes / 60, minutes % 60);
    }
}

rules::ScannedIdentity scanned_identity(const barcode::Identity& identity) {
    rules::ScannedIdentity what;
    what.gtin = identity.gtin ? identity.gtin : identity.content_gtin;
    what.serial = identity.serial;
    what.lot = identity.lot;
    take_dates(identity, what);
    for (const barcode::NamedQuantity& one : identity.quantities) {
        if (one.ai.size() == 4 && one.ai.starts_with("310"))
            what.weight = rules::Measure{one.quantity.units, one.quantity.scale};
    }
    what.sscc = identity.sscc;
    what.quantity = identity.count;
    what.plain = identity.plain;
    what.product_codes = identity.product_codes;
    // Another's code beside the goods' own is no document.
    if (what.gtin || what.sscc || !what.product_codes.empty()) what.plain.clear();
    return what;
}

std::string conflict_told(const barcode::Contradiction& conflict) {
    const std::string first = barcode::printable(conflict.first);
    const std::string second = barcode::printable(conflict.second);
    if (conflict.what == "pairing") {
        return fmt::format(
            "The codes of this label may not stand together ({}). Relabel the goods.", first);
    }
    return fmt::format(
        "The codes of this label disagree: {} is {} in one and {} in another. Find "
        "out which is true, and relabel the goods.",
        conflict.what,
        first,
        second);
}

void note_warnings(const barcode::Label& label, rules::Observation& seen) {
    for (const barcode::WarningClass warning : label.identity.warnings) {
        seen.warnings.emplace_back(barcode::name_of(warning));
    }
}

rules::OtherReading other_reading(const barcode::OtherReading& elements) {
    rules::OtherReading reading;
    for (const auto& [ai, value] : elements) {
        if (ai == "10") reading.lot = value;
        if (ai == "21") reading.serial = value;
        reading.told += fmt::format("({}){}", ai, barcode::printable(value));
    }
    return reading;
}

// What the codes say if a separator was lost; the rules weigh it against the product (N-03).
void note_other_readings(const std::vector<Code>& codes, rules::Observation& seen) {
    for (const Code& code : codes) {
        const auto finding = barcode::find_lost_separator(code.decoded, {});
        for (const auto& reading : finding.readings) {
            seen.other_readings.push_back(other_reading(reading));
        }
    }
}

}  // namespace

LabelRead read_label(const adapters::Scan& scan,
                     Date site_date,
                     const barcode::Dictionary* dictionary) {
    const Options options(scan.reading.get(), dictionary);
    const std::vector<Code> codes = codes_of(scan, options);
    const Code* refused = refused_code(codes);
    const Code& first = refused != nullptr ? *refused : codes.front();
    LabelRead read;
    read.seen.is_keyed = scan.is_keyed;
    read.seen.raw = first.bytes;
    read.seen.aim = std::string(first.decoded.aim());
    for (const Code& code : codes) {
        if (&code != &first) read.seen.other_codes.push_back(code.bytes);
    }
    if (refused != nullptr) {
        const barcode::Problem& error = refused->decoded.error();
        read.seen.parse_error = std::string(barcode::name_of(error.error));
        read.seen.parse_about = error.about.data();
        read.seen.parse_told = barcode::explain(refused->decoded, error);
        // The site may know the lot without that word; only the store can say.
        if (codes.size() == 1 && refused->without_word) {
            read.seen.is_without_prefix_word = true;
            read.what = scanned_identity(barcode::identify(*refused->without_word, site_date));
        }
        return read;
    }
    std::vector<barcode::Decoded> decoded;
    decoded.reserve(codes.size());
    for (const Code& code : codes) decoded.push_back(code.decoded);
    const barcode::Label label = barcode::merge_label(decoded, site_date, dictionary);
    note_warnings(label, read.seen);
    if (!label.is_consistent()) {
        read.seen.label_conflict = conflict_told(label.contradictions.front());
        return read;
    }
    note_other_readings(codes, read.seen);
    read.what = scanned_identity(label.identity);
    for (const Code& code : codes) {
        const auto gln = code.decoded.find("414");
        if (gln && read.what.gln.empty()) read.what.gln = std::string(*gln);
    }
    return read;
}

}  // namespace lotgate::site
