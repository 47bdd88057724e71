#pragma once

// A warehouse whose first orders went through years ago, and what `lotgate archive` and the gateway
// do with its ledger, as phrases.

#include "store/retention/archiving.hpp"
#include "tests/store/kit/warehouse.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace lotgate::testkit {

/// Two units of one lot that came in and left.
struct Journey {
    std::string lot;
    std::string order;
    std::string sscc;
    std::vector<std::string> serials;
};

class OldHouse {
public:
    /// In March 2018, with products, a customer and carton numbers.
    OldHouse();

    [[nodiscard]] Warehouse& house() { return house_; }

    /// Announces, receives, packs, labels and loads: nothing of it stays here.
    Journey through(int number);
    /// The same up to the open pallet: announced and received, by so many units.
    void receive(int number, int units);
    /// A counted lot of which so much comes and nothing leaves.
    void receive_kale(const std::string& lot);

    /// And then somebody scans what nobody knows.
    void years_pass(int years);

    [[nodiscard]] store::ArchiveTerms terms();

    [[nodiscard]] store::ArchiveBorder border() { return border(terms()); }

    [[nodiscard]] store::ArchiveBorder border(const store::ArchiveTerms& terms);
    /// Writes what may go into a file.
    [[nodiscard]] store::WrittenArchive written();
    /// Has the gateway look at it and record it.
    store::Outcome record(const std::string& file);
    /// All of it, until the rows are gone; the file.
    std::string archive();
    /// Waits until the gateway has taken out what is in archives.
    void rows_leave();

    [[nodiscard]] std::int64_t number(const std::string& sql);
    /// Number of the first row whose body has these words; 0: none.
    [[nodiscard]] std::uint64_t row_with(const std::string& words);

    [[nodiscard]] std::string folder() const { return folder_.file(""); }

    [[nodiscard]] bool is_whole();

private:
    Warehouse house_;
    TempDir folder_;
};

}  // namespace lotgate::testkit
