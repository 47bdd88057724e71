#include "adapters/transport/read_rate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace lotgate::adapters {

namespace {

constexpr double weight = 1.0 / 2000.0;  // one read, in what is usual: about two thousand count
constexpr double much = 0.10;            // below this share nobody needs to look
constexpr double times_usual = 3.0;

constexpr std::size_t windows_known = 12;    // two hours of work before anything is usual
constexpr double window_weight = 1.0 / 144;  // about a day of work counts
constexpr double usual_at_least = 20.0;      // fewer reads vary by themselves
constexpr unsigned poor_windows = 3;

}  // namespace

void ReadRate::note(bool is_no_read) {
    last_.set(at_, is_no_read);
    at_ = (at_ + 1) % window;
    count_ = std::min(count_ + 1, window);
    ++total_;
    const double share = is_no_read ? 1.0 : 0.0;
    // At the start the plain mean; later a slow one, so that a bad hour does not become usual.
    const double step = std::max(weight, 1.0 / static_cast<double>(total_));
    usual_ += (share - usual_) * step;
}

double ReadRate::recent_no_reads() const {
    if (count_ == 0) return 0.0;
    return static_cast<double>(last_.count()) / static_cast<double>(count_);
}

std::string ReadRate::warning() const {
    const double recent = recent_no_reads();
    const bool is_much = recent >= much && recent >= usual_ * times_usual;
    // A scanner that never read well shows no change: half of all is too much for any.
    if (count_ < window || (!is_much && recent < 0.5)) return {};
    return fmt::format(
        "{:.0f} % of the last {} reads saw no code (usual: {:.0f} %): clean the lens, look at "
        "light, distance and labels",
        recent * 100,
        count_,
        usual_ * 100);
}

void ScanRate::note(std::chrono::nanoseconds now) {
    const std::int64_t at = now / window;
    if (has_window_ && at != window_) close_window();
    has_window_ = true;
    window_ = at;
    ++reads_;
}

void ScanRate::close_window() {
    recent_ = std::exchange(reads_, 0);
    const auto count = static_cast<double>(recent_);
    const bool is_poor =
        known_ >= windows_known && usual_ >= usual_at_least && count * times_usual < usual_;
    poor_ = is_poor ? poor_ + 1 : 0;
    ++known_;
    // A poor window weighs as little as any: a bad day does not become usual within the day.
    usual_ += (count - usual_) * std::max(window_weight, 1.0 / static_cast<double>(known_));
}

std::string ScanRate::warning() const {
    if (poor_ < poor_windows) return {};
    return fmt::format(
        "{} reads in ten minutes where {:.0f} are usual: does it miss cartons? Look at its lens, "
        "its angle and its trigger",
        recent_,
        usual_);
}

}  // namespace lotgate::adapters
