// The operations: their table, and doing one.

#include "daemon/api/body.hpp"
#include "daemon/api/routes.hpp"
#include "daemon/api/to_json.hpp"
#include "store/model/settings.hpp"
#include "store/operations/table.hpp"

namespace lotgate::api {

namespace {

constexpr std::size_t argument_bytes_max = 500;
constexpr std::size_t items_bytes_max = 4UL * 1024 * 1024;

Reply unknown_kind(const std::string& kind) {
    std::vector<std::string> names;
    for (const store::OperationRow& row : store::operations()) names.emplace_back(row.id);
    const auto near = nearest_spelling(kind, names);
    const Problem problem{
        404,
        "unknown_operation",
        "Not found",
        "There is no operation \"" + valid_utf8(kind) + "\".",
        near ? "Did you mean \"" + *near + "\"?" : "`lotgate operations` lists them."};
    return reply_of(problem);
}

Reply done_elsewhere(const store::OperationRow& row) {
    Problem problem;
    problem.status = 409;
    problem.code = "done_elsewhere";
    problem.title = "Not here";
    problem.detail = std::string(row.id) + " is about a device that has to be there.";
    problem.next = "`" + std::string(row.done_by) + "` does it.";
    return reply_of(problem);
}

}  // namespace

Routes::Answer Routes::operations(const Call& /*call*/) {
    co_return json_reply(store::operations_json());
}

Routes::Answer Routes::stock_change(const Call& call) {
    auto body = read_body(call.request, {{"items", items_bytes_max, true}});
    if (!body) co_return std::move(body.error());
    auto change = co_await site_.stock_change(body->at("items"));
    co_return change ? json_reply(std::move(*change)) : reply_of(change.error());
}

Routes::Answer Routes::operate(const Call& call) {
    const store::OperationRow* const row = store::operation_named(call.captured.at(0));
    if (row == nullptr) co_return unknown_kind(call.captured.at(0));
    if (!row->done_by.empty()) co_return done_elsewhere(*row);
    std::vector<BodyMember> known{{"badge", 64},
                                  {"pin", 64},
                                  {"reason", 500},
                                  {"second_badge", 64},
                                  {"second_pin", 64},
                                  {"station", 64},
                                  {"request_id", 128}};
    for (const store::Argument& argument : row->arguments)
        known.push_back(
            {std::string(argument.name),
             argument.kind == store::ArgumentKind::items ? items_bytes_max : argument_bytes_max});
    auto body = read_body(call.request, known);
    if (!body) co_return std::move(body.error());
    OperationCall operation(call.captured.at(0));
    operation.badge = (*body)["badge"];
    operation.reason = (*body)["reason"];
    operation.second_badge = (*body)["second_badge"];
    operation.pin = (*body)["pin"];
    operation.second_pin = (*body)["second_pin"];
    operation.station = (*body)["station"];
    operation.request_id = (*body)["request_id"];
    for (const store::Argument& argument : row->arguments) {
        const auto found = body->find(std::string(argument.name));
        if (found != body->end() && !found->second.empty())
            operation.arguments.emplace_back(found->first, found->second);
    }
    const auto done = co_await site_.operate(std::move(operation));
    co_return done ? json_reply(to_json(*done)) : reply_of(done.error());
}

}  // namespace lotgate::api
