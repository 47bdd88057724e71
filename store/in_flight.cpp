#include "store/in_flight.hpp"

#include "store/model/ledger_row.hpp"

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <openssl/sha.h>
#include <sys/mman.h>
#include <unistd.h>

namespace lotgate::store {

namespace {

constexpr std::uint64_t magic = 0x4c47464c49474854ULL;

}  // namespace

struct InFlight::Page {
    std::uint64_t magic;
    std::atomic<std::uint32_t> is_deciding;
    std::uint32_t ended;  ///< of the scan that stands here, before this run
    std::uint32_t station_bytes;
    std::uint32_t step_bytes;
    std::uint32_t raw_bytes;
    std::array<char, 128 + InFlight::bytes_max> text;

    [[nodiscard]] bool is_sound() const {
        return static_cast<std::size_t>(station_bytes) + step_bytes + raw_bytes <= text.size();
    }

    [[nodiscard]] std::string_view station() const { return {text.data(), station_bytes}; }

    [[nodiscard]] std::string_view step() const {
        return {text.data() + station_bytes, step_bytes};
    }

    [[nodiscard]] std::string_view raw() const {
        return {text.data() + station_bytes + step_bytes, raw_bytes};
    }
};

Result<std::unique_ptr<InFlight>> InFlight::open(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (file < 0 || ftruncate(file, sizeof(Page)) != 0) {
        const int error = errno;
        if (file >= 0) close(file);
        return fail(FaultCode::unavailable,
                    fmt::format("{} cannot be written ({}); make its directory writable",
                                path,
                                std::generic_category().message(error)));
    }
    void* const mapped = mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (mapped == MAP_FAILED)
        return fail(
            FaultCode::unavailable, "the note of the scan in flight cannot be mapped", path);
    auto* const page = static_cast<Page*>(mapped);
    if (page->magic != magic || !page->is_sound()) {
        std::memset(mapped, 0, sizeof(Page));
        page->magic = magic;
    }
    if (page->is_deciding.load() != 0) {
        page->ended += 1;
        page->is_deciding.store(0);
    }
    return std::unique_ptr<InFlight>(new InFlight(page));
}

InFlight::~InFlight() {
    munmap(page_, sizeof(Page));
}

std::optional<InFlight::Suspect> InFlight::suspect() const {
    if (page_->ended == 0) return std::nullopt;
    return Suspect{std::string(page_->station()),
                   std::string(page_->step()),
                   std::string(page_->raw()),
                   page_->ended};
}

void InFlight::enter(const rules::Attempt& attempt) {
    const std::string& raw = attempt.observation.raw;
    const std::string_view step = rules::name_of(attempt.step);
    is_noted_ = !raw.empty() && raw.size() <= bytes_max && attempt.station.size() <= 100;
    if (!is_noted_) return;
    const bool is_same =
        page_->raw() == raw && page_->station() == attempt.station && page_->step() == step;
    if (!is_same) {
        page_->ended = 0;
        page_->station_bytes = static_cast<std::uint32_t>(attempt.station.size());
        page_->step_bytes = static_cast<std::uint32_t>(step.size());
        page_->raw_bytes = static_cast<std::uint32_t>(raw.size());
        char* at = page_->text.data();
        at = std::copy(attempt.station.begin(), attempt.station.end(), at);
        at = std::copy(step.begin(), step.end(), at);
        std::copy(raw.begin(), raw.end(), at);
    }
    page_->is_deciding.store(1, std::memory_order_release);
}

// Decided: whatever ended the program before, it was not this.
void InFlight::leave() {
    if (!is_noted_) return;
    page_->is_deciding.store(0, std::memory_order_release);
    page_->ended = 0;
}

std::string scan_identity(const std::string& station,
                          std::string_view step,
                          const std::string& raw) {
    std::string text = station;
    text += '\n';
    text += step;
    text += '\n';
    text += raw;
    std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    return to_hex(std::span<const std::uint8_t>(digest).first(16));
}

}  // namespace lotgate::store
