#include "adapters/transport/mqtt_topic.hpp"

#include <cstddef>

namespace lotgate::adapters {

namespace {

constexpr std::size_t text_bytes_max = 65'535;  // a two-byte length (1.5.3)

std::string_view next_level(std::string_view& rest) {
    const std::size_t slash = rest.find('/');
    const std::string_view level = rest.substr(0, slash);
    rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
    return level;
}

bool is_text(std::string_view text) {
    return !text.empty() && text.size() <= text_bytes_max &&
           text.find('\0') == std::string_view::npos;
}

}  // namespace

bool topic_matches(std::string_view filter, std::string_view topic) {
    if (filter.empty() || topic.empty()) return false;
    if (topic.front() == '$' && (filter.front() == '+' || filter.front() == '#')) return false;
    // An empty rest is either the end or one empty level; the separators tell them apart.
    bool filter_goes_on = true;
    bool topic_goes_on = true;
    while (filter_goes_on && topic_goes_on) {
        filter_goes_on = filter.find('/') != std::string_view::npos;
        topic_goes_on = topic.find('/') != std::string_view::npos;
        const std::string_view wanted = next_level(filter);
        const std::string_view level = next_level(topic);
        if (wanted == "#") return true;
        if (wanted != "+" && wanted != level) return false;
    }
    if (filter_goes_on) return filter == "#";  // "a/#" is also "a" (4.7.1.2)
    return !topic_goes_on;
}

bool filter_is_valid(std::string_view filter) {
    if (!is_text(filter)) return false;
    std::string_view rest = filter;
    bool goes_on = true;
    while (goes_on) {
        goes_on = rest.find('/') != std::string_view::npos;
        const std::string_view level = next_level(rest);
        if (level == "#") return !goes_on;
        if (level != "+" && level.find_first_of("+#") != std::string_view::npos) return false;
    }
    return true;
}

bool topic_is_valid(std::string_view topic) {
    return is_text(topic) && topic.find_first_of("+#") == std::string_view::npos;
}

}  // namespace lotgate::adapters
