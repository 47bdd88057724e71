#include "adapters/label_preview/symbols.hpp"

#include "adapters/barcode/decode.hpp"
#include "adapters/barcode/dictionary.hpp"

#include <memory>

#include <zint.h>

namespace lotgate::adapters {

namespace {

struct DeleteSymbol {
    void operator()(zint_symbol* symbol) const { ZBarcode_Delete(symbol); }
};

Result<Modules> made(int symbology, int mode, const std::string& text) {
    const std::unique_ptr<zint_symbol, DeleteSymbol> symbol(ZBarcode_Create());
    if (!symbol) return fail(FaultCode::unavailable, "no memory for a symbol");
    symbol->symbology = symbology;
    symbol->input_mode = mode;
    if (symbology == BARCODE_DATAMATRIX) symbol->option_3 = DM_SQUARE;
    if (symbology == BARCODE_QRCODE) symbol->option_1 = 2;  // correction M
    // Not const in zint's interface; it does not write to it.
    std::string source = text;
    const int error = ZBarcode_Encode(symbol.get(),
                                      reinterpret_cast<unsigned char*>(source.data()),
                                      static_cast<int>(source.size()));
    if (error >= ZINT_ERROR)
        return fail(FaultCode::invalid_input, std::string(symbol->errtxt), text);
    Modules rows;
    for (int y = 0; y < symbol->rows; ++y) {
        std::string row;
        for (int x = 0; x < symbol->width; ++x) {
            const auto byte = static_cast<unsigned char>(symbol->encoded_data[y][x / 8]);
            row += ((byte >> static_cast<unsigned>(x % 8)) & 1U) != 0 ? '1' : '0';
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

/// As zint takes GS1 data: "[01]…[21]…"; no GS1 value holds a square bracket.
Result<std::string> bracketed(const std::string& text) {
    barcode::DecodeOptions options;
    options.aim = "]d2";
    const auto decoded = barcode::decode(text, options);
    if (!decoded.ok()) return fail(FaultCode::invalid_input, "this is no GS1 element string", text);
    std::string all;
    for (std::size_t i = 0; i < decoded.element_count(); ++i) {
        const auto element = decoded.element(i);
        all += "[" + std::string(element.ai) + "]" + std::string(element.value);
    }
    return all;
}

}  // namespace

Result<Modules> datamatrix(const std::string& text, bool is_gs1) {
    if (!is_gs1) return made(BARCODE_DATAMATRIX, DATA_MODE, text);
    LG_TRY(const std::string elements, bracketed(text));
    return made(BARCODE_DATAMATRIX, GS1_MODE, elements);
}

Result<Modules> qr_code(const std::string& text) {
    return made(BARCODE_QRCODE, UNICODE_MODE, text);
}

}  // namespace lotgate::adapters
