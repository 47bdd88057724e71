#include "store/operations/draft.hpp"

#include "store/model/assert.hpp"
#include "store/operations/table.hpp"

namespace lotgate::store {

namespace {

constexpr int ids_per_event = 16;

}  // namespace

const std::string& OperationCall::text(std::string_view name) const {
    static const std::string none;
    for (const auto& [own, value] : operation->arguments)
        if (own == name) return value;
    return none;
}

std::int64_t OperationDraft::next_id() {
    LG_ASSERT(ids < ids_per_event);
    return static_cast<std::int64_t>(seq) * ids_per_event + ids++;
}

void OperationDraft::refuse(std::string code, std::string told) {
    body.verdict.decision = rules::Decision::reject;
    body.verdict.code = std::move(code);
    body.verdict.rule = row->rule;
    body.verdict.told = std::move(told);
    body.verdict.override_class = row->who;
    body.did.clear();
    body.changes.clear();
    body.effects.clear();
}

}  // namespace lotgate::store
