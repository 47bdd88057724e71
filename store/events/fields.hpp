#pragma once

// A JSON object by its named fields, written and read; how each type of value looks is said in
// archive.hpp (put, get).

#include <boost/json.hpp>

#include <concepts>
#include <string>
#include <string_view>

namespace lotgate::store {

class FieldWriter {
public:
    explicit FieldWriter(std::string& out) : out_(&out) { out_->push_back('{'); }

    FieldWriter(const FieldWriter&) = delete;
    FieldWriter& operator=(const FieldWriter&) = delete;

    ~FieldWriter() { out_->push_back('}'); }

    template <class T>
    void operator()(std::string_view key, const T& value) {
        if (is_absent(value)) return;
        begin(key);
        put(value);
    }

    /// JSON text as it is.
    void verbatim(std::string_view key, std::string_view json) {
        begin(key);
        out_->append(json);
    }

private:
    void begin(std::string_view key) {
        if (!is_first_) out_->push_back(',');
        is_first_ = false;
        out_->push_back('"');
        out_->append(key);
        out_->append("\":");
    }

    template <class T>
    static bool is_absent(const T& value) {
        if constexpr (std::integral<T>)
            return value == 0;
        else if constexpr (requires { value.has_value(); })
            return !value.has_value();
        else if constexpr (requires { value.empty(); })
            return value.empty();
        else
            return false;
    }

    template <class T>
    void put(const T& value);

    std::string* out_;
    bool is_first_ = true;
};

class FieldReader {
public:
    explicit FieldReader(const boost::json::object& object) : object_(&object) {}

    template <class T>
    void operator()(std::string_view key, T& value) {
        const boost::json::value* found = object_->if_contains(key);
        if (found == nullptr || !get(*found, value))
            is_complete_ = is_complete_ && found == nullptr;
    }

    /// False where a field was there but had another type.
    [[nodiscard]] bool is_complete() const { return is_complete_; }

    template <class T>
    static bool get(const boost::json::value& json, T& value);

private:
    const boost::json::object* object_;
    bool is_complete_ = true;
};

}  // namespace lotgate::store
