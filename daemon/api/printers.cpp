// The printers: what waits at one, and what may be asked of it.

#include "daemon/api/body.hpp"
#include "daemon/api/routes.hpp"

namespace lotgate::api {

namespace {

Reply unknown_printer(const std::string& id) {
    const Problem problem{404,
                          "unknown_printer",
                          "Not found",
                          "There is no printer \"" + id + "\" at this site.",
                          "`lotgate devices` lists them."};
    return reply_of(problem);
}

Reply printer_reply(Result<std::string> answer, const std::string& id) {
    if (answer) return json_reply(std::move(*answer));
    // What is not known by that name; other invalid input names what is wrong itself.
    const Fault& fault = answer.error();
    if (fault.code() == FaultCode::invalid_input && fault.untrusted() == id)
        return unknown_printer(id);
    return reply_of(fault);
}

}  // namespace

Routes::Answer Routes::print_queue(const Call& call) {
    const std::string id = call.captured.at(0);
    auto answer = co_await site_.print_queue(id);
    co_return printer_reply(std::move(answer), id);
}

Routes::Answer Routes::preview(const Call& call) {
    PreviewCall wanted;
    wanted.label_template = call.captured.at(0);
    wanted.language = call.query("language").empty() ? "zpl" : call.query("language");
    for (const auto& [name, value] : call.request.query)
        if (name != "language") wanted.fields.emplace_back(name, value);
    auto drawn = site_.preview(std::move(wanted));
    if (!drawn) co_return reply_of(drawn.error());
    Reply reply;
    reply.content_type = "image/svg+xml";
    reply.body = std::move(drawn->svg);
    std::string not_shown;
    for (const auto& command : drawn->not_shown)
        not_shown += (not_shown.empty() ? "" : " ") + command;
    if (!not_shown.empty()) reply.headers.emplace_back("X-Lotgate-Not-Shown", not_shown);
    co_return reply;
}

Routes::Answer Routes::ask_printer(const Call& call) {
    const std::string& verb = call.captured.at(1);
    if (verb != "resume" && verb != "test" && verb != "move") {
        const Problem problem{404,
                              "unknown_verb",
                              "Not found",
                              "A printer is not asked to \"" + verb + "\".",
                              "It can resume, test and move."};
        co_return reply_of(problem);
    }
    const std::vector<BodyMember> known{{"to", 64}, {"badge", 64}};
    auto body = read_body(call.request, known);
    if (!body) co_return std::move(body.error());
    PrinterCall asked(call.captured.at(0), verb);
    asked.to = (*body)["to"];
    asked.actor = (*body)["badge"];
    auto answer = co_await site_.ask_printer(std::move(asked));
    co_return printer_reply(std::move(answer), call.captured.at(0));
}

}  // namespace lotgate::api
