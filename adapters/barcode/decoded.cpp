#include "adapters/barcode/writer.hpp"
#include "store/model/assert.hpp"

#include <algorithm>

namespace lotgate::barcode {

namespace {

// Cut so that a zero byte always ends it.
void copy_name(std::string_view name, std::array<char, 8>& target) {
    target = {};
    std::copy_n(name.begin(), std::min(name.size(), target.size() - 1), target.begin());
}

}  // namespace

std::size_t Decoded::ByteStore::append(std::string_view bytes) {
    const std::size_t offset = size_;
    if (long_.empty() && size_ + bytes.size() <= short_.size()) {
        std::copy(bytes.begin(), bytes.end(), short_.begin() + static_cast<std::ptrdiff_t>(size_));
    } else {
        if (long_.empty()) long_.assign(short_.data(), size_);
        long_.append(bytes);
    }
    size_ += bytes.size();
    return offset;
}

void Decoded::ByteStore::assign(const ByteStore& other) {
    long_ = other.long_;
    size_ = other.size_;
    if (long_.empty()) std::copy_n(other.short_.begin(), size_, short_.begin());
}

// Only what is set: the rest of the arrays was never written.
void Decoded::assign(const Decoded& other) {
    store_.assign(other.store_);
    std::copy_n(other.slots_.begin(), other.element_count_, slots_.begin());
    warnings_ = other.warnings_;
    error_ = other.error_;
    full_error_ = other.full_error_;
    raw_size_ = other.raw_size_;
    text_offset_ = other.text_offset_;
    text_size_ = other.text_size_;
    element_count_ = other.element_count_;
    warning_count_ = other.warning_count_;
    aim_size_ = other.aim_size_;
    aim_ = other.aim_;
    kind_ = other.kind_;
    ambiguous_ = other.ambiguous_;
}

Decoded::Decoded(const Decoded& other) {
    assign(other);
}

Decoded& Decoded::operator=(const Decoded& other) {
    if (this != &other) assign(other);
    return *this;
}

Element Decoded::element(std::size_t index) const {
    LG_ASSERT(index < element_count_);
    const Slot& slot = slots_[index];
    return {{slot.ai.data(), slot.ai_size},
            store_.view(slot.value_offset, slot.value_size),
            slot.position};
}

std::optional<std::string_view> Decoded::find(std::string_view ai) const {
    for (std::size_t i = 0; i < element_count_; ++i) {
        const Element candidate = element(i);
        if (candidate.ai == ai) return candidate.value;
    }
    return {};
}

Writer::Writer(Decoded& decoded, std::string_view raw) : decoded_(decoded) {
    decoded_.store_.append(raw);
    decoded_.raw_size_ = static_cast<std::uint32_t>(raw.size());
}

void Writer::aim(std::string_view aim) {
    const std::size_t size = std::min(aim.size(), decoded_.aim_.size());
    std::copy_n(aim.begin(), size, decoded_.aim_.begin());
    decoded_.aim_size_ = static_cast<std::uint8_t>(size);
}

void Writer::text(const Slice& payload) {
    decoded_.text_offset_ = payload.at;
    decoded_.text_size_ = static_cast<std::uint32_t>(payload.text.size());
}

void Writer::own_text(std::string_view text) {
    decoded_.text_offset_ = static_cast<std::uint32_t>(decoded_.store_.append(text));
    decoded_.text_size_ = static_cast<std::uint32_t>(text.size());
}

bool Writer::add_slot(std::string_view ai,
                      std::size_t offset,
                      std::size_t size,
                      std::uint32_t position) {
    if (decoded_.element_count_ == elements_max) {
        return refuse(ErrorClass::too_many_elements, position, ai);
    }
    Decoded::Slot& slot = decoded_.slots_[decoded_.element_count_];
    LG_ASSERT(ai.size() <= slot.ai.size());
    slot.value_offset = static_cast<std::uint32_t>(offset);
    slot.value_size = static_cast<std::uint32_t>(size);
    slot.position = position;
    std::copy(ai.begin(), ai.end(), slot.ai.begin());
    slot.ai_size = static_cast<std::uint8_t>(ai.size());
    ++decoded_.element_count_;
    return true;
}

bool Writer::add(std::string_view ai, const Slice& value) {
    return add_slot(ai, value.at, value.text.size(), value.at);
}

bool Writer::add_own(std::string_view ai, std::string_view value, std::uint32_t position) {
    return add_slot(ai, decoded_.store_.append(value), value.size(), position);
}

bool Writer::refuse(ErrorClass error, std::uint32_t position, std::string_view about) {
    if (decoded_.error_.error != ErrorClass::none) return false;
    decoded_.error_.error = error;
    // A value that was written shorter than it is meant (padded, escaped) may reach past the end.
    decoded_.error_.position = std::min(position, decoded_.raw_size_);
    copy_name(about, decoded_.error_.about);
    decoded_.element_count_ = 0;
    return false;
}

void Writer::incomplete(std::uint32_t position, std::string_view about) {
    if (decoded_.full_error_.error != ErrorClass::none) return;
    decoded_.full_error_.error = ErrorClass::ai_required_missing;
    decoded_.full_error_.position = std::min(position, decoded_.raw_size_);
    copy_name(about, decoded_.full_error_.about);
}

void Writer::forget() {
    decoded_.kind_ = Kind::nothing;
    decoded_.error_ = {};
    decoded_.full_error_ = {};
    decoded_.element_count_ = 0;
    decoded_.warning_count_ = 0;
    decoded_.ambiguous_ = false;
}

void Writer::warn(WarningClass warning, std::uint32_t position) {
    for (std::size_t i = 0; i < decoded_.warning_count_; ++i) {
        if (decoded_.warnings_[i].warning == warning) return;
    }
    if (decoded_.warning_count_ == Decoded::warnings_max) return;
    decoded_.warnings_[decoded_.warning_count_++] = {warning, position};
}

void Writer::ambiguous(std::uint32_t position) {
    decoded_.ambiguous_ = true;
    warn(WarningClass::ambiguous, position);
}

}  // namespace lotgate::barcode
