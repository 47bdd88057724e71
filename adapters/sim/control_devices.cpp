// The requests that make a device do something.

#include "adapters/sim/control.hpp"
#include "adapters/sim/induction.hpp"
#include "adapters/sim/load.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace lotgate::sim {

namespace {

constexpr Range wait_range{1, 600'000};
constexpr Range chunks_range{0, 1'000'000};

std::optional<unsigned> hex_digit(char digit) {
    if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
    if (digit >= 'a' && digit <= 'f') return static_cast<unsigned>(digit - 'a') + 10;
    if (digit >= 'A' && digit <= 'F') return static_cast<unsigned>(digit - 'A') + 10;
    return std::nullopt;
}

std::optional<std::string> from_hex(const std::string& hex) {
    std::string digits;
    for (const char digit : hex)
        if (digit != ' ') digits.push_back(digit);
    if (digits.size() % 2 != 0) return std::nullopt;
    std::string bytes;
    for (std::size_t at = 0; at < digits.size(); at += 2) {
        const auto high = hex_digit(digits[at]);
        const auto low = hex_digit(digits[at + 1]);
        if (!high || !low) return std::nullopt;
        bytes.push_back(static_cast<char>(*high << 4U | *low));
    }
    return bytes;
}

ScanExtras read_extras(Fields& request) {
    ScanExtras extras;
    extras.message_id = request.text("id", "");
    extras.step = request.text("step", "");
    extras.badge = request.text("badge", "");
    return extras;
}

Duration read_wait(Fields& request) {
    return std::chrono::milliseconds(request.number("wait_ms", wait_range, 5000));
}

}  // namespace

template <class Kind>
Kind* Control::find(Fields& request, Kind* (Warehouse::*of)(const std::string&) const) {
    Kind* device = (warehouse_.*of)(request.text("device"));
    if (!device) request.problem("device", "the id of a device that can do this");
    return device;
}

void Control::do_scan(Fields& request, const Reply& reply) {
    auto* scanner = find<Scanner>(request, &Warehouse::scanner);
    const std::string data = request.text("data");
    const ScanExtras extras = read_extras(request);
    const Duration wait = read_wait(request);
    if (const auto checked = request.finish(); !checked) {
        reply(fail(checked.error()));
        return;
    }
    scanner->scan(data, extras, wait, [reply](const ScanOutcome& outcome) {
        json::object answer;
        answer["delivered"] = outcome.is_delivered;
        answer["answer"] = outcome.answer ? json::value(*outcome.answer) : json::value();
        answer["ms"] = outcome.answer ? json::value(in_milliseconds(outcome.took)) : json::value();
        reply(std::move(answer));
    });
}

void Control::do_send_raw(Fields& request, const Reply& reply) {
    auto* scanner = find<Scanner>(request, &Warehouse::scanner);
    const std::string hex = request.text("hex", "");
    const auto bytes = from_hex(hex);
    if (!bytes) request.problem("hex", "pairs of hexadecimal digits");
    RawBytes raw;
    raw.bytes = bytes.value_or("") + request.text("data", "");
    const auto repeat = static_cast<std::size_t>(request.number("repeat", {1, 1'000'000}, 1));
    raw.chunks = static_cast<std::size_t>(request.number("chunks", chunks_range, 1));
    raw.gap = std::chrono::milliseconds(request.number("gap_ms", {0, 60'000}, 0));
    if (const auto checked = request.finish(); !checked) {
        reply(fail(checked.error()));
        return;
    }
    const std::string once = raw.bytes;
    for (std::size_t time = 1; time < repeat; ++time) raw.bytes += once;
    const std::size_t size = raw.bytes.size();
    const bool is_taken = scanner->send_raw(std::move(raw), [reply, size] {
        json::object answer;
        answer["bytes"] = size;
        reply(std::move(answer));
    });
    if (!is_taken) reply(fail(FaultCode::unavailable, scanner->id() + ": nobody is connected"));
}

void Control::do_induct(Fields& request, const Reply& reply) {
    InductionOrder order;
    order.plc = find<DivertPlc>(request, &Warehouse::plc);
    const std::int64_t points = order.plc ? order.plc->points() : 1;
    order.point = static_cast<std::uint16_t>(request.number("point", {0, points - 1}, 0));
    if (request.has("scanner")) {
        order.scanner = warehouse_.scanner(request.text("scanner"));
        if (!order.scanner) request.problem("scanner", "the id of a scanner");
        order.data = request.text_or_null("data");
    }
    order.extras = read_extras(request);
    order.eye_to_scan = std::chrono::milliseconds(request.number("eye_to_scan_ms", {0, 60'000}, 0));
    order.answer_wait = read_wait(request);
    const std::string until = request.word("wait", {"confirm", "decision", "none"});
    if (const auto checked = request.finish(); !checked) {
        reply(fail(checked.error()));
        return;
    }
    const bool awaits_answer = order.scanner && order.data;
    const auto is_told = std::make_shared<bool>(until == "none");
    const auto begun = Induction::begin(
        loop_, std::move(order), [reply, until, awaits_answer, is_told](const Induction& carton) {
            const bool is_there = until == "decision" ? carton.is_at_point : carton.is_confirmed;
            if (*is_told || !is_there || (awaits_answer && !carton.outcome)) return;
            *is_told = true;
            reply(carton.report());
        });
    if (!begun) {
        reply(fail(begun.error()));
    } else if (until == "none") {
        reply((*begun)->report());
    }
}

void Control::do_load(Fields& request, const Reply& reply) {
    const auto begun = Load::begin(
        loop_, warehouse_, request, [reply](json::object report) { reply(std::move(report)); });
    if (!begun) reply(fail(begun.error()));
}

void Control::do_printer(Fields& request, const Reply& reply) {
    auto* printer = find<LabelPrinter>(request, &Warehouse::printer);
    const auto done = printer ? printer->set_fault(request) : request.finish();
    if (!done) {
        reply(fail(done.error()));
        return;
    }
    reply(json::object());
}

void Control::do_scanner(Fields& request, const Reply& reply) {
    auto* scanner = find<LineScanner>(request, &Warehouse::line_scanner);
    const auto done = scanner ? scanner->set_quirk(request) : request.finish();
    if (!done) {
        reply(fail(done.error()));
        return;
    }
    reply(json::object());
}

void Control::do_aim(Fields& request, const Reply& reply) {
    auto* scanner = find<LineScanner>(request, &Warehouse::line_scanner);
    auto data = request.text_or_null("data");
    if (const auto checked = request.finish(); !checked) {
        reply(fail(checked.error()));
        return;
    }
    scanner->aim(std::move(data));
    reply(json::object());
}

void Control::do_plc(Fields& request, const Reply& reply) {
    auto* plc = find<DivertPlc>(request, &Warehouse::plc);
    const auto done = plc ? plc->set_quirk(request) : request.finish();
    if (!done) {
        reply(fail(done.error()));
        return;
    }
    reply(json::object());
}

void Control::do_registers(Fields& request, const Reply& reply) {
    const auto* plc = find<DivertPlc>(request, &Warehouse::plc);
    if (const auto checked = request.finish(); !checked) {
        reply(fail(checked.error()));
        return;
    }
    reply(plc->registers());
}

void Control::do_link(Fields& request, const Reply& reply) {
    auto* link = find<LinkProxy>(request, &Warehouse::link);
    const auto done = link ? link->set_state(request) : request.finish();
    if (!done) {
        reply(fail(done.error()));
        return;
    }
    reply(json::object());
}

void Control::do_labels(Fields& request, const Reply& reply) {
    const auto* printer = find<LabelPrinter>(request, &Warehouse::printer);
    if (const auto checked = request.finish(); !checked) {
        reply(fail(checked.error()));
        return;
    }
    json::array files;
    for (const PrintedLabel& label : printer->labels()) {
        json::object one;
        one["file"] = label.file;
        one["bytes"] = label.bytes;
        one["duplicate"] = label.is_duplicate;
        files.push_back(std::move(one));
    }
    json::object answer;
    answer["labels"] = std::move(files);
    reply(std::move(answer));
}

}  // namespace lotgate::sim
