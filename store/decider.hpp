#pragma once

// Carries out one command inside the writer's open transaction: reads facts, runs the rule book,
// appends the event and folds it. The caller owns transaction and savepoints. Store thread only.

#include "store/events/bodies.hpp"
#include "store/facts_reader.hpp"
#include "store/in_flight.hpp"
#include "store/ledger.hpp"
#include "store/people.hpp"
#include "store/projections/projections.hpp"
#include "store/retention/archive_guard.hpp"
#include "store/site_clock.hpp"
#include "store/spelling.hpp"
#include "store/sqlite/database.hpp"
#include "store/store.hpp"

#include <optional>
#include <set>
#include <string>

namespace lotgate::store {

struct Draft;
struct OperationRow;
struct OperationDraft;

class Decider {
public:
    Decider(sqlite::Database& database, const StoreConfig& config, Clock& clock);

    /// Makes or reads the site's identity and the end of the chain, and checks the last rows of
    /// the chain. corrupt: the chain is broken there, or the file is another site's.
    [[nodiscard]] Result<> load();

    /// A Fault means that nothing may be kept of the command; the database's own fault, if any,
    /// says more.
    [[nodiscard]] Result<Outcome> run(Command& command);

    [[nodiscard]] Ledger& ledger() { return ledger_; }

    [[nodiscard]] std::uint64_t acked() const { return acked_; }

    /// Writes what was kept in memory while the transaction ran; before each COMMIT.
    void settle() { projections_.settle(); }

    /// Rows are still in the ledger that stand in an archive.
    [[nodiscard]] bool has_archived_rows() const { return base_.seq > trimmed_; }

    /// Takes some of them out, in the caller's transaction.
    void trim();

    /// Where ledger and projections stand, to go back to.
    struct Mark {
        ChainHead head;
        Deferred::Unwritten unsettled;
    };

    [[nodiscard]] Mark mark() const { return {ledger_.head(), projections_.unsettled()}; }

    /// Notes each scan while it is decided.
    void watch(InFlight& in_flight) { in_flight_ = &in_flight; }

    /// A file in force whose rows are not all written: between the scans, step by step.
    [[nodiscard]] bool is_importing() const { return !imports_.empty(); }

    /// The next rows of it, as the gateway's own operation: some, one, or one that is left out with
    /// a case, since the tables do not take it.
    enum class ImportStep { some, one, leave_out };
    [[nodiscard]] Operation import_step(ImportStep step);

    /// After a rollback to where `mark` was taken: reads again what is kept in memory.
    void go_back_to(const Mark& mark);

private:
    struct Identity {
        std::string site;
        InstanceId instance{};
        std::uint64_t epoch = 0;
    };

    [[nodiscard]] Result<Outcome> carry_out(rules::Attempt& attempt);
    [[nodiscard]] Result<Outcome> carry_out(FeedPage& page);
    [[nodiscard]] Result<Outcome> carry_out(EffectReport& report);
    [[nodiscard]] Result<Outcome> carry_out(const CartonPassed& carton);
    [[nodiscard]] Result<Outcome> carry_out(UplinkAcknowledged& acknowledged);
    [[nodiscard]] Result<Outcome> carry_out(EpochGranted& granted);
    [[nodiscard]] Result<Outcome> carry_out(CaseDecision& decision);
    [[nodiscard]] Result<Outcome> carry_out(Operation& operation);

    [[nodiscard]] Result<> load_identity();
    void load_lanes();
    void load_base();
    [[nodiscard]] Result<> check_tail();
    [[nodiscard]] ChainStart chain_origin() const;
    [[nodiscard]] std::optional<Result<Outcome>> replay(const std::string& request_id);
    [[nodiscard]] UnderBody under(Instant now);
    [[nodiscard]] LedgerRow row(std::string kind) const;
    [[nodiscard]] std::string effect_state(std::int64_t id);
    /// Sets date and quality to what may be trusted; true where the clock became suspect.
    [[nodiscard]] bool trust_clock(Date& site_date, std::string& quality);
    void read_parked();
    void read_imports();
    /// Rows in force that are asked for are written before they are read.
    [[nodiscard]] Result<> write_first(const std::vector<std::string>& keys);
    [[nodiscard]] std::vector<std::string> keys_within(const std::string& sscc);
    [[nodiscard]] Result<> write_what_concerns(const rules::Attempt& attempt);
    [[nodiscard]] Result<> write_what_concerns(const Operation& operation);
    [[nodiscard]] Result<> write_what_concerns(const FeedPage& page);
    [[nodiscard]] Operation import_apply(const std::string& import) const;
    [[nodiscard]] bool is_parked(const rules::Attempt& attempt) const;
    [[nodiscard]] static AttemptBody parked_body(UnderBody versions);
    [[nodiscard]] rules::Facts facts_for(const rules::Attempt& attempt,
                                         const UnderBody& versions,
                                         bool clock_became_suspect);
    /// Judges and plans each piece of a container (decider_parts.cpp).
    void do_parts(Draft& draft, const UnderBody& versions);
    [[nodiscard]] AttemptBody decided(const rules::Attempt& attempt,
                                      UnderBody versions,
                                      bool clock_became_suspect);
    [[nodiscard]] Outcome write(LedgerRow& row, const ReportBody& body);
    [[nodiscard]] Result<> reprint(const std::string& subject, ReportBody& body);
    /// What a person lacks for that operation, or empty.
    [[nodiscard]] std::string_view lacking(const Operation& operation, const OperationRow& row);
    void count_pins(const Operation& operation, OperationDraft& draft);
    /// Why not, as a code, or empty; a Fault where nothing is to be written about it.
    [[nodiscard]] Result<std::string> may_decide(const CaseDecision& decision,
                                                 std::string_view kind);
    void count_pin(const CaseDecision& decision, std::string_view kind, ReportBody& body);
    [[nodiscard]] Result<Outcome> refuse(const CaseDecision& decision, ReportBody body);
    [[nodiscard]] Result<> do_effect(const CaseDecision& decision,
                                     const std::string& subject,
                                     ReportBody& body);
    [[nodiscard]] std::vector<Change> changes_of(const EffectReport& report,
                                                 const std::string& kind,
                                                 const std::string& request);

    sqlite::Database* database_;
    const StoreConfig config_;
    Clock* clock_;
    Ledger ledger_;
    Projections projections_;
    FactsReader facts_;
    Spelling spelling_;
    People people_;
    Identity identity_;
    std::uint64_t acked_ = 0;
    LedgerBase base_;
    std::uint64_t trimmed_ = 0;  ///< up to here no row is in the ledger

    struct FeedLane {
        std::uint64_t cursor = 0;
        std::optional<Instant> heard;  ///< when the cloud last said anything on it
    };

    const std::string boot_ = boot_name();
    InFlight* in_flight_ = nullptr;

    struct ImportInForce {
        std::int64_t run = 0;
        std::string id;
        bool is_dropped = false;
    };

    std::vector<ImportInForce> imports_;  ///< with rows to be written or dropped, oldest first
    std::set<std::string> parked_;        ///< identities of scans that ended the program twice
    std::uint64_t known_cursor_ = 0;
    std::optional<FeedLane> main_;
    std::optional<FeedLane> urgent_;
    sqlite::Statement request_, cursors_, effect_, effect_state_, case_, case_open_, hash_at_, ack_;
    SiteClock site_clock_;
};

/// Effects as they are answered.
[[nodiscard]] std::vector<Effect> effects_from(std::vector<EffectBody> bodies);
/// The body of a ledger row of kind "attempt", as it was answered.
[[nodiscard]] Outcome outcome_from(Seq seq, AttemptBody body);
/// The same of kind "operation".
[[nodiscard]] Outcome outcome_from(Seq seq, OperationBody body);

}  // namespace lotgate::store
