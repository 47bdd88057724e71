#pragma once

// The answers of the daemon (docs/data/api.md, docs/data/answers.md) as text for a person. Members
// that are absent are left out.

#include <boost/json/fwd.hpp>

#include <string>

namespace lotgate::cli {

using Json = boost::json::value;

// ---- the running site
[[nodiscard]] std::string show_status(const Json& answer);
[[nodiscard]] std::string show_devices(const Json& answer);
/// One device with its wire; what was found; the wire kept with a case.
[[nodiscard]] std::string show_device(const Json& answer);
[[nodiscard]] std::string show_discovered(const Json& answer);
[[nodiscard]] std::string show_recording(const Json& answer);
[[nodiscard]] std::string show_stations(const Json& answer);
[[nodiscard]] std::string show_outbox(const Json& answer);

// ---- what the ledger holds; the same from the daemon and from the database
[[nodiscard]] std::string show_summary(const Json& summary);
[[nodiscard]] std::string show_decisions(const Json& answer);
[[nodiscard]] std::string show_trace(const Json& answer);
[[nodiscard]] std::string show_recall(const Json& answer);
[[nodiscard]] std::string recall_as_csv(const Json& answer);
[[nodiscard]] std::string show_why(const Json& answer);
[[nodiscard]] std::string show_cases(const Json& answer);
[[nodiscard]] std::string show_chain(const Json& answer);
[[nodiscard]] std::string show_picks(const Json& answer);

/// One decision, as the screen at the station shows it.
[[nodiscard]] std::string show_decision(const Json& decision);

}  // namespace lotgate::cli
