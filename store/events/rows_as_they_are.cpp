#include "store/events/rows_as_they_are.hpp"

#include <utility>

namespace lotgate::store {

UnitMoved unit_row(std::string gtin, std::string serial, const rules::UnitFacts& unit) {
    UnitMoved moved;
    moved.gtin = std::move(gtin);
    moved.serial = std::move(serial);
    moved.way = {unit.state};
    moved.lot_key = unit.lot_key;
    moved.expires_on = unit.expires_on;
    moved.location = unit.location;
    moved.container = unit.container;
    moved.document = unit.document;
    moved.line = unit.line;
    moved.order = unit.order;
    moved.order_line = unit.order_line;
    moved.owner = unit.owner;
    moved.origin = unit.origin;
    return moved;
}

ContainerSet container_row(const rules::CartonFacts& carton) {
    return {carton.id,
            carton.sscc,
            carton.kind,
            carton.state,
            carton.document,
            carton.station,
            carton.label,
            carton.lane,
            carton.parent,
            carton.location};
}

}  // namespace lotgate::store
