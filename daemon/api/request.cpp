#include "daemon/api/request.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <optional>

namespace lotgate::api {

namespace {

std::optional<int> hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return std::nullopt;
}

std::optional<std::string> decoded(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const auto high = hex_digit(text[i + 1]);
            const auto low = hex_digit(text[i + 2]);
            if (!high || !low) return std::nullopt;
            c = static_cast<char>(*high * 16 + *low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        if (c == '\0') return std::nullopt;
        out.push_back(c);
    }
    return out;
}

struct FaultReply {
    int status;
    std::string_view title;
    std::string_view next;
};

FaultReply fault_reply(FaultCode code) {
    switch (code) {
        case FaultCode::invalid_input:
            return {400, "Not understood", "Correct it and ask again."};
        case FaultCode::conflict:
            return {409, "Somebody else was first", "Read the present state, then decide again."};
        case FaultCode::full:
            return {503, "Too much waits", "Ask again in a second; nothing was done."};
        case FaultCode::timed_out:
            return {504, "No answer in time", "Ask again with the same request_id."};
        case FaultCode::store_unsafe:
            return {503, "The store cannot write", "Look at `lotgate status`: the disk failed."};
        case FaultCode::unavailable:
        case FaultCode::closed:
            return {503, "Not available", "Ask again with the same request_id."};
        case FaultCode::corrupt:
            break;
    }
    return {500, "The data contradicts itself", "Run `lotgate chain verify` and keep its output."};
}

/// Length of the UTF-8 sequence at `at`, or 0 where there is none (RFC 3629, section 4).
std::size_t sequence_length(std::string_view text, std::size_t at) {
    const auto byte = [text](std::size_t i) -> unsigned {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const unsigned first = byte(at);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xC0U) != 0x80U) return 0;
    }
    const unsigned second = byte(at + 1);
    const bool is_overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    const bool is_beyond = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
    return is_overlong || is_beyond ? 0 : length;
}

}  // namespace

Result<> parse_target(Request& request) {
    const std::string_view target = request.target;
    if (target.empty() || target.front() != '/') {
        return fail(FaultCode::invalid_input, "The address must start with /.");
    }
    const auto question = target.find('?');
    auto path = decoded(target.substr(0, question), false);
    if (!path) return fail(FaultCode::invalid_input, "The address has a broken %-escape.");
    request.path = std::move(*path);
    if (question == std::string_view::npos) return {};
    std::string_view rest = target.substr(question + 1);
    while (!rest.empty()) {
        const auto end = rest.find('&');
        const std::string_view pair = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        const auto equals = pair.find('=');
        auto name = decoded(pair.substr(0, equals), true);
        auto value = decoded(
            equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), true);
        if (!name || !value) {
            return fail(FaultCode::invalid_input, "The query has a broken %-escape.");
        }
        request.query[*name] = std::move(*value);
    }
    return {};
}

Reply reply_of(const Problem& problem) {
    boost::json::object body;
    body["type"] = "urn:lotgate:problem:" + problem.code;
    body["title"] = problem.title;
    body["status"] = problem.status;
    body["code"] = problem.code;
    body["detail"] = valid_utf8(problem.detail);
    body["next"] = problem.next;
    Reply reply;
    reply.status = problem.status;
    reply.content_type = "application/problem+json";
    reply.body = boost::json::serialize(body);
    if (problem.status == 503) reply.headers.emplace_back("Retry-After", "1");
    return reply;
}

Reply reply_of(const Fault& fault) {
    const FaultReply shape = fault_reply(fault.code());
    Problem problem;
    problem.status = shape.status;
    problem.code = std::string(name_of(fault.code()));
    problem.title = std::string(shape.title);
    problem.detail = fault.detail();
    if (!fault.untrusted().empty()) problem.detail += " (" + fault.untrusted() + ")";
    problem.next = std::string(shape.next);
    return reply_of(problem);
}

Reply json_reply(std::string body) {
    Reply reply;
    reply.body = std::move(body);
    return reply;
}

std::string valid_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = sequence_length(text, at);
        if (length == 0) {
            out += "\xEF\xBF\xBD";
            ++at;
        } else {
            out += text.substr(at, length);
            at += length;
        }
    }
    return out;
}

}  // namespace lotgate::api
