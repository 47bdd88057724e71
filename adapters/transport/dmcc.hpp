#pragma once

// What a Cognex DataMan says in DMCC's extended response mode. In silent mode (the maker's default)
// none of this comes: reads are plain lines.
//
//   answer = "||" [ checksum [ ":" id ] ] "[" status "]" [ data ] [ check byte ] CR LF
//
// checksum "1": the last byte of the data is the XOR of all before it. Status 1 is a read the
// device began itself; its data is base64 (RFC 2045). All other statuses answer a command.

#include <optional>
#include <string>
#include <string_view>

namespace lotgate::adapters {

struct DmccAnswer {
    int status = 0;
    bool is_read = false;  ///< of status 1 and whole: `data` is what was read, decoded
    std::string data;
    std::string fault;  ///< what is wrong, as a sentence for a person; empty where nothing is
};

/// Nothing where the frame does not begin as an answer does.
[[nodiscard]] std::optional<DmccAnswer> read_dmcc(std::string_view frame);

/// Nothing where it is not base64. Padding may be missing; line ends inside are skipped.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace lotgate::adapters
