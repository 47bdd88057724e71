#include "adapters/barcode/label.hpp"

#include "adapters/barcode/associations.hpp"
#include "adapters/barcode/hibc.hpp"

#include <algorithm>

namespace lotgate::barcode {

namespace {

constexpr std::size_t scans_max = 64;

std::string shown(const Gtin& gtin) {
    return gtin.text();
}

std::string shown(const Sscc& sscc) {
    return sscc.text();
}

std::string shown(const Serial& serial) {
    return serial.as_labelled();
}

std::string shown(const Lot& lot) {
    return lot.as_labelled();
}

std::string shown(const LabelDate& date) {
    return to_string(date.date);
}

std::string shown(std::int64_t number) {
    return std::to_string(number);
}

bool same(const LabelDate& a, const LabelDate& b) {
    return a.date == b.date;
}

template <class T>
bool same(const T& a, const T& b) {
    return a == b;
}

// Which scan said what first, so that a contradiction can name both.
class Merger {
public:
    explicit Merger(Label& label) : label_(label) {}

    void begin(std::size_t scan) { scan_ = scan; }

    template <class T>
    void field(std::string_view what, std::optional<T>& merged, const std::optional<T>& found) {
        if (!found) return;
        if (!merged) {
            merged = found;
            remember(what);
        } else if (!same(*merged, *found)) {
            contradict(what, shown(*merged), shown(*found));
        }
    }

    void text(std::string_view what, std::string& merged, const std::string& found) {
        if (found.empty()) return;
        if (merged.empty()) {
            merged = found;
            remember(what);
        } else if (merged != found) {
            contradict(what, merged, found);
        }
    }

    void contradict(std::string_view what, std::string first, std::string second) {
        label_.contradictions.push_back(
            {std::string(what), std::move(first), std::move(second), first_scan(what), scan_});
    }

private:
    struct Origin {
        std::string what;
        std::size_t scan;
    };

    void remember(std::string_view what) { origins_.push_back({std::string(what), scan_}); }

    [[nodiscard]] std::size_t first_scan(std::string_view what) const {
        for (const Origin& origin : origins_) {
            if (origin.what == what) return origin.scan;
        }
        return scan_;
    }

    Label& label_;
    std::vector<Origin> origins_;
    std::size_t scan_ = 0;
};

void merge_identity(Merger& merger, Identity& merged, const Identity& found) {
    merger.field("GTIN", merged.gtin, found.gtin);
    merger.field("content GTIN", merged.content_gtin, found.content_gtin);
    merger.field("SSCC", merged.sscc, found.sscc);
    merger.field("serial", merged.serial, found.serial);
    merger.field("lot", merged.lot, found.lot);
    merger.field("expiry", merged.expiry, found.expiry);
    merger.field("best before", merged.best_before, found.best_before);
    merger.field("sell by", merged.sell_by, found.sell_by);
    merger.field("production date", merged.produced, found.produced);
    merger.field("packing date", merged.packed, found.packed);
    merger.field("count", merged.count, found.count);
    merger.text("HIBC item", merged.hibc_item, found.hibc_item);
    merger.text("supplier item", merged.supplier_item, found.supplier_item);
    merger.text("licence plate", merged.licence_plate, found.licence_plate);
    merger.text("pack type", merged.pack_type, found.pack_type);
    if (merged.plain.empty()) merged.plain = found.plain;
    for (const std::string& code : found.product_codes) {
        auto& codes = merged.product_codes;
        if (std::find(codes.begin(), codes.end(), code) == codes.end()) codes.push_back(code);
    }
    merged.lot_or_serial_withheld = merged.lot_or_serial_withheld || found.lot_or_serial_withheld;
    merged.quantities.insert(
        merged.quantities.end(), found.quantities.begin(), found.quantities.end());
    merged.dates.insert(merged.dates.end(), found.dates.begin(), found.dates.end());
    for (const WarningClass warning : found.warnings) {
        // Judged on the union below, not on one code alone.
        if (warning == WarningClass::required_ai_missing) continue;
        const auto& known = merged.warnings;
        if (std::find(known.begin(), known.end(), warning) == known.end()) {
            merged.warnings.push_back(warning);
        }
    }
}

// Elements of all codes, with the scan each came from.
struct Union {
    std::vector<Element> elements;
    std::vector<std::size_t> scan_of;
    bool gtin_beside = false;
};

Union union_of(std::span<const Decoded> scans) {
    Union all;
    for (std::size_t i = 0; i < scans.size(); ++i) {
        if (!scans[i].ok() || scans[i].is_ambiguous()) continue;
        if (scans[i].kind() == Kind::trade_item) all.gtin_beside = true;
        for (const Element element : scans[i].elements()) {
            all.elements.push_back(element);
            all.scan_of.push_back(i);
        }
    }
    return all;
}

void judge_pairings(Label& label, const Union& all, const Dictionary& dictionary) {
    const auto finding = find_conflict(dictionary, all.elements, all.gtin_beside);
    if (finding.error == ErrorClass::ai_pair_conflict ||
        finding.error == ErrorClass::serial_required) {
        const Element& element = all.elements[finding.element];
        const std::size_t scan = all.scan_of[finding.element];
        label.contradictions.push_back(
            {"pairing", std::string(element.ai), std::string(name_of(finding.error)), scan, scan});
    }
    for (const std::size_t index : find_unmet_needs(dictionary, all.elements, all.gtin_beside)) {
        label.missing_for.emplace_back(all.elements[index].ai);
    }
    if (!label.missing_for.empty()) {
        label.identity.warnings.push_back(WarningClass::required_ai_missing);
    }
}

// Repeated identifiers that identity has no field for: (240), (400), measures …
void judge_repeats(Label& label, const Union& all) {
    constexpr std::array<std::string_view, 14> fields{
        "00", "01", "02", "03", "10", "21", "11", "13", "15", "16", "17", "37", "30", "7003"};
    for (std::size_t i = 0; i < all.elements.size(); ++i) {
        const Element& first = all.elements[i];
        const bool has_field = std::find(fields.begin(), fields.end(), first.ai) != fields.end();
        if (has_field) continue;
        for (std::size_t k = i + 1; k < all.elements.size(); ++k) {
            const Element& second = all.elements[k];
            const bool differs = second.ai == first.ai && second.value != first.value;
            if (!differs || all.scan_of[k] == all.scan_of[i]) continue;
            label.contradictions.push_back({"(" + std::string(first.ai) + ")",
                                            std::string(first.value),
                                            std::string(second.value),
                                            all.scan_of[i],
                                            all.scan_of[k]});
        }
    }
}

// The check character of an HIBC primary, also inside a concatenated code, whose own check covers
// more; empty for other scans.
std::string primary_check(const Decoded& scan) {
    if (!scan.ok() || scan.kind() != Kind::hibc || !scan.find("UM")) return {};
    std::string primary = "+";
    for (const char* part : {"LIC", "PCN", "UM"}) primary += scan.find(part).value_or("");
    primary.assign(1, hibc_check_character(primary));
    return primary;
}

// A secondary HIBC symbol carries the check character of its primary.
void judge_hibc_links(Label& label, std::span<const Decoded> scans) {
    for (std::size_t i = 0; i < scans.size(); ++i) {
        const std::string check = primary_check(scans[i]);
        if (check.empty()) continue;
        for (std::size_t k = 0; k < scans.size(); ++k) {
            if (!scans[k].ok() || scans[k].kind() != Kind::hibc) continue;
            const auto link = scans[k].find("LINK");
            if (!link || *link == check) continue;
            label.contradictions.push_back({"HIBC link", check, std::string(*link), i, k});
        }
    }
}

}  // namespace

Label merge_label(std::span<const Decoded> scans, Date today, const Dictionary* dictionary) {
    Label label;
    scans = scans.first(std::min(scans.size(), scans_max));
    Merger merger(label);
    for (std::size_t i = 0; i < scans.size(); ++i) {
        if (!scans[i].ok()) {
            ++label.refused_scans;
            continue;
        }
        merger.begin(i);
        merge_identity(merger, label.identity, identify(scans[i], today));
    }
    const Union all = union_of(scans);
    judge_pairings(label, all, dictionary != nullptr ? *dictionary : built_in_dictionary());
    judge_repeats(label, all);
    judge_hibc_links(label, scans);
    return label;
}

}  // namespace lotgate::barcode
