#include "adapters/label_template/label_template.hpp"

#include "adapters/barcode/zpl_field.hpp"
#include "adapters/label_template/template_reader.hpp"
#include "adapters/label_template/tspl_field.hpp"
#include "adapters/label_template/tspl_template_reader.hpp"
#include "store/model/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

namespace lotgate::adapters {

namespace {

namespace fs = std::filesystem;
using Shape = LabelTemplate::Shape;

constexpr std::size_t value_bytes_max = 4096;

const std::string* value_of(const LabelFields& fields, const std::string& name) {
    const auto at = std::find_if(
        fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; });
    return at == fields.end() || at->second.empty() ? nullptr : &at->second;
}

/// The groups of which a needed element is missing.
std::set<int> groups_left_out(const LabelTemplate::Place& place, const LabelFields& fields) {
    std::set<int> groups;
    for (const auto& element : place.elements)
        if (element.group != 0 && !element.is_optional &&
            value_of(fields, element.field) == nullptr)
            groups.insert(element.group);
    return groups;
}

// A backslash is ^FB's own escape character, and `\&` its line break (ZPL II guide, ^FB).
std::string block_field(const std::string& text) {
    std::string block;
    for (std::size_t from = 0; from <= text.size();) {
        const auto end = std::min(text.find('\n', from), text.size());
        std::string line = text.substr(from, end - from);
        std::replace(line.begin(), line.end(), '\\', '/');
        if (from > 0) block += "\\&";
        block += barcode::text_field(line);
        from = end + 1;
    }
    return block;
}

Result<std::string> shaped(LabelLanguage language, Shape shape, const std::string& value) {
    if (language == LabelLanguage::tspl) return tspl_shaped(shape, value);
    switch (shape) {
        case Shape::text:
            return barcode::text_field(value);
        case Shape::block:
            return block_field(value);
        case Shape::plain128:
            return barcode::code128_plain_field(value);
        default:
            return barcode::qr_field(value);
    }
}

Result<std::string> filled(LabelLanguage language,
                           const LabelTemplate::Place& place,
                           const LabelFields& fields) {
    const auto left_out = groups_left_out(place, fields);
    std::vector<barcode::LabelElement> elements;
    for (const auto& element : place.elements) {
        if (left_out.count(element.group) > 0) continue;
        const auto* value = value_of(fields, element.field);
        if (value == nullptr && element.is_optional) continue;
        if (value == nullptr)
            return fail(FaultCode::invalid_input,
                        fmt::format("the label needs \"{}\" and was given none", element.field));
        if (value->size() > value_bytes_max)
            return fail(FaultCode::invalid_input,
                        fmt::format("{} is longer than {} bytes", element.field, value_bytes_max));
        if (element.ai.empty()) return shaped(language, place.shape, *value);
        elements.push_back({element.ai, *value});
    }
    if (elements.empty()) return std::string();
    if (language == LabelLanguage::tspl)
        return place.shape == Shape::code128 ? tspl_code128(elements) : tspl_datamatrix(elements);
    if (place.shape == Shape::code128) return barcode::code128_field(elements);
    return barcode::datamatrix_field(elements);
}

Result<std::string> read_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (!in) return fail(FaultCode::unavailable, fmt::format("{} cannot be read", path.string()));
    return text;
}

}  // namespace

const std::vector<LabelFieldName>& label_field_names() {
    static const std::vector<LabelFieldName> names{
        {"sscc", "the carton's SSCC, 18 digits", "095060001343520017"},
        {"order", "the order's number", "SO-4711"},
        {"customer", "who gets it", "Muster & Söhne GmbH"},
        {"route", "tour or carrier", "R12"},
        {"lines", "what is in the carton, a line each", "3 x Tablets 20 mg lot L-88"},
        {"count", "units in the carton", "3"},
        {"gtin", "trade item number, 14 digits; cartons of one product only", "09506000134352"},
        {"product", "name of the product; cartons of one product only", "Tablets 20 mg"},
        {"lot", "lot as labelled; cartons of one lot only", "L-88"},
        {"serial", "serial number of a unit", "1000042"},
        {"expires_on", "expiry date as YYMMDD", "270331"},
        {"expires_on_iso", "expiry date as YYYY-MM-DD", "2027-03-31"},
        {"packed_on", "date of packing as YYYY-MM-DD", "2026-11-22"},
        {"job", "number of the print job", "48213"},
        {"copy", "what a reprint says of itself", "COPY 1"}};
    return names;
}

LabelFields example_label_fields() {
    LabelFields fields;
    for (const auto& field : label_field_names())
        fields.emplace_back(std::string(field.name), std::string(field.example));
    return fields;
}

std::string_view name_of(LabelLanguage language) {
    return language == LabelLanguage::tspl ? "tspl" : "zpl";
}

std::optional<LabelLanguage> label_language(std::string_view name) {
    if (name == "zpl") return LabelLanguage::zpl;
    if (name == "tspl") return LabelLanguage::tspl;
    return std::nullopt;
}

LabelTemplate LabelTemplate::parse(std::string_view text,
                                   std::vector<TemplateProblem>& problems,
                                   LabelLanguage language) {
    const auto before = problems.size();
    auto label = language == LabelLanguage::tspl ? TsplTemplateReader(text, problems).read()
                                                 : TemplateReader(text, problems).read();
    label.language_ = language;
    if (problems.size() != before) return label;
    // What the grammar cannot see (an identifier that needs another one) shows with examples.
    for (const auto& piece : label.pieces_) {
        if (!piece.place) continue;
        const auto example = filled(language, *piece.place, example_label_fields());
        if (!example)
            problems.push_back({piece.place->line, piece.place->column, example.error().detail()});
    }
    return label;
}

std::vector<std::string> LabelTemplate::missing() const {
    bool is_named = false;
    bool tells_copies = false;
    for (const auto& piece : pieces_) {
        if (!piece.place) continue;
        const bool is_symbol =
            piece.place->shape != Shape::text && piece.place->shape != Shape::block;
        for (const auto& element : piece.place->elements) {
            const bool is_number =
                element.field == "sscc" || element.field == "serial" || element.field == "lot";
            is_named = is_named || (is_symbol && is_number && piece.only_if.empty());
            tells_copies = tells_copies || (!is_symbol && element.field == "copy");
        }
    }
    std::vector<std::string> all;
    if (!is_named)
        all.emplace_back(
            "no symbol carries sscc, serial or lot: what cannot be scanned cannot be verified");
    if (!tells_copies)
        all.emplace_back("no {copy?}: a reprint could not be told from the first label");
    return all;
}

Result<std::string> LabelTemplate::render(const LabelFields& fields) const {
    std::string label;
    for (const auto& piece : pieces_) {
        if (!piece.only_if.empty() && value_of(fields, piece.only_if) == nullptr) continue;
        label += piece.literal;
        if (!piece.place) continue;
        LG_TRY(auto field, filled(language_, *piece.place, fields));
        label += field;
    }
    return label;
}

namespace {

/// The problems of one file, a line each.
std::string problems_of(const fs::path& file,
                        const LabelTemplate& label,
                        std::vector<TemplateProblem> problems) {
    if (problems.empty())
        for (auto& missing : label.missing()) problems.push_back({1, 1, std::move(missing)});
    std::string wrong;
    for (const auto& problem : problems)
        wrong += fmt::format(
            "{}:{}:{}: {}\n", file.string(), problem.line, problem.column, problem.message);
    return wrong;
}

std::string extension_of(const fs::path& path) {
    const std::string extension = path.extension().string();
    return extension.empty() ? extension : extension.substr(1);
}

}  // namespace

Result<std::unique_ptr<LabelTemplates>> LabelTemplates::load(const std::string& directory) {
    std::error_code error;
    std::vector<fs::path> files;
    for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error))
        if (label_language(extension_of(at->path()))) files.push_back(at->path());
    if (error)
        return fail(
            FaultCode::unavailable,
            fmt::format(
                "the label templates in {} cannot be read: {}", directory, error.message()));
    std::sort(files.begin(), files.end());
    auto all = std::make_unique<LabelTemplates>();
    std::string wrong;
    for (const auto& file : files) {
        LG_TRY(const auto text, read_file(file));
        const auto language = *label_language(extension_of(file));
        std::vector<TemplateProblem> problems;
        auto label = LabelTemplate::parse(text, problems, language);
        wrong += problems_of(file, label, std::move(problems));
        all->templates_.emplace(std::make_pair(file.stem().string(), language), std::move(label));
    }
    if (!wrong.empty()) {
        wrong.pop_back();
        return fail(FaultCode::invalid_input, std::move(wrong));
    }
    return all;
}

Result<std::string> LabelTemplates::render(const std::string& name,
                                           LabelLanguage language,
                                           const LabelFields& fields) const {
    const auto at = templates_.find({name, language});
    if (at != templates_.end()) return at->second.render(fields);
    const auto known = names();
    if (std::find(known.begin(), known.end(), name) != known.end())
        return fail(FaultCode::invalid_input,
                    fmt::format("the label template \"{}\" is not written in {}: add {}.{}",
                                name,
                                language == LabelLanguage::tspl ? "TSPL" : "ZPL",
                                name,
                                name_of(language)));
    const auto nearest = nearest_spelling(name, known);
    return fail(FaultCode::invalid_input,
                fmt::format("there is no label template \"{}\"{}",
                            name,
                            nearest ? fmt::format("; did you mean \"{}\"?", *nearest) : ""));
}

std::vector<std::string> LabelTemplates::names() const {
    std::set<std::string> names;
    for (const auto& [key, label] : templates_) names.insert(key.first);
    return {names.begin(), names.end()};
}

bool LabelTemplates::has(const std::string& name, LabelLanguage language) const {
    return templates_.count({name, language}) > 0;
}

}  // namespace lotgate::adapters
