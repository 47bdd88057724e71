#pragma once

// What the benches of the store scan: serialised widgets, announced by ASNs and received at docks,
// one dock an ASN.

#include "store/rules/attempt.hpp"
#include "store/store.hpp"

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace lotgate::bench {

inline constexpr const char* widget = "09506000134376";
inline constexpr std::uint64_t units_of_an_asn = 20'000;

/// One caller's wait for one answer.
class Waiter {
public:
    void answered(bool good);
    /// What the answer was.
    bool wait();

private:
    std::mutex mutex_;
    std::condition_variable wake_;
    bool is_done_ = false;
    bool is_good_ = false;
};

[[nodiscard]] rules::Attempt receipt(std::uint64_t unit,
                                     const std::shared_ptr<rules::StationPolicy>& policy);

/// Submits and waits; true where it was accepted.
bool ask(store::Store& store, Waiter& waiter, store::Command command);

/// The feed of a site: products and ASNs, one item a page. Ends the program on a refusal.
class Feed {
public:
    explicit Feed(store::Store& store) : store_(&store) {}

    void product();
    /// Units `first` to `first + count - 1`, all of one ASN.
    void asn(std::uint64_t first, std::uint64_t count);

private:
    void send(std::string kind, std::string body);

    store::Store* store_;
    std::uint64_t dseq_ = 0;
};

}  // namespace lotgate::bench
