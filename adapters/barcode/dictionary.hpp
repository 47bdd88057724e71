#pragma once

// The table of GS1 application identifiers: formats, content checks, pairings, Digital Link
// roles. The built-in one is generated from application_identifiers.csv; a newer dictionary file
// of GS1 can be loaded at start-up. Immutable once made: share it between threads freely.

#include "store/model/result.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::barcode {

enum class Charset : std::uint8_t { digits, cset82, cset39, base64url };

/// Content checks of a component, in the order of the names below (linters.hpp runs them).
enum class Linter : std::uint8_t {
    none,
    csum,
    csumalpha,
    gcppos1,
    gcppos2,
    yymmd0,
    yymmdd,
    yyyymmdd,
    hh,
    mi,
    ss,
    hhmi,
    iso3166,
    iso3166999,
    iso3166alpha2,
    iso4217,
    iso5218,
    iban,
    pcenc,
    pieceoftotal,
    posinseqslash,
    importeridx,
    latitude,
    longitude,
    mediatype,
    packagetype,
    nonzero,
    nozeroprefix,
    zero,
    yesno,
    winding,
    hyphen,
    hasnondigit,
    couponcode,
    couponposoffer,
};

struct Component {
    Charset charset = Charset::digits;
    std::uint8_t min = 0;
    std::uint8_t max = 0;
    bool optional = false;
    std::array<Linter, 3> linters{};
};

/// An identifier as a number left-aligned to four digits: "01" is 100, "235" 2350, "3103" 3103.
/// All identifiers that begin with the same two digits have the same length, so it is unique.
using AiCode = std::uint16_t;

[[nodiscard]] AiCode ai_code(std::string_view ai);

/// One pattern of a pairing rule, "01", "310n", "31nn": codes first to last.
struct Term {
    AiCode first = 0;
    AiCode last = 0;
    bool ends_alternative = true;  ///< false: the next term must hold too
    bool ends_group = true;        ///< false: or the next alternative
};

/// A slice of the dictionary's terms.
struct TermRange {
    std::uint16_t first = 0;
    std::uint16_t size = 0;
};

struct AiEntry {
    std::array<char, 4> ai{};
    std::uint8_t ai_size = 0;
    bool predefined_length = false;  ///< no separator needed after it
    bool link_attribute = false;     ///< may stand in the query of a Digital Link
    bool link_key = false;           ///< primary key of a Digital Link
    std::uint8_t component_count = 0;
    std::uint8_t value_min = 0;
    std::uint8_t value_max = 0;
    std::array<Component, 6> components{};
    TermRange needs;       ///< groups: each must hold
    TermRange excludes;    ///< none may stand beside it
    TermRange qualifiers;  ///< alternatives of ordered qualifiers; a group is one sequence
    std::string_view title;

    [[nodiscard]] std::string_view name() const { return {ai.data(), ai_size}; }
};

class Dictionary {
public:
    /// Spans must outlive it. Entries ascend by identifier.
    Dictionary(std::span<const AiEntry> entries, std::span<const Term> terms);

    /// The identifier at the start of `data`, or nullptr.
    [[nodiscard]] const AiEntry* match(std::string_view data) const;
    /// Exactly this identifier, or nullptr.
    [[nodiscard]] const AiEntry* find(std::string_view ai) const;
    /// The length of identifiers that start like `data` (2, 3, 4), or 0 where none is known.
    [[nodiscard]] int ai_length(std::string_view data) const;

    [[nodiscard]] std::span<const AiEntry> entries() const { return entries_; }

    [[nodiscard]] std::span<const Term> terms(TermRange range) const {
        return terms_.subspan(range.first, range.size);
    }

private:
    std::span<const AiEntry> entries_;
    std::span<const Term> terms_;
    std::array<std::uint8_t, 100> length_by_prefix_{};
    std::array<std::uint16_t, 10000> entry_by_code_{};  // 1 + index; 0 = none
};

/// The table of this build.
[[nodiscard]] const Dictionary& built_in_dictionary();

/// A dictionary that owns its table.
struct LoadedDictionary {
    std::vector<AiEntry> entries;
    std::vector<Term> terms;
    std::string titles;   ///< what the entries' titles point into
    std::string release;  ///< "2026-01-27", or empty where the file does not say
    std::unique_ptr<const Dictionary> dictionary;
};

/// Reads GS1's dictionary file (its syntax as of the release of 2026-01-27), at most 1 MiB. A
/// fault names the line and the reason; the caller keeps the table that it has.
[[nodiscard]] Result<std::unique_ptr<const LoadedDictionary>> load_gs1_dictionary(
    std::string_view file);

/// The length of the value where the first two digits fix it (GenSpecs 7.8.5), else 0. Reserved
/// prefixes are in it: 04, 14, 18, 19.
[[nodiscard]] int predefined_value_length(std::string_view ai);

}  // namespace lotgate::barcode
