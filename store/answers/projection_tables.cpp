#include "store/answers/projection_tables.hpp"

#include <algorithm>
#include <array>

namespace lotgate::store {

namespace {

constexpr auto projections =
    std::to_array<ProjectionTable>({{"product", "gtin"},
                                    {"product_code", "code,gtin"},
                                    {"party", "id"},
                                    {"lot", "gtin,lot_key"},
                                    {"unit", "gtin,serial"},
                                    {"location", "id"},
                                    {"lot_variant", "gtin,lot_key,raw"},
                                    {"line_serial", "document,line,serial"},
                                    {"balance", "gtin,lot_key,place,owner"},
                                    {"container", "id"},
                                    {"hold", "id"},
                                    {"document", "id"},
                                    {"document_line", "document,line"},
                                    {"case", "id"},
                                    {"effect", "id"},
                                    {"station", "id"},
                                    {"feed_cursor", "lane"},
                                    {"sscc_range", "id"},
                                    {"number_range", "kind,id"},
                                    {"label", "subject"},
                                    {"tally", "name"},
                                    {"mention", "subject,seq"},
                                    {"site_state", "name"},
                                    {"last_read", "station"},
                                    {"lineage", "child,parent,seq"},
                                    {"grade", "subject"},
                                    {"missed", "subject"},
                                    {"count_session", "place"},
                                    {"counted", "place,subject"},
                                    {"user", "badge"},
                                    {"allocation", "order_id,line,gtin,lot_key"},
                                    {"station_badge", "station"},
                                    {"archive", "last_seq"},
                                    {"import_run", "id"},
                                    {"import_stage", "id"},
                                    {"import_key", "key,id"},
                                    {"outage", "kind,name,since"},
                                    {"unseen", "seq"}});

}  // namespace

std::span<const ProjectionTable> projection_tables() {
    return projections;
}

bool is_projection(std::string_view table) {
    return std::any_of(projections.begin(), projections.end(), [&](const ProjectionTable& one) {
        return table == one.name;
    });
}

}  // namespace lotgate::store
