#pragma once

// The yardstick: the same receiving transaction in plain C style against SQLite, no rules, no
// domain types, with the same group commit and the same way of answering. What it costs to do the
// job at all: it reads what a program must read to decide and writes the rows the store writes.

#include <cstdint>
#include <functional>
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

    /// Receives unit number `unit`; `done` is called on the writer's thread when it is durable.
    void receive(std::uint64_t unit, std::function<void()> done);
    /// One commit by the calling thread alone, without the group; nobody else may be in receive().
    void receive_alone(std::uint64_t unit);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace lotgate::bench
