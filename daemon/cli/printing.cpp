#include "daemon/cli/printing.hpp"

#include <boost/json/parse.hpp>

#include <array>
#include <fstream>
#include <ostream>

namespace lotgate::cli {

namespace json = boost::json;

Shown print(const Invocation& said,
            const Surroundings& around,
            const Answered& answered,
            Show show) {
    Shown shown;
    if (!answered.note.empty()) around.err << "note: " << answered.note << "\n";
    json::error_code error;
    shown.answer = json::parse(answered.json, error);
    if (error) {
        const Trouble trouble{exit_failed, "the answer is not JSON", "lotgate version"};
        shown.status = complain(around, trouble);
        return shown;
    }
    around.out << (said.is_json ? answered.json + "\n" : show(shown.answer));
    return shown;
}

/// Enough chance that no two are alike; the kernel's, so that two commands in one tick differ.
std::string new_request_id() {
    std::array<char, 12> bytes{};
    std::ifstream("/dev/urandom", std::ios::binary).read(bytes.data(), bytes.size());
    std::string id = "cli-";
    for (const char byte : bytes) {
        static constexpr std::string_view hex = "0123456789abcdef";
        id += {hex[static_cast<unsigned char>(byte) >> 4U],
               hex[static_cast<unsigned char>(byte) & 15U]};
    }
    return id;
}

}  // namespace lotgate::cli
