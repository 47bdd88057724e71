// What a label printer is asked, and how long its answers are waited for.

#include "adapters/label_printer/label_printer.hpp"

#include <algorithm>

namespace lotgate::adapters {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// Reads once more; true when something came before `until`.
asio::awaitable<Result<bool>> LabelPrinter::listen(Talk& talk, Tick until) {
    const auto left = until - now();
    if (left <= 0ms) co_return false;
    const auto bytes = co_await talk.line->read_some(read_bytes_max, left);
    if (!bytes && bytes.error().code() == FaultCode::timed_out) co_return false;
    if (!bytes) co_return fail(bytes.error());
    talk.replies->feed(*bytes);
    co_return true;
}

asio::awaitable<LabelPrinter::MaybeStatus> LabelPrinter::ask_status(Talk& talk) {
    std::string question(is_.language.ask_status);
    LG_CO_CHECK(co_await talk.line->write_all(std::move(question), config_.write_within));
    ++talk.asked;
    const auto until = now() + config_.answer_within;
    for (;;) {
        if (auto status = talk.replies->take_status()) {
            ++talk.answered;
            co_return status;
        }
        LG_CO_TRY(const bool came, co_await listen(talk, until));
        if (came) continue;
        ++counts_.silences;
        co_return std::optional<HostStatus>();
    }
}

asio::awaitable<LabelPrinter::MaybeStatus> LabelPrinter::ask_errors(Talk& talk) {
    if (is_.language.ask_errors.empty()) co_return std::optional<HostStatus>();
    std::string question(is_.language.ask_errors);
    LG_CO_CHECK(co_await talk.line->write_all(std::move(question), config_.write_within));
    const auto until = now() + config_.answer_within / 2;
    for (;;) {
        auto status = talk.replies->take_errors();
        // It names a fault; that all is well is only believed of the other question.
        if (status && !status->hindrance().empty()) co_return status;
        if (status) co_return std::optional<HostStatus>();
        LG_CO_TRY(const bool came, co_await listen(talk, until));
        if (!came) co_return std::optional<HostStatus>();
    }
}

asio::awaitable<LabelPrinter::MaybeCounter> LabelPrinter::ask_counter(Talk& talk) {
    if (!talk.has_counter) co_return std::optional<std::uint64_t>();
    std::string question(is_.language.ask_counter);
    LG_CO_CHECK(co_await talk.line->write_all(std::move(question), config_.write_within));
    const auto until = now() + (talk.is_counter_known ? config_.answer_within
                                                      : std::min(config_.answer_within, Tick(500)));
    for (;;) {
        if (const auto answer = talk.replies->take_counter()) {
            if (!talk.is_counter_known) talk.has_counter = answer->value.has_value();
            talk.is_counter_known = true;
            co_return answer->value;
        }
        LG_CO_TRY(const bool came, co_await listen(talk, until));
        if (came) continue;
        if (!talk.is_counter_known) talk.has_counter = false;
        talk.is_counter_known = true;
        co_return std::optional<std::uint64_t>();
    }
}

}  // namespace lotgate::adapters
