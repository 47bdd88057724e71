#include "daemon/import/epcis_asn.hpp"

#include "daemon/import/epcis_nesting.hpp"
#include "store/model/identity.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace lotgate::import {

namespace json = boost::json;

namespace {

constexpr std::size_t nesting_max = 8;  ///< of containers in one another

// "urn:epcglobal:cbv:bizstep:shipping", "https://ref.gs1.org/cbv/BizStep-shipping" -> "shipping"
std::string last_word(const std::string& name) {
    return name.substr(name.find_last_of(":/-") + 1);
}

std::string percent_decoded(std::string_view text) {
    std::string out;
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'A' && c <= 'F') return c - 'A' + 10;
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        return -1;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_escape = text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 &&
                               digit(text[i + 2]) >= 0;
        if (!is_escape) {
            out.push_back(text[i]);
            continue;
        }
        out.push_back(static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2])));
        i += 2;
    }
    return out;
}

// Company prefix and reference, whose first digit stands in front (EPC Tag Data Standard, 6.3).
std::string keyed(std::string_view prefix, std::string_view reference) {
    if (reference.empty()) return {};
    std::string digits = std::string(reference.substr(0, 1)) + std::string(prefix) +
                         std::string(reference.substr(1));
    if (digits.find_first_not_of("0123456789") != std::string::npos) return {};
    digits.push_back(gs1_check_digit(digits));
    return digits;
}

EpcParts parts_of_urn(std::string_view scheme, std::string_view rest) {
    EpcParts parts;
    const std::size_t first = rest.find('.');
    if (first == std::string_view::npos) return parts;
    const std::size_t second = rest.find('.', first + 1);
    const std::string key =
        keyed(rest.substr(0, first), rest.substr(first + 1, second - first - 1));
    if (scheme == "sscc" && Sscc::parse(key)) parts.sscc = key;
    if (scheme == "sscc" || !Gtin::parse(key) || second == std::string_view::npos) return parts;
    parts.gtin = key;
    (scheme == "sgtin" ? parts.serial : parts.lot) = percent_decoded(rest.substr(second + 1));
    return parts;
}

EpcParts parts_of_link(std::string_view link) {
    EpcParts parts;
    const auto after = [&](std::string_view ai) {
        const std::size_t at = link.find(ai);
        if (at == std::string_view::npos) return std::string();
        const std::string_view rest = link.substr(at + ai.size());
        return percent_decoded(rest.substr(0, rest.find_first_of("/?#")));
    };
    const std::string gtin = after("/01/");
    if (const auto parsed = Gtin::parse(gtin)) parts.gtin = parsed->text();
    parts.sscc = parts.gtin.empty() ? after("/00/") : std::string();
    if (!Sscc::parse(parts.sscc)) parts.sscc.clear();
    parts.lot = after("/10/");
    parts.serial = after("/21/");
    return parts;
}

struct Made {
    std::string lot;
    std::string expires_on;
};

// A key of GS1 that cannot be read is a mistake of the sender; other identifiers are not ours.
bool is_broken(const std::string& epc) {
    bool is_key = epc.find("/01/") != std::string::npos || epc.find("/00/") != std::string::npos;
    for (const char* scheme : {"sgtin:", "lgtin:", "sscc:"})
        is_key = is_key || epc.find(std::string(":") + scheme) != std::string::npos;
    const EpcParts parts = parts_of_epc(epc);
    return is_key && parts.gtin.empty() && parts.sscc.empty();
}

// The first broken identifier of an event, by its path in the document.
Result<> check_identifiers(const json::object& event, std::size_t number) {
    const auto wrong = [](const std::string& path, const std::string& epc) {
        return fail(FaultCode::invalid_input,
                    path + " \"" + epc.substr(0, 100) +
                        "\": this is no readable SGTIN, LGTIN or "
                        "SSCC. Have the sender mend it.");
    };
    for (const char* list : {"epcList", "childEPCs"}) {
        const auto epcs = texts_of(event, list);
        for (std::size_t i = 0; i < epcs.size(); ++i)
            if (is_broken(epcs[i]))
                return wrong(path_of(number) + "." + list + "[" + std::to_string(i) + "]", epcs[i]);
    }
    for (const char* list : {"quantityList", "childQuantityList"}) {
        const json::value* amounts = event.if_contains(list);
        if (amounts == nullptr || !amounts->is_array()) continue;
        for (std::size_t i = 0; i < amounts->get_array().size(); ++i) {
            const json::object* amount = amounts->get_array()[i].if_object();
            const std::string epc =
                amount == nullptr ? std::string() : text_of(*amount, "epcClass");
            if (is_broken(epc))
                return wrong(path_of(number) + "." + list + "[" + std::to_string(i) + "].epcClass",
                             epc);
        }
    }
    const std::string parent = text_of(event, "parentID");
    if (is_broken(parent)) return wrong(path_of(number) + ".parentID", parent);
    return {};
}

// Under DSCSA a shipment says of itself that the seller has kept the law; one that says the
// contrary is not taken in.
Result<> check_statement(const json::object& document) {
    const json::value* header = document.if_contains("epcisHeader");
    if (header == nullptr || !header->is_object()) return {};
    for (const auto& [name, statement] : header->get_object()) {
        if (last_word(std::string(name)) != "dscsaTransactionStatement" || !statement.is_object())
            continue;
        for (const auto& [key, value] : statement.get_object()) {
            if (last_word(std::string(key)) != "affirmTransactionStatement") continue;
            const bool is_true = (value.is_bool() && value.get_bool()) ||
                                 (value.is_string() && value.get_string() == "true");
            if (is_true) return {};
        }
        return fail(FaultCode::invalid_input,
                    "epcisHeader." + std::string(name) +
                        ": the seller does not affirm the transaction statement. Ask the sender "
                        "before the goods come.");
    }
    return {};
}

class Shipments {
public:
    Result<> learn(const json::object& event, std::size_t number) {
        LG_CHECK(nesting_.learn(event, number));
        learn_making(event);
        return {};
    }

    void learn_making(const json::object& event) {
        const json::value* ilmd = event.if_contains("ilmd");
        if (ilmd == nullptr || !ilmd->is_object()) return;
        Made made;
        for (const auto& [key, value] : ilmd->get_object()) {
            if (!value.is_string()) continue;
            const std::string name = last_word(std::string(key));
            if (name == "lotNumber") made.lot = value.get_string();
            if (name == "itemExpirationDate") made.expires_on = value.get_string();
        }
        for (const std::string& epc : texts_of(event, "epcList")) made_[epc] = made;
    }

    Result<std::string> asn_of(const json::object& event, std::size_t number) {
        const auto wrong = [number](const std::string& what) {
            return fail(
                FaultCode::invalid_input,
                "event " + std::to_string(number) + " (" + path_of(number - 1) + "): " + what);
        };
        json::object asn;
        asn["id"] = transaction(event, "desadv");
        if (transaction(event, "desadv").empty()) asn["id"] = transaction(event, "po");
        if (asn["id"].as_string().empty())
            return wrong("the shipment names no despatch advice (desadv) and no order (po).");
        const std::string order = transaction(event, "po");
        if (!order.empty()) asn["po"] = order;
        asn["supplier"] = source(event);
        lines_.clear();
        for (const std::string& epc : texts_of(event, "epcList"))
            if (!add(epc, {}, 0)) return wrong(epc + " is nested too deep to be read.");
        for (const Amount& amount : amounts_of(event, "quantityList")) add_amount(amount, {});
        if (lines_.empty()) return wrong("nothing shipped can be read out of it.");
        asn["lines"] = lines();
        return json::serialize(asn);
    }

private:
    struct Key {
        std::string gtin, lot, expires_on, sscc, pallet;

        auto operator<=>(const Key&) const = default;  // NOLINT(modernize-use-nullptr): no 0 here
    };

    struct Line {
        json::array serials;
        std::vector<std::string> quantities;
    };

    // The SSCCs that goods stand in: of the innermost and of the outermost container.
    struct Stand {
        std::string sscc;
        std::string pallet;
    };

    // A case that has no SSCC cannot be scanned as a container: its goods stand on the pallet.
    [[nodiscard]] Stand stand_in(const std::string& epc, const EpcParts& parts, Stand on) const {
        if (parts.sscc.empty()) return on;
        if (nesting_.is_pallet(epc)) {
            if (on.pallet.empty()) on.pallet = parts.sscc;
            return on;
        }
        on.sscc = parts.sscc;
        return on;
    }

    [[nodiscard]] bool add(const std::string& epc, const Stand& on, std::size_t depth) {
        if (depth > nesting_max) return false;
        const EpcParts parts = parts_of_epc(epc);
        if (const Nesting::Inside* inside = nesting_.in(epc)) {
            const Stand here = stand_in(epc, parts, on);
            for (const Amount& amount : inside->amounts) add_amount(amount, here);
            return std::all_of(
                inside->children.begin(), inside->children.end(), [&](const std::string& child) {
                    return add(child, here, depth + 1);
                });
        }
        if (parts.gtin.empty() || parts.serial.empty()) return true;
        const auto made = made_.find(epc);
        const Made& known = made == made_.end() ? nothing_ : made->second;
        lines_[{parts.gtin, known.lot, known.expires_on, on.sscc, on.pallet}].serials.emplace_back(
            parts.serial);
        return true;
    }

    void add_amount(const Amount& amount, const Stand& on) {
        lines_[{amount.goods.gtin, amount.goods.lot, {}, on.sscc, on.pallet}].quantities.push_back(
            amount.quantity);
    }

    [[nodiscard]] json::array lines() const {
        json::array list;
        for (const auto& [key, line] : lines_) {
            json::object one{{"gtin", key.gtin}};
            if (!key.lot.empty()) one["lot"] = key.lot;
            if (!key.expires_on.empty()) one["expires_on"] = key.expires_on.substr(0, 10);
            if (!key.sscc.empty()) one["sscc"] = key.sscc;
            if (!key.pallet.empty()) one["pallet"] = key.pallet;
            for (const std::string& quantity : line.quantities) {
                one["quantity"] = json::parse(quantity);
                list.push_back(one);
            }
            one.erase("quantity");
            if (line.serials.empty()) continue;
            one["serials"] = line.serials;
            list.push_back(std::move(one));
        }
        return list;
    }

    static std::string transaction(const json::object& event, std::string_view type) {
        const json::value* list = event.if_contains("bizTransactionList");
        if (list == nullptr || !list->is_array()) return {};
        for (const json::value& one : list->get_array()) {
            const json::object* object = one.if_object();
            if (object != nullptr && last_word(text_of(*object, "type")) == type) {
                const std::string name = text_of(*object, "bizTransaction");
                return name.substr(name.rfind(':') == std::string::npos ? 0 : name.rfind(':') + 1);
            }
        }
        return {};
    }

    static std::string source(const json::object& event) {
        const json::value* list = event.if_contains("sourceList");
        if (list == nullptr || !list->is_array()) return {};
        for (const json::value& one : list->get_array()) {
            const json::object* object = one.if_object();
            if (object == nullptr) continue;
            const std::string type = last_word(text_of(*object, "type"));
            if (type == "owning_party" || type == "possessing_party")
                return text_of(*object, "source");
        }
        return {};
    }

    Nesting nesting_;
    std::map<std::string, Made> made_;
    std::map<Key, Line> lines_;
    const Made nothing_{};
};

}  // namespace

EpcParts parts_of_epc(std::string_view epc) {
    for (const std::string_view scheme : {"sgtin", "lgtin", "sscc"})
        for (const std::string_view form : {"urn:epc:id:", "urn:epc:class:"}) {
            const std::string start = std::string(form) + std::string(scheme) + ":";
            if (epc.starts_with(start)) return parts_of_urn(scheme, epc.substr(start.size()));
        }
    if (epc.starts_with("https://") || epc.starts_with("http://")) return parts_of_link(epc);
    return {};
}

Result<std::vector<std::string>> asns_of_epcis(std::string_view document) {
    boost::system::error_code error;
    const json::value root = json::parse(document, error);
    const json::object* top = error ? nullptr : root.if_object();
    const json::value* body = top == nullptr ? nullptr : top->if_contains("epcisBody");
    const json::object* inner = body == nullptr ? nullptr : body->if_object();
    const json::value* list = inner == nullptr ? nullptr : inner->if_contains("eventList");
    if (list == nullptr || !list->is_array())
        return fail(FaultCode::invalid_input,
                    "the file is no EPCIS 2.0 JSON document: it has no epcisBody.eventList. XML "
                    "(EPCIS 1.x) is not read; ask the sender for JSON.");
    LG_CHECK(check_statement(*top));
    Shipments shipments;
    std::size_t number = 0;
    for (const json::value& event : list->get_array()) {
        if (event.is_object()) LG_CHECK(check_identifiers(event.get_object(), number));
        if (event.is_object()) LG_CHECK(shipments.learn(event.get_object(), number));
        ++number;
    }
    std::vector<std::string> asns;
    number = 0;
    for (const json::value& event : list->get_array()) {
        ++number;
        if (!event.is_object()) continue;
        const json::object& object = event.get_object();
        const std::string step = last_word(text_of(object, "bizStep"));
        if (step != "shipping" && step != "departing") continue;
        LG_TRY(std::string asn, shipments.asn_of(object, number));
        asns.push_back(std::move(asn));
    }
    if (asns.empty())
        return fail(FaultCode::invalid_input,
                    "the document has no shipping event; there is nothing to announce.");
    return asns;
}

}  // namespace lotgate::import
