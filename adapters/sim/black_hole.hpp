#pragma once

// A TCP port behind which packets vanish: whoever dials it gets no answer at all, neither accepted
// nor refused, as with a device whose cable is out or a firewall that drops. Made without
// privileges: the port listens with the shortest queue there is, and the queue is full.

#include "store/model/result.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace lotgate::sim {

class BlackHole {
public:
    static Result<std::unique_ptr<BlackHole>> at(std::uint16_t port);
    ~BlackHole();
    BlackHole(const BlackHole&) = delete;
    BlackHole& operator=(const BlackHole&) = delete;

private:
    BlackHole() = default;

    std::vector<int> sockets_;
};

}  // namespace lotgate::sim
