#include "store/retention/named_in.hpp"

#include "store/model/identity.hpp"
#include "store/projections/feed_fold.hpp"

#include <boost/json.hpp>

#include <array>
#include <string_view>

namespace lotgate::store {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 3> lot_names{"lot", "new_lot", "into_lot"};
constexpr std::array<std::string_view, 2> serial_names{"serial", "new_serial"};
constexpr std::array<std::string_view, 2> document_names{"document", "order"};
constexpr std::array<std::string_view, 5> prefixes{
    "unit:", "lot:", "container:", "document:", "product:"};

std::string_view text_in(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                  : std::string_view();
}

class Reader {
public:
    explicit Reader(NamedIn& found) : found_(&found) {}

    /// `is_item`: an "id" in it is a document's, or names nothing.
    void read(const json::value& value, bool is_item) {
        if (const json::array* list = value.if_array())
            for (const json::value& one : *list) read(one, is_item);
        if (const json::string* text = value.if_string()) read_text(*text);
        const json::object* object = value.if_object();
        if (object == nullptr) return;
        read_names(*object, is_item);
        for (const auto& [name, member] : *object) {
            // An item of the feed, and the rows of an import, stand in the body as texts.
            if ((name == "item" || name == "items") && member.is_string())
                read_json(member.get_string());
            else
                read(member, is_item);
        }
    }

private:
    void read_json(std::string_view text) {
        boost::system::error_code error;
        const json::value value = json::parse(text, error);
        if (!error) read(value, true);
    }

    void read_text(std::string_view text) {
        for (const std::string_view prefix : prefixes)
            if (text.starts_with(prefix)) add(std::string(text));
    }

    void add(std::string subject) {
        const std::size_t colon = subject.find(':');
        const std::string gtin = subject.substr(colon + 1, 14);
        if (!subject.starts_with("container:") && !subject.starts_with("document:"))
            if (Gtin::parse(gtin)) found_->gtins.insert(gtin);
        found_->subjects.insert(std::move(subject));
    }

    void read_names(const json::object& object, bool is_item) {
        for (const std::string_view name : document_names)
            if (const auto id = text_in(object, name); !id.empty()) add(document_target(id));
        if (const auto id = text_in(object, "id"); is_item && !id.empty()) add(document_target(id));
        if (const auto sscc = text_in(object, "sscc"); !sscc.empty()) add(container_target(sscc));
        if (const auto gtin = Gtin::parse(text_in(object, "gtin"))) {
            found_->gtins.insert(gtin->text());
            read_goods(object, gtin->text());
        }
    }

    void read_goods(const json::object& object, const std::string& gtin) {
        if (text_in(object, "kind") == "product") add(product_target(gtin));
        for (const std::string_view name : serial_names)
            if (const auto serial = text_in(object, name); !serial.empty())
                add(unit_key(gtin, serial));
        for (const std::string_view name : lot_names)
            if (const auto lot = text_in(object, name); !lot.empty())
                add(lot_target(gtin, lot_key_of(lot)));
        const json::value* serials = object.if_contains("serials");
        if (serials == nullptr || !serials->is_array()) return;
        for (const json::value& serial : serials->get_array())
            if (serial.is_string()) add(unit_key(gtin, std::string_view(serial.get_string())));
    }

    NamedIn* found_;
};

}  // namespace

NamedIn named_in(const LedgerRow& row) {
    NamedIn found;
    boost::system::error_code error;
    const json::value body = json::parse(row.body, error);
    if (error) return found;
    Reader(found).read(body, false);
    if (const json::object* object = body.if_object())
        if (const json::value* under = object->if_contains("under"); under && under->is_object())
            found.clock = text_in(under->get_object(), "clock");
    return found;
}

}  // namespace lotgate::store
