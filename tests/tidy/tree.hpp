#pragma once

// The tree as git knows it, for the tests that read it. A Tree can also be made up, so that each
// check is shown to bite on a planted fault.

#include <map>
#include <string>
#include <vector>

namespace lotgate::tidy {

/// Path from the root -> content. Only files that git tracks or would track.
using Tree = std::map<std::string, std::string>;

[[nodiscard]] Tree read_tree(const std::string& root);

/// "path:line: what is wrong and what to do"; empty where all is well.
using Findings = std::vector<std::string>;

[[nodiscard]] Findings include_direction(const Tree& tree);
[[nodiscard]] Findings banned_words(const Tree& tree);
[[nodiscard]] Findings long_files(const Tree& tree);
[[nodiscard]] Findings unused_headers(const Tree& tree);
[[nodiscard]] Findings broken_links(const Tree& tree);
[[nodiscard]] Findings incomplete_adapters(const Tree& tree);
[[nodiscard]] Findings headers_without_pragma_once(const Tree& tree);

}  // namespace lotgate::tidy
