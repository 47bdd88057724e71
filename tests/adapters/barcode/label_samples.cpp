// Prints random identities as ZPL, one JSON object a line:
//   {"zpl": "…", "]d2": "bytes a reader must give", "]C1": "…",
//    "elements": {"]d2": [["01", "…"], …], "]C1": […]}}
// for tests/labels/round_trip.mjs. The same seed gives the same labels.
//   lotgate_label_samples COUNT SEED

#include "adapters/barcode/zpl_field.hpp"
#include "store/model/identity.hpp"

#include <boost/json.hpp>

#include <cstdlib>
#include <iostream>
#include <random>
#include <span>
#include <string>

namespace {

using namespace lotgate;
using namespace lotgate::barcode;

constexpr std::string_view cset82 =
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

class Identities {
public:
    explicit Identities(unsigned seed) : random_(seed) {}

    std::string text(std::size_t longest) {
        const std::size_t size = 1 + random_() % longest;
        std::string made;
        // Half of them are the odd characters, which is where escapes go wrong.
        while (made.size() < size) {
            const bool odd = random_() % 2 == 0;
            made += odd ? odd_[random_() % odd_.size()] : cset82[random_() % cset82.size()];
        }
        return made;
    }

    std::string gtin() {
        std::string digits;
        for (int i = 0; i < 13; ++i) digits += static_cast<char>('0' + random_() % 10);
        return digits + gs1_check_digit(digits);
    }

private:
    std::mt19937 random_;
    std::string_view odd_ = "!\"%&'()*+,-./:;<=>?_";
};

// As the label templates write them.
std::string label_of(const std::string& datamatrix, const std::string& code128) {
    return "^XA^CI28^PW812^LL609^FO40,40^BXN,8,200,,,,@,1^FH\\^FD" + datamatrix +
           "^FS^FO40,380^BY1,2,150^BCN,150,N,N,N,N^FD" + code128 + "^FS^XZ";
}

// zpl-renderer-js 3.4.0 goes astray behind ">0", which is how ZPL writes '>' in Code 128:
// characters behind it are lost or shifted. '>' is tried in the DataMatrix symbols only.
std::string for_code128(std::string text) {
    for (char& c : text) c = c == '>' ? '<' : c;
    return text;
}

boost::json::array listed(std::span<const LabelElement> elements) {
    boost::json::array list;
    for (const LabelElement& element : elements)
        list.push_back(boost::json::array{element.ai, element.value});
    return list;
}

bool print(Identities& identities) {
    const std::string gtin = identities.gtin();
    const std::string lot = identities.text(20);
    const std::string serial = identities.text(20);
    const LabelElement whole[] = {{"01", gtin}, {"17", "261231"}, {"10", lot}, {"21", serial}};
    const std::string short_lot = for_code128(lot.substr(0, 12));
    const std::string short_serial = for_code128(serial.substr(0, 14));
    const LabelElement part[] = {{"01", gtin}, {"10", short_lot}, {"21", short_serial}};
    const auto datamatrix = datamatrix_field(whole);
    const auto code128 = code128_field(part);
    if (!datamatrix || !code128) return false;
    const boost::json::object meant{{"]d2", listed(whole)}, {"]C1", listed(part)}};
    const boost::json::object line{{"zpl", label_of(*datamatrix, *code128)},
                                   {"elements", meant},
                                   {"]d2", *element_string(whole)},
                                   {"]C1", *element_string(part)}};
    std::cout << boost::json::serialize(line) << '\n';
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    Identities identities(static_cast<unsigned>(std::atol(argv[2])));
    for (long i = std::atol(argv[1]); i > 0; --i) {
        if (!print(identities)) return 1;
    }
    return 0;
}
