#pragma once

// Reports of exceptions, one for each ASN, in the published shape; beside each what this site calls
// them (docs/data/answers.md, "Exceptions").

#include "store/answers/export_parties.hpp"
#include "store/sqlite/database.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace lotgate::store {

/// A finding of this site, and the event it stands in.
struct Noted {
    std::uint64_t seq = 0;
    std::int64_t ms = 0;
    std::string document;
    std::string code;
    std::string rule;
    std::string told;
    bool is_refused = false;  ///< the goods were not taken in
};

/// Where an item of a report goes: the list, and what in that ASN it is about.
struct ReportPlace {
    std::string list;
    std::string about;
};

class ReportList {
public:
    explicit ReportList(sqlite::Database& database);

    /// The item takes the place of an earlier one about the same.
    void add(const Noted& noted, const ReportPlace& place, boost::json::object item);
    /// What the shape has no list for, in words.
    void add_other(const Noted& noted);

    /// The reports, in the order of their first event.
    [[nodiscard]] boost::json::array take();

private:
    struct Report {
        std::string document;
        std::string case_uuid;
        std::map<std::string, std::vector<std::string>> lists;  ///< uuids of the items, in order
        std::map<std::string, boost::json::object> items;       ///< by uuid
        std::vector<std::string> others;
        boost::json::array ours;
        std::int64_t last_ms = 0;
        bool has_case = false;
        bool has_open_case = false;
    };

    /// Name-based, so that the same exception has the same one in every export.
    [[nodiscard]] std::string uuid_of(const std::string& name) const;
    [[nodiscard]] Report& report(const Noted& noted);
    void note(Report& report, const Noted& noted, const std::string& uuid);
    [[nodiscard]] boost::json::object exceptions_of(const Report& report) const;
    [[nodiscard]] boost::json::object whole(const Report& report);
    [[nodiscard]] boost::json::object sender();

    ExportParties parties_;
    std::string instance_;
    sqlite::Statement case_, order_number_;
    std::vector<Report> reports_;
    std::map<std::string, std::size_t> by_document_;
};

}  // namespace lotgate::store
