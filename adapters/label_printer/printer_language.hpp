#pragma once

// A printer's language as the supervised printer needs it: what is asked, and what came back. One
// object a connection. No I/O and no clock. What cannot be read is silence, and silence is
// unknown, never "ready".

#include "adapters/label_printer/printer_status.hpp"
#include "store/model/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace lotgate::adapters {

/// An answer to the question for the counter; without a value, the printer does not know it.
struct CounterAnswer {
    std::optional<std::uint64_t> value;
};

class PrinterDialogue {
public:
    PrinterDialogue() = default;
    PrinterDialogue(const PrinterDialogue&) = delete;
    PrinterDialogue& operator=(const PrinterDialogue&) = delete;
    virtual ~PrinterDialogue() = default;

    /// Bounded: what is no answer is forgotten.
    virtual void feed(std::string_view bytes) = 0;
    [[nodiscard]] virtual std::optional<HostStatus> take_status() = 0;
    /// Names a fault where the other question is not answered.
    [[nodiscard]] virtual std::optional<HostStatus> take_errors() = 0;
    [[nodiscard]] virtual std::optional<CounterAnswer> take_counter() = 0;
};

struct PrinterLanguage {
    std::string_view name;            ///< "zpl": also the ending of its templates
    std::string_view told;            ///< "ZPL", for people
    std::string_view ask_status;      ///< bytes
    std::string_view ask_errors;      ///< empty: it has no second question
    std::string_view ask_counter;     ///< bytes
    std::string_view end_pause;       ///< bytes that end a pause; empty: only a person can
    std::string_view silent_because;  ///< when nothing at all comes back
    /// Its status is answered before what stands in its buffer is looked at: an idle printer proves
    /// a label only if it was seen working on it, or by a counter.
    bool status_runs_ahead = false;
    /// The bytes to send for one label, or why they are not exactly one label.
    Result<std::string> (*one_label)(const std::string& bytes);
    /// One label that prints `text`, of which every byte is a letter, digit, space, or one of .:-
    std::string (*test_label)(const std::string& text);
    std::unique_ptr<PrinterDialogue> (*dialogue)();
};

}  // namespace lotgate::adapters
