// GET /api/v1/exports/{sheet}: one page of a sheet or of the exceptions.

#include "daemon/api/routes.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace lotgate::api {

namespace {

constexpr auto export_sheets =
    std::to_array<std::string_view>({"receiving", "shipping", "dc-to-store", "exceptions"});

Reply refused_export(int status, std::string_view code, std::string detail, std::string next) {
    return reply_of(Problem{status,
                            std::string(code),
                            status == 404 ? "Not found" : "Not understood",
                            std::move(detail),
                            std::move(next)});
}

bool read_day(const std::string& text, std::optional<Date>& day) {
    if (text.empty()) return true;
    const auto read = parse_date(text);
    if (read) day = *read;
    return read.has_value();
}

bool read_place(const std::string& text, std::uint64_t& place) {
    if (text.empty()) return true;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, place);
    return read.ec == std::errc{} && read.ptr == end;
}

/// What is wrong with the question, or nothing.
std::optional<Reply> read_terms(const Call& call, store::ExportTerms& terms) {
    terms.sheet = call.captured.at(0);
    if (std::find(export_sheets.begin(), export_sheets.end(), terms.sheet) == export_sheets.end())
        return refused_export(404,
                              "unknown_export",
                              "There is no export \"" + terms.sheet + "\".",
                              "They are receiving, shipping, dc-to-store and exceptions.");
    terms.lot = call.query("lot");
    terms.is_for_all = call.query("all") == "1" || call.query("all") == "true";
    if (!read_day(call.query("from"), terms.from) || !read_day(call.query("to"), terms.to))
        return refused_export(
            400, "day_unknown", "from or to is not a day.", "Ask ?from=2026-11-01&to=2026-11-30.");
    if (terms.from && terms.to && *terms.to < *terms.from)
        return refused_export(
            400, "days_swapped", "from is after to.", "Give the earlier day as from.");
    if (!read_place(call.query("after"), terms.after))
        return refused_export(400,
                              "after_unknown",
                              "after is not the next of a page.",
                              "Leave it out for the first page.");
    return std::nullopt;
}

}  // namespace

Routes::Answer Routes::exported(const Call& call) {
    store::ExportTerms terms;
    if (auto refused = read_terms(call, terms)) co_return std::move(*refused);
    const std::string lot = terms.lot;
    auto answer = co_await site_.exported(std::move(terms));
    if (answer) co_return json_reply(std::move(*answer));
    if (answer.error().code() == FaultCode::invalid_input)
        co_return refused_export(404,
                                 "not_found",
                                 answer.error().detail() + ": \"" + lot + "\".",
                                 "lotgate trace finds lots by what is known of them.");
    co_return reply_of(answer.error());
}

}  // namespace lotgate::api
