#include "daemon/cli/decode/decode_command.hpp"

#include "adapters/barcode/dictionary.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

namespace lotgate::cli {

namespace json = boost::json;
using namespace barcode;

namespace {

constexpr std::string_view usage =
    "usage: lotgate decode [--json] [--aim ID] [--gs1] [--capture] [--old-links]\n"
    "                      [--unknown-ais] [--dictionary FILE] [--separator TEXT] TEXT\n"
    "       lotgate decode --jsonl [--strict] [the same options] < FILE\n"
    "TEXT: the scan; \\x1d, <GS> or {GS} for the separator, (01)… for keyed input.\n"
    "--jsonl: a line is the raw scan, or {\"input\": \"…\", \"aim\": \"]d2\"}.\n";

struct Request {
    bool as_json = false;
    bool lines = false;
    bool strict = false;
    std::string aim;
    std::string dictionary_file;
    std::vector<std::string> separators;
    std::optional<std::string> text;
    DecodeOptions options;
};

struct Flag {
    std::string_view name;
    bool Request::*target = nullptr;
};

constexpr std::array plain_flags{Flag{"--json", &Request::as_json},
                                 Flag{"--jsonl", &Request::lines},
                                 Flag{"--strict", &Request::strict}};

bool set_flag(Request& request, std::string_view argument) {
    for (const Flag& flag : plain_flags) {
        if (flag.name == argument) return request.*flag.target = true;
    }
    if (argument == "--gs1") return request.options.gs1_expected = true;
    if (argument == "--capture") return request.options.capture = true;
    if (argument == "--unknown-ais") return request.options.permit_unknown_ais = true;
    if (argument == "--old-links") {
        request.options.permit_zero_suppressed_gtin = true;
        return request.options.permit_old_digital_link = true;
    }
    return false;
}

bool set_value(Request& request, std::string_view name, const std::string& value) {
    if (name == "--aim") {
        request.aim = value;
    } else if (name == "--dictionary") {
        request.dictionary_file = value;
    } else if (name == "--separator") {
        request.separators.push_back(unescaped_argument(value));
    } else {
        return false;
    }
    return true;
}

// The option at `i`, which is left at its value where it has one. What is wrong, or nothing.
std::optional<std::string> read_option(std::span<const std::string> arguments,
                                       std::size_t& i,
                                       Request& request) {
    const std::string& name = arguments[i];
    if (set_flag(request, name)) return {};
    if (i + 1 == arguments.size()) return "unknown option or missing value: " + name;
    if (!set_value(request, name, arguments[++i])) return "unknown option: " + name;
    return {};
}

// What is wrong with the arguments, or nothing.
std::optional<std::string> read_arguments(std::span<const std::string> arguments,
                                          Request& request) {
    bool options_ended = false;
    std::optional<std::string> wrong;
    for (std::size_t i = 0; i < arguments.size() && !wrong; ++i) {
        const std::string& argument = arguments[i];
        const bool option = !options_ended && argument.substr(0, 2) == "--";
        if (option && argument == "--") {
            options_ended = true;
        } else if (option) {
            wrong = read_option(arguments, i, request);
        } else {
            if (request.text) wrong = "one TEXT only";
            request.text = unescaped_argument(argument);
        }
    }
    if (!wrong && request.lines == request.text.has_value())
        wrong = "give TEXT, or --jsonl and lines";
    return wrong;
}

std::string text_of(const json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

bool flag_of(const json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_bool() && value->as_bool();
}

Form form_named(std::string_view name) {
    if (name == "bracketed") return Form::bracketed;
    if (name == "dl_uri") return Form::digital_link;
    return name == "scan" ? Form::scan : Form::keyed;
}

void apply(const json::object& wanted, DecodeOptions& options) {
    options.permit_unknown_ais =
        options.permit_unknown_ais || flag_of(wanted, "permit_unknown_ais");
    options.permit_zero_suppressed_gtin =
        options.permit_zero_suppressed_gtin || flag_of(wanted, "permit_zero_suppressed_gtin");
}

// A line is a JSON object with "input" (and "aim", "form", "opts"), or the raw scan.
Decoded decode_line(std::string_view line, DecodeOptions options) {
    json::error_code error;
    const json::value value =
        line.substr(0, 1) == "{" ? json::parse(line, error) : json::value(nullptr);
    const bool is_object = !error && value.is_object();
    const bool has_input =
        is_object && (value.as_object().contains("input") || value.as_object().contains("form"));
    if (!has_input) return decode(line, options);
    const json::object& object = value.as_object();
    const std::string input = text_of(object, "input");
    const std::string aim = text_of(object, "aim");
    if (!aim.empty()) options.aim = aim;
    options.form = form_named(text_of(object, "form"));
    const auto* wanted = object.if_contains("opts");
    if (wanted != nullptr && wanted->is_object()) apply(wanted->as_object(), options);
    return decode(input, options);
}

int decode_lines(const Request& request, std::istream& in, std::ostream& out, Date today) {
    bool all_good = true;
    for (std::string line; std::getline(in, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        const Decoded decoded = decode_line(line, request.options);
        all_good = all_good && decoded.ok();
        out << decoded_as_json(decoded, today) << '\n';
    }
    return all_good || !request.strict ? 0 : 1;
}

Result<std::unique_ptr<const LoadedDictionary>> loaded_dictionary(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(FaultCode::unavailable, "cannot read the file");
    std::ostringstream text;
    text << file.rdbuf();
    return load_gs1_dictionary(text.str());
}

// The bytes used by a name at the front of `text`, and the byte it stands for; 0 for none.
std::size_t named_byte(std::string_view text, char& byte) {
    constexpr std::array<std::pair<std::string_view, char>, 8> names{{{"<GS>", '\x1d'},
                                                                      {"{GS}", '\x1d'},
                                                                      {"<RS>", '\x1e'},
                                                                      {"{RS}", '\x1e'},
                                                                      {"<EOT>", '\x04'},
                                                                      {"{EOT}", '\x04'},
                                                                      {"<CR>", '\r'},
                                                                      {"<LF>", '\n'}}};
    for (const auto& [name, meant] : names) {
        if (text.substr(0, name.size()) != name) continue;
        byte = meant;
        return name.size();
    }
    return 0;
}

// Of the first date whose day is 00.
std::uint32_t place_of_day_zero(const Decoded& decoded, const Identity& identity) {
    const auto& dates = identity.dates;
    const auto zero = std::find_if(
        dates.begin(), dates.end(), [](const NamedDate& one) { return one.date.day_zero; });
    if (zero == dates.end()) return 0;
    for (const Element element : decoded.elements())
        if (element.ai == zero->ai) return element.position;
    return 0;
}

// Of a warning that only the meaning gave.
std::uint32_t place_of(WarningClass warning, const Decoded& decoded, const Identity& identity) {
    if (warning == WarningClass::day_zero) return place_of_day_zero(decoded, identity);
    if (warning != WarningClass::non_ascii) return 0;
    const std::string_view raw = decoded.raw();
    const auto byte = std::find_if(
        raw.begin(), raw.end(), [](char c) { return static_cast<unsigned char>(c) > 0x7f; });
    return static_cast<std::uint32_t>(byte - raw.begin());
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// The same for \xHH; "\\x" keeps its backslash, so that every text can be given.
std::size_t hex_byte(std::string_view text, char& byte) {
    if (text.substr(0, 3) == "\\\\x") return 2;
    if (text.size() < 4 || text.substr(0, 2) != "\\x") return 0;
    const int high = hex_value(text[2]);
    const int low = hex_value(text[3]);
    if (high < 0 || low < 0) return 0;
    byte = static_cast<char>(high * 16 + low);
    return 4;
}

}  // namespace

std::vector<Warning> warnings_of(const Decoded& decoded, const Identity& identity) {
    std::vector<Warning> all(decoded.warnings().begin(), decoded.warnings().end());
    for (const WarningClass warning : identity.warnings) {
        const bool is_there = std::any_of(all.begin(), all.end(), [warning](const Warning& one) {
            return one.warning == warning;
        });
        if (!is_there) all.push_back({warning, place_of(warning, decoded, identity)});
    }
    return all;
}

std::string unescaped_argument(std::string_view text) {
    std::string bytes;
    while (!text.empty()) {
        char byte = text.front();
        std::size_t used = named_byte(text, byte);
        if (used == 0) used = hex_byte(text, byte);
        bytes += byte;
        text.remove_prefix(std::max<std::size_t>(used, 1));
    }
    return bytes;
}

int decode_command(std::span<const std::string> arguments,
                   std::istream& in,
                   std::ostream& out,
                   std::ostream& err,
                   Date today) {
    Request request;
    if (const auto wrong = read_arguments(arguments, request)) {
        err << "lotgate decode: " << *wrong << '\n' << usage;
        return 2;
    }
    std::unique_ptr<const LoadedDictionary> loaded;
    if (!request.dictionary_file.empty()) {
        auto result = loaded_dictionary(request.dictionary_file);
        if (!result) {
            err << "lotgate decode: " << request.dictionary_file << ": " << result.error().detail()
                << '\n';
            return 2;
        }
        loaded = std::move(*result);
        request.options.dictionary = loaded->dictionary.get();
    }
    const std::vector<std::string_view> separators(request.separators.begin(),
                                                   request.separators.end());
    request.options.separators = separators;
    request.options.aim = request.aim;
    if (request.lines) return decode_lines(request, in, out, today);
    const Decoded decoded = decode(*request.text, request.options);
    out << (request.as_json ? decoded_as_json(decoded, today) + '\n'
                            : decoded_as_text(decoded, today));
    return decoded.ok() ? 0 : 1;
}

int decode_command(std::span<const std::string> arguments) {
    const Date today = site_date(system_clock().now(), "UTC");
    return decode_command(arguments, std::cin, std::cout, std::cerr, today);
}

}  // namespace lotgate::cli
