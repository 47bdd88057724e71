#include "adapters/sim/control.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace lotgate::sim {

namespace {

constexpr std::size_t line_bytes_max = std::size_t{64} * 1024 * 1024;

std::string answer_line(Result<json::object> answer, const json::value* tag) {
    json::object line;
    line["ok"] = answer.has_value();
    if (tag) line["tag"] = *tag;
    if (answer) {
        for (auto& member : *answer) line[member.key()] = std::move(member.value());
    } else {
        line["error"] = answer.error().detail();
    }
    return json::serialize(line) + "\n";
}

}  // namespace

struct Control::Client {
    StreamPtr stream;
    std::string received;
};

Control::Control(Loop& loop, Warehouse& warehouse) : loop_(loop), warehouse_(warehouse) {}

Control::~Control() {
    if (listener_) listener_->close();
}

Result<> Control::open(const std::string& path) {
    LG_TRY(listener_, Listener::local(loop_, path));
    listener_->start([this](const StreamPtr& stream) { accepted(stream); });
    return {};
}

void Control::accepted(const StreamPtr& stream) {
    const auto client = std::make_shared<Client>();
    client->stream = stream;
    clients_.push_back(client);
    const std::weak_ptr<Client> weak = client;
    stream->start(
        [this, weak](std::string_view bytes) {
            if (const auto known = weak.lock()) heard(known, bytes);
        },
        [this, weak] { std::erase(clients_, weak.lock()); });
}

void Control::heard(const std::shared_ptr<Client>& client, std::string_view bytes) {
    client->received.append(bytes);
    for (std::size_t end = client->received.find('\n'); end != std::string::npos;
         end = client->received.find('\n')) {
        const std::string line = client->received.substr(0, end);
        client->received.erase(0, end + 1);
        serve(client, line);
    }
    if (client->received.size() > line_bytes_max) {
        client->stream->close();
        std::erase(clients_, client);
    }
}

// Every request there is: one row each, found by grep.
const std::map<std::string_view, Control::Request>& Control::requests() {
    static const std::map<std::string_view, Request> all = {
        {"scan", &Control::do_scan},
        {"send_raw", &Control::do_send_raw},
        {"induct", &Control::do_induct},
        {"load", &Control::do_load},
        {"scanner", &Control::do_scanner},
        {"aim", &Control::do_aim},
        {"printer", &Control::do_printer},
        {"plc", &Control::do_plc},
        {"registers", &Control::do_registers},
        {"link", &Control::do_link},
        {"unplug", &Control::do_unplug},
        {"blackhole", &Control::do_blackhole},
        {"replug", &Control::do_replug},
        {"report", &Control::do_report},
        {"labels", &Control::do_labels},
        {"wait", &Control::do_wait},
        {"quit", &Control::do_quit},
    };
    return all;
}

void Control::serve(const std::shared_ptr<Client>& client, const std::string& line) {
    boost::system::error_code error;
    const json::value parsed = json::parse(line, error);
    const json::object* object = error ? nullptr : parsed.if_object();
    const json::value* given = object ? object->if_contains("tag") : nullptr;
    const auto tag = given ? std::make_shared<json::value>(*given) : nullptr;
    const Reply reply = [weak = std::weak_ptr<Client>(client), tag](Result<json::object> answer) {
        if (const auto known = weak.lock())
            known->stream->write(answer_line(std::move(answer), tag.get()));
    };
    if (!object) {
        reply(fail(FaultCode::invalid_input, "expected one JSON object a line"));
        return;
    }
    Fields fields(*object, "request");
    static_cast<void>(fields.has("tag"));
    const std::string name = fields.text("do", "");
    const auto found = requests().find(name);
    if (found == requests().end()) {
        std::string known;
        for (const auto& [request, function] : requests())
            known += (known.empty() ? "" : ", ") + std::string(request);
        reply(fail(FaultCode::invalid_input,
                   fmt::format(R"("do": expected one of {}, found "{}")", known, name)));
        return;
    }
    (this->*found->second)(fields, reply);
}

std::vector<Device*> Control::devices_of(Fields& request) {
    std::vector<Device*> all;
    if (!request.has("device")) {
        for (const std::string& id : warehouse_.ids()) all.push_back(warehouse_.device(id));
        return all;
    }
    const std::string id = request.text("device");
    if (Device* one = warehouse_.device(id)) {
        all.push_back(one);
    } else {
        request.problem("device", "the id of a device");
    }
    return all;
}

void Control::do_report(Fields& request, const Reply& reply) {
    const bool is_one = request.has("device");
    const std::vector<Device*> devices = devices_of(request);
    if (const auto checked = request.finish(); !checked) {
        reply(fail(checked.error()));
        return;
    }
    json::object answer;
    if (is_one) {
        answer = devices.front()->report();
    } else {
        answer["devices"] = warehouse_.report();
    }
    reply(std::move(answer));
}

void Control::do_unplug(Fields& request, const Reply& reply) {
    static_cast<void>(request.text("device"));
    const std::vector<Device*> devices = devices_of(request);
    if (const auto checked = request.finish(); !checked) {
        reply(fail(checked.error()));
        return;
    }
    holes_.erase(devices.front()->id());
    devices.front()->unplug();
    reply(json::object());
}

void Control::do_blackhole(Fields& request, const Reply& reply) {
    static_cast<void>(request.text("device"));
    const std::vector<Device*> devices = devices_of(request);
    // A device that dials, or has no port at all, has nothing to fall silent on.
    const std::uint16_t port = devices.empty() ? std::uint16_t{0} : devices.front()->listens_on();
    if (port == 0) request.problem("device", "the id of a device that listens on a port");
    if (const auto checked = request.finish(); !checked) {
        reply(fail(checked.error()));
        return;
    }
    const std::string& id = devices.front()->id();
    holes_.erase(id);
    devices.front()->unplug();
    auto hole = BlackHole::at(port);
    if (!hole) {
        reply(fail(hole.error()));
        return;
    }
    holes_[id] = std::move(*hole);
    reply(json::object());
}

void Control::do_replug(Fields& request, const Reply& reply) {
    static_cast<void>(request.text("device"));
    const std::vector<Device*> devices = devices_of(request);
    const std::string link = request.text("link", "");
    if (const auto checked = request.finish(); !checked) {
        reply(fail(checked.error()));
        return;
    }
    holes_.erase(devices.front()->id());
    if (const auto opened = devices.front()->replug(link); !opened) {
        reply(fail(opened.error()));
        return;
    }
    reply(json::object());
}

struct Control::Waiting {
    Device* device;
    std::string counter;
    std::int64_t at_least;
    SteadyClock::time_point since;
    SteadyClock::time_point until;
    Reply reply;
};

void Control::do_wait(Fields& request, const Reply& reply) {
    static_cast<void>(request.text("device"));
    const std::vector<Device*> devices = devices_of(request);
    const auto waiting = std::make_shared<Waiting>();
    waiting->counter = request.text("counter");
    waiting->at_least = request.number("at_least", {0, INT64_MAX}, 1);
    const auto timeout =
        std::chrono::milliseconds(request.number("timeout_ms", {0, 3'600'000}, 5000));
    if (const auto checked = request.finish(); !checked) {
        reply(fail(checked.error()));
        return;
    }
    waiting->device = devices.front();
    waiting->since = SteadyClock::now();
    waiting->until = waiting->since + timeout;
    waiting->reply = reply;
    look_again(waiting);
}

void Control::look_again(const std::shared_ptr<Waiting>& waiting) {
    constexpr Duration look_every = std::chrono::milliseconds(5);
    const json::object report = waiting->device->report();
    // "answers.ACCEPT": a count within a count.
    const std::size_t dot = waiting->counter.find('.');
    const json::value* value = report.if_contains(waiting->counter.substr(0, dot));
    if (value && dot != std::string::npos) {
        const json::object* within = value->if_object();
        value = within ? within->if_contains(waiting->counter.substr(dot + 1)) : nullptr;
    }
    boost::system::error_code error;
    const std::int64_t now =
        value && value->is_number() ? value->to_number<std::int64_t>(error) : 0;
    if (now >= waiting->at_least) {
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() -
                                                                                waiting->since);
        json::object answer;
        answer["value"] = now;
        answer["waited_ms"] = took.count();
        waiting->reply(std::move(answer));
    } else if (SteadyClock::now() >= waiting->until) {
        waiting->reply(fail(FaultCode::timed_out,
                            fmt::format("{}: {} is {}, waited for {}",
                                        waiting->device->id(),
                                        waiting->counter,
                                        now,
                                        waiting->at_least)));
    } else {
        loop_.after(look_every, [this, waiting] { look_again(waiting); });
    }
}

void Control::do_quit(Fields& request, const Reply& reply) {
    if (const auto checked = request.finish(); !checked) {
        reply(fail(checked.error()));
        return;
    }
    reply(json::object());
    loop_.post([this] { loop_.stop(); });
}

}  // namespace lotgate::sim
