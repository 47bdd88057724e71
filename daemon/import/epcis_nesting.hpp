#pragma once

// What stands in what, by the aggregation events of an EPCIS document.

#include "daemon/import/epcis_asn.hpp"
#include "store/model/result.hpp"

#include <boost/json.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::import {

/// Empty where there is none, or it is of another type.
[[nodiscard]] std::string text_of(const boost::json::object& object, std::string_view key);
[[nodiscard]] std::vector<std::string> texts_of(const boost::json::object& object,
                                                std::string_view key);
/// "epcisBody.eventList[3]"
[[nodiscard]] std::string path_of(std::size_t number);

/// Goods of a class in a shipment or a container.
struct Amount {
    EpcParts goods;
    std::string quantity;  ///< a JSON number

    [[nodiscard]] bool is_of(const Amount& other) const {
        return goods.gtin == other.goods.gtin && goods.lot == other.goods.lot;
    }
};

[[nodiscard]] std::vector<Amount> amounts_of(const boost::json::object& event,
                                             std::string_view list_name);

/// Learnt in the order of the document: each thing stands in one container, and nothing in a loop.
class Nesting {
public:
    /// Of events that are no aggregation nothing is learnt. A Fault names the child that is wrong.
    [[nodiscard]] Result<> learn(const boost::json::object& event, std::size_t number);

    struct Inside {
        std::vector<std::string> children;
        std::vector<Amount> amounts;
    };

    /// nullptr where nothing stands in it.
    [[nodiscard]] const Inside* in(const std::string& epc) const;
    /// It holds other containers, so it is no case.
    [[nodiscard]] bool is_pallet(const std::string& epc) const;

private:
    struct Stands {
        std::string in;
        std::size_t event = 0;
    };

    std::string put_in(const std::string& parent, const std::string& child, std::size_t number);
    void take_out(const std::string& parent, const std::vector<std::string>& children);
    bool take_out(const std::string& parent, const Amount& amount);
    [[nodiscard]] Result<> unlearn(const boost::json::object& event,
                                   const std::string& parent,
                                   std::size_t number);

    std::map<std::string, Inside> inside_;
    std::map<std::string, Stands> stands_;
};

}  // namespace lotgate::import
