#include "adapters/sim/nasty_line.hpp"

#include "adapters/sim/fields.hpp"

#include <utility>

namespace lotgate::sim {

Result<> NastyLine::set(Fields& request) {
    const std::string quirk = request.word(
        "quirk",
        {"split", "merge", "cr_inside", "nul_inside", "overlong", "parity_noise", "flood"});
    const bool is_on = request.flag("on", true);
    const auto count = [&](std::string_view key, std::int64_t most, std::int64_t otherwise) {
        return static_cast<std::size_t>(request.number(key, {1, most}, otherwise));
    };
    const std::size_t frames =
        quirk == "merge" || quirk == "flood" ? count("count", 100'000, 2) : 1;
    const std::size_t bytes = quirk == "overlong" ? count("bytes", 1'000'000, 8192) : 0;
    const std::size_t every = quirk == "parity_noise" ? count("every", 1'000'000, 7) : 0;
    LG_CHECK(request.finish());
    if (quirk == "split") is_split_ = is_on;
    if (quirk == "cr_inside") has_cr_inside_ = is_on;
    if (quirk == "nul_inside") has_nul_inside_ = is_on;
    if (quirk == "overlong") overlong_bytes_ = is_on ? bytes : 0;
    if (quirk == "parity_noise") noise_every_ = is_on ? every : 0;
    if (quirk == "flood") flood_count_ = is_on ? frames : 1;
    if (quirk == "merge") merge_count_ = is_on ? frames : 1;
    return {};
}

std::string NastyLine::mangled(std::string_view data) const {
    std::string code(data);
    if (has_cr_inside_) code.insert(code.size() / 2, 1, '\r');
    if (has_nul_inside_) code.insert(code.size() / 2, 1, '\0');
    code.append(overlong_bytes_, 'X');
    for (std::size_t at = noise_every_; noise_every_ > 0 && at <= code.size(); at += noise_every_) {
        code[at - 1] = '\0';
    }
    return code;
}

std::string NastyLine::leave(std::string_view prefix,
                             std::string_view data,
                             std::string_view suffix) {
    const std::string frame = std::string(prefix) + mangled(data) + std::string(suffix);
    for (std::size_t time = 0; time < flood_count_; ++time) held_ += frame;
    ++held_count_;
    if (held_count_ < merge_count_) return {};
    held_count_ = 0;
    return std::exchange(held_, {});
}

}  // namespace lotgate::sim
