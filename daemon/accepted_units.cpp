#include "daemon/accepted_units.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace lotgate::site {

namespace json = boost::json;

namespace {

std::string text_at(const json::object& object, const char* key) {
    const json::value* const value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

bool write_whole(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(file, text.data(), text.size());
        if (written < 0 && errno != EINTR) return false;
        if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

bool sync_folder(const std::string& path) {
    const std::string folder = std::filesystem::path(path).parent_path().string();
    const int file = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    const bool is_synced = ::fsync(file) == 0;
    ::close(file);
    return is_synced;
}

}  // namespace

Result<> AcceptedUnits::load(const std::string& path) {
    path_ = path;
    units_.clear();
    std::ifstream file(path, std::ios::binary);
    if (!file) return {};
    std::stringstream text;
    text << file.rdbuf();
    json::error_code error;
    const json::value root = json::parse(text.str(), error);
    if (error || !root.is_object()) {
        return fail(FaultCode::corrupt,
                    path +
                        " is not what was written there: accepted units do not count, the "
                        "configuration does");
    }
    for (const auto& [device, value] : root.get_object()) {
        const json::object* const object = value.if_object();
        if (object == nullptr) continue;
        units_[device] = {text_at(*object, "declared"),
                          text_at(*object, "unit"),
                          text_at(*object, "by"),
                          text_at(*object, "at")};
    }
    return {};
}

std::optional<std::string> AcceptedUnits::instead_of(const std::string& device,
                                                     const std::string& declared) const {
    const auto found = units_.find(device);
    if (found == units_.end() || found->second.declared != declared) return std::nullopt;
    return found->second.unit;
}

Result<> AcceptedUnits::accept(const std::string& device, AcceptedUnit unit) {
    std::map<std::string, AcceptedUnit> next = units_;
    next[device] = std::move(unit);
    LG_CHECK(save(next));
    units_ = std::move(next);
    return {};
}

Result<> AcceptedUnits::save(const std::map<std::string, AcceptedUnit>& units) const {
    json::object root;
    for (const auto& [device, unit] : units) {
        json::object object;
        object["declared"] = unit.declared;
        object["unit"] = unit.unit;
        object["by"] = unit.by;
        object["at"] = unit.at;
        root[device] = std::move(object);
    }
    const std::string next = path_ + ".new";
    const int file = ::open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    bool is_done = file >= 0 && write_whole(file, json::serialize(root) + "\n");
    is_done = is_done && ::fsync(file) == 0;
    if (file >= 0) ::close(file);
    is_done = is_done && ::rename(next.c_str(), path_.c_str()) == 0 && sync_folder(path_);
    if (is_done) return {};
    return fail(
        FaultCode::unavailable,
        fmt::format("{} cannot be written: {}", path_, std::generic_category().message(errno)));
}

}  // namespace lotgate::site
