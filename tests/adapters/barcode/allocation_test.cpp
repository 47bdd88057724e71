// The way of a scan allocates nothing. Counts what this program asks of operator new.

#include "tests/adapters/barcode/spoken.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <cstdlib>
#include <new>
#include <string>

namespace {

std::atomic<std::size_t> allocations{0};

}  // namespace

void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}

// Sanitizers bring a pair of their own for this form.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    ++allocations;
    return std::malloc(size == 0 ? 1 : size);
}

void operator delete(void* memory) noexcept {
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

using namespace lotgate::barcode;

TEST_CASE("a scan is decoded without asking for memory", "[barcode][allocation]") {
    const std::string longest = "]C0" + std::string(509, 'x');
    static_cast<void>(scanned("]C110A"));  // the table is made once
    for (const std::string& raw :
         {std::string("]d2011231231231233317261231211234567\x1d"
                      "10ABC123"),
          std::string("]C100123456789012345675"),
          std::string("]E02112345678900"),
          std::string("]Q1https://id.gs1.org/01/12312312312333/10/ABC?17=261231"),
          std::string("]C0+A99912345/$$52001510X3/16D20111212/S77DEFG457"),
          std::string("]d1[)>\x1e"
                      "06\x1d"
                      "9N110375286414\x1d"
                      "S1\x1e\x04"),
          std::string("]C10112312312312334"),
          std::string("]XX"),
          longest}) {
        const std::size_t before = allocations;
        {
            const Decoded decoded = scanned(raw);
            const Decoded kept(decoded);
            static_cast<void>(kept.find("10"));
        }
        const std::size_t after = allocations;
        INFO(raw);
        CHECK(after == before);
    }
}

TEST_CASE("the counter of allocations counts", "[barcode][allocation]") {
    const std::size_t before = allocations;
    const Decoded decoded = scanned("]C0" + std::string(600, 'x'));
    CHECK(allocations > before);
    CHECK(decoded.ok());
}
