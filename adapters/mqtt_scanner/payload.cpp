#include "adapters/mqtt_scanner/payload.hpp"

#include "store/model/ledger_row.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <cmath>

namespace lotgate::adapters {

namespace json = boost::json;

namespace {

constexpr std::size_t text_bytes_max = 8192;  // of one member
constexpr double milliseconds_from = 1e11;    // numbers above are ms since 1970, below are s

std::string text_at(SettingsTable& table, const char* key, const std::string& fallback) {
    const std::string path = table.text(key, fallback);
    if (path.size() > 200 || path.starts_with('.') || path.ends_with('.') ||
        path.find("..") != std::string::npos) {
        table.problem(key, "a path is names joined by dots", "code_path = \"data.idHex\"");
    }
    return path;
}

/// The value at "a.b.c", or null where one of the names is missing.
const json::value* value_at(const json::object& object, std::string_view path) {
    const json::object* level = &object;
    for (;;) {
        const std::size_t dot = path.find('.');
        const json::value* found = level->if_contains(path.substr(0, dot));
        if (found == nullptr || dot == std::string_view::npos) return found;
        level = found->if_object();
        if (level == nullptr) return nullptr;
        path.remove_prefix(dot + 1);
    }
}

/// Texts as they are, whole numbers as their digits; anything else is nothing.
std::string text_of(const json::value* value) {
    if (value == nullptr) return {};
    if (const json::string* text = value->if_string()) {
        return text->size() <= text_bytes_max ? std::string(*text) : std::string{};
    }
    if (const std::int64_t* number = value->if_int64()) return std::to_string(*number);
    if (const std::uint64_t* number = value->if_uint64()) return std::to_string(*number);
    return {};
}

std::optional<Instant> time_of(const json::value* value) {
    if (value == nullptr) return {};
    if (const json::string* text = value->if_string()) {
        const Result<Instant> instant = parse_instant(std::string_view(*text));
        return instant ? std::optional<Instant>(*instant) : std::nullopt;
    }
    if (!value->is_number()) return {};
    const double number = value->to_number<double>();
    if (!std::isfinite(number) || number < 0 || number > 1e14) return {};
    const double us = number > milliseconds_from ? number * 1e3 : number * 1e6;
    return Instant{static_cast<std::int64_t>(us)};
}

std::optional<OverrideFields> override_of(const json::object& object) {
    const json::value* found = object.if_contains("override");
    const json::object* given = found == nullptr ? nullptr : found->if_object();
    if (given == nullptr) return {};
    const auto text = [&](const char* name) {
        return text_of(given->if_contains(name)).substr(0, 64);
    };
    OverrideFields fields;
    fields.badge = text("badge");
    fields.pin = text("pin");
    fields.reason = text("reason");
    fields.second_badge = text("second_badge");
    fields.second_pin = text("second_pin");
    fields.code = text("code");
    return fields;
}

Result<PayloadRead> read_object(const PayloadConfig& config, const json::value& value) {
    const json::object* object = value.if_object();
    if (object == nullptr) return fail(FaultCode::invalid_input, "a read is not a JSON object");
    PayloadRead read;
    read.code = text_of(value_at(*object, config.code_path));
    if (read.code.empty()) {
        return fail(FaultCode::invalid_input, "no text at \"" + config.code_path + "\"");
    }
    read.id = text_of(value_at(*object, config.id_path)).substr(0, 128);
    read.made_at = time_of(value_at(*object, config.time_path));
    read.step = text_of(value_at(*object, config.step_path)).substr(0, 40);
    read.badge = text_of(value_at(*object, config.badge_path)).substr(0, 80);
    read.overriding = override_of(*object);
    read.serial = text_of(object->if_contains("serial")).substr(0, 64);
    read.lot = text_of(object->if_contains("lot")).substr(0, 64);
    return read;
}

Result<std::vector<PayloadRead>> read_text(std::string_view payload) {
    while (!payload.empty() && (payload.back() == '\r' || payload.back() == '\n')) {
        payload.remove_suffix(1);
    }
    if (payload.empty() || payload.size() > text_bytes_max) {
        return fail(FaultCode::invalid_input, "the message is empty or too long for a code");
    }
    PayloadRead read;
    read.code = std::string(payload);
    return std::vector<PayloadRead>{std::move(read)};
}

}  // namespace

PayloadConfig parse_payload(SettingsTable& table) {
    PayloadConfig config;
    const std::string shape = table.one_of("payload", {"json", "text", "zebra"});
    config.is_text = shape == "text";
    if (shape == "zebra") {
        config.code_path = "data.idHex";
        config.time_path = "timestamp";
    }
    if (config.is_text) return config;
    config.code_path = text_at(table, "code_path", config.code_path);
    config.id_path = text_at(table, "id_path", config.id_path);
    config.time_path = text_at(table, "time_path", config.time_path);
    config.step_path = text_at(table, "step_path", config.step_path);
    config.badge_path = text_at(table, "badge_path", config.badge_path);
    return config;
}

Result<std::vector<PayloadRead>> read_payload(const PayloadConfig& config,
                                              std::string_view payload) {
    if (config.is_text) return read_text(payload);
    json::parse_options options;
    options.max_depth = 16;
    boost::system::error_code error;
    const json::value value = json::parse(payload, error, {}, options);
    if (error) {
        return fail(FaultCode::invalid_input,
                    "the message is not JSON: " + error.message(),
                    std::string(payload.substr(0, 200)));
    }
    std::vector<json::value> objects;
    if (const json::array* array = value.if_array()) {
        if (array->empty() || array->size() > config.reads_max) {
            return fail(FaultCode::invalid_input,
                        fmt::format("a message carries 1 to {} reads", config.reads_max));
        }
        objects.assign(array->begin(), array->end());
    } else {
        objects.push_back(value);
    }
    std::vector<PayloadRead> reads;
    for (const json::value& object : objects) {
        LG_TRY(PayloadRead read, read_object(config, object));
        if (read.id.empty() && read.made_at) {
            const Hash digest = sha256(payload);
            read.id = fmt::format("{}-{}", to_hex({digest.data(), 12}), reads.size());
        }
        reads.push_back(std::move(read));
    }
    return reads;
}

std::string answer_payload(std::string_view id,
                           std::string_view light,
                           std::string_view code,
                           std::string_view told) {
    json::object answer;
    answer["id"] = id;
    answer["light"] = light;
    answer["code"] = code;
    answer["told"] = told;
    return json::serialize(answer);
}

}  // namespace lotgate::adapters
