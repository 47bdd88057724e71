#pragma once

// All tables that are folded from the ledger, with the columns of their keys: what a rebuild
// compares, and what an archive carries as the state at its end.

#include <span>
#include <string_view>

namespace lotgate::store {

struct ProjectionTable {
    const char* name;
    const char* key;
};

[[nodiscard]] std::span<const ProjectionTable> projection_tables();
[[nodiscard]] bool is_projection(std::string_view table);

}  // namespace lotgate::store
