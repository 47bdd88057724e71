// GS1 dictionary files: any text gives a table that works, or a line and a reason.

#include "adapters/barcode/decode.hpp"
#include "adapters/barcode/dictionary.hpp"
#include "store/model/assert.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    const auto loaded = lotgate::barcode::load_gs1_dictionary(text);
    if (!loaded) {
        LG_ASSERT(loaded.error().detail().find("line ") == 0);
        return 0;
    }
    lotgate::barcode::DecodeOptions options;
    options.dictionary = (*loaded)->dictionary.get();
    for (const auto& entry : (*loaded)->entries) {
        const std::string scan =
            "]d2" + std::string(entry.name()) + "12345678\x1d" + text.substr(0, 50);
        static_cast<void>(lotgate::barcode::decode(scan, options));
    }
    return 0;
}
