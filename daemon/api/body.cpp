#include "daemon/api/body.hpp"

#include "store/model/settings.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>

namespace lotgate::api {

namespace {

namespace json = boost::json;

tl::unexpected<Reply> wrong(std::string detail, std::string next) {
    Problem problem{400, "invalid_body", "Not understood", std::move(detail), std::move(next)};
    return tl::unexpected<Reply>(reply_of(problem));
}

std::string list_of(const std::vector<BodyMember>& known) {
    std::string out;
    for (const BodyMember& member : known) out += (out.empty() ? "" : ", ") + member.name;
    return out;
}

std::string hint_for(const std::string& name, const std::vector<BodyMember>& known) {
    std::vector<std::string> words;
    words.reserve(known.size());
    for (const BodyMember& member : known) words.push_back(member.name);
    const auto nearest = nearest_spelling(name, words);
    if (nearest) return "Did you mean \"" + *nearest + "\"?";
    return "Known members: " + list_of(known) + ".";
}

struct Reading {
    const std::vector<BodyMember>* known;
    Body body;
};

using Read = tl::expected<void, Reply>;

// One object; the names of the inner one carry the outer one's in front.
Read read_object(const json::object& object, const std::string& prefix, Reading& reading) {
    const std::vector<BodyMember>& known = *reading.known;
    for (const auto& [key, member] : object) {
        const std::string name = prefix + std::string(key);
        const json::object* const inner = prefix.empty() ? member.if_object() : nullptr;
        const auto is_inside = [&](const BodyMember& own) {
            return own.name.starts_with(name + ".");
        };
        if (inner != nullptr && std::any_of(known.begin(), known.end(), is_inside)) {
            if (auto read = read_object(*inner, name + ".", reading); !read) return read;
            continue;
        }
        const auto rule = std::find_if(known.begin(), known.end(), [&name](const BodyMember& own) {
            return own.name == name;
        });
        if (rule == known.end()) {
            return wrong("Unknown member \"" + valid_utf8(name) + "\".", hint_for(name, known));
        }
        const json::string* const text = member.if_string();
        if (text == nullptr) {
            return wrong("\"" + name + "\" must be a text.", "Put it in quotes.");
        }
        if (text->size() > rule->bytes_max) {
            return wrong("\"" + name + "\" is too long.",
                         "It holds at most " + std::to_string(rule->bytes_max) + " bytes.");
        }
        reading.body[name] = std::string(*text);
    }
    return {};
}

}  // namespace

tl::expected<Body, Reply> read_body(const Request& request, const std::vector<BodyMember>& known) {
    if (request.content_type.substr(0, 16) != "application/json") {
        return tl::unexpected<Reply>(
            reply_of(Problem{415,
                             "not_json",
                             "Not JSON",
                             "The body must be JSON.",
                             "Send it with Content-Type: application/json."}));
    }
    json::parse_options options;
    options.max_depth = 4;
    json::error_code error;
    const json::value value = json::parse(request.body, error, {}, options);
    const json::object* const object = error ? nullptr : value.if_object();
    if (object == nullptr) {
        return wrong("The body is not a JSON object.", "Members: " + list_of(known) + ".");
    }
    Reading reading{&known, {}};
    if (auto read = read_object(*object, {}, reading); !read) {
        return tl::unexpected<Reply>(std::move(read.error()));
    }
    Body& body = reading.body;
    for (const BodyMember& member : known) {
        if (member.is_required && body[member.name].empty()) {
            return wrong("\"" + member.name + "\" is missing.", "Send it as a text.");
        }
    }
    return std::move(body);
}

}  // namespace lotgate::api
