#pragma once

// The yardstick: the same receiving transaction in plain C style against SQLite, no rules, no
// domain types, with the same group commit. What it costs to do the job at all.

#include <cstdint>
#include <memory>
#include <string>

namespace lotgate::bench {

class BareStore {
public:
    /// `path` is a new file; it is given the program's own schema by `schema`.
    BareStore(const std::string& path, const std::string& schema, std::uint64_t units);
    BareStore(const BareStore&) = delete;
    BareStore& operator=(const BareStore&) = delete;
    ~BareStore();

    /// Receives unit number `unit` and returns when it is durable. Any thread.
    void receive(std::uint64_t unit);
    /// One commit by the calling thread alone, without the group; nobody else may be in receive().
    void receive_alone(std::uint64_t unit);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace lotgate::bench
