// A scan that ended the program twice in a row is parked: its code is refused at its station, with
// its bytes in a case, until a person decides. The gateway does this at its next start.

#include "store/operations/every_operation.hpp"
#include "store/operations/goods.hpp"

#include <fmt/format.h>

namespace lotgate::store {

void plan_park_scan(OperationDraft& draft) {
    const std::string subject = "parked:" + draft.call->text("identity");
    draft.body.subject = subject;
    draft.body.mentions.push_back(subject);
    open_case(draft,
              "SCAN_PARKED",
              subject,
              fmt::format("A code scanned at {} ended the gateway twice in a row ({} bytes, in the "
                          "case's row). It is refused there now. Put the goods aside, and send the "
                          "diagnostics to whoever looks after the gateway.",
                          draft.call->operation->station,
                          draft.call->text("raw_hex").size() / 2));
    draft.body.did = "scan_parked";
}

}  // namespace lotgate::store
