#pragma once

// The operations a site knows: one row and one file each. A row says what it needs and who may do
// it; its plan is a pure function from facts to changes or to one precise refusal. Reading the
// facts is common to all (reader.hpp): what the arguments name is read.

#include "store/operations/draft.hpp"
#include "store/rules/verdict.hpp"

#include <span>
#include <string>
#include <string_view>

namespace lotgate::store::sqlite {
class Database;
}

namespace lotgate::store {

enum class ArgumentKind {
    gtin,
    serial,
    lot,
    sscc,
    document,  ///< code of a document
    quantity,  ///< a whole number from 1
    date,      ///< YYYY-MM-DD
    place,     ///< a location or station
    target,    ///< "unit:<gtin>/<serial>", "lot:<gtin>/<lot>", "container:<sscc>", …
    word,      ///< one of the argument's words
    text,
    items,  ///< a JSON list of objects: rows of an imported file
    hex,    ///< bytes, two digits each
};

[[nodiscard]] std::string_view name_of(ArgumentKind kind);

struct Argument {
    std::string_view name;
    ArgumentKind kind = ArgumentKind::text;
    bool is_required = false;
    std::string_view about;
    std::string_view words = {};  ///< of kind word, space-separated
};

struct OperationRow {
    std::string_view id;
    std::string_view rule;  ///< of the rules page
    /// operator_confirms: any badge; supervisor: theirs and a reason; two_people: a second badge.
    /// At a site that knows its people, those of the last two classes give their PINs.
    rules::OverrideClass who = rules::OverrideClass::supervisor;
    std::string_view purpose;
    std::span<const Argument> arguments;
    void (*plan)(OperationDraft&);
    /// Reads what this operation alone needs, or nullptr.
    void (*read_more)(sqlite::Database&, const OperationCall&, OperationFacts&) = nullptr;
    bool is_housekeeping = false;  ///< done by the gateway alone
    /// What does it together with the device, where the word alone would change nothing; or empty.
    std::string_view done_by = {};
    bool moves_goods = false;  ///< of a counted lot: not where its books do not add up (R-31)
};

[[nodiscard]] std::span<const OperationRow> operations();
[[nodiscard]] const OperationRow* operation_named(std::string_view id);

/// The table as a page of Markdown (docs/data/operations.md is this text) and as JSON for the API.
[[nodiscard]] std::string operations_page();
[[nodiscard]] std::string operations_json();

/// What the arguments say, or the refusal of what they do not say rightly.
struct CheckedCall {
    OperationCall call;
    rules::Verdict refusal;  ///< accepts where all is right
};

[[nodiscard]] CheckedCall check_arguments(const OperationRow& row, const Operation& operation);

}  // namespace lotgate::store
