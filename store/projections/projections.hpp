#pragma once

// The tables folded from the ledger. One class folds live (in the transaction that appends the
// event) and in a rebuild; it looks at nothing but the event and the projections themselves.
// Errors are the database's (sticky).

#include "store/events/bodies.hpp"
#include "store/model/identity.hpp"
#include "store/model/ledger_row.hpp"
#include "store/projections/deferred.hpp"
#include "store/projections/feed_fold.hpp"
#include "store/projections/import_fold.hpp"
#include "store/projections/operation_fold.hpp"
#include "store/projections/outage_fold.hpp"
#include "store/projections/promise_fold.hpp"
#include "store/projections/station_rows.hpp"
#include "store/sqlite/database.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lotgate::store {

/// A serial without what people mistype: ASCII case, spaces and dashes (rule R-06).
[[nodiscard]] std::string near_key_of(std::string_view serial);

/// Finished: nothing more is expected of an effect in this state.
[[nodiscard]] bool is_final_effect_state(std::string_view state);

class Projections {
public:
    explicit Projections(sqlite::Database& database);

    void apply(Seq seq, const std::string& station, const AttemptBody& body);
    void apply(Seq seq, std::uint64_t hlc, const FeedBody& body);
    void apply(Seq seq, const std::string& station, const ReportBody& body);
    void apply(Seq seq, const std::string& station, const OperationBody& body);
    /// Reads the body first; unknown kinds change nothing.
    [[nodiscard]] Result<> apply(const LedgerRow& row);

    /// The last civil date a synchronised clock gave, or "" (site_state).
    [[nodiscard]] const std::string& trusted_date();

    /// A station's last read, as of the last event folded.
    [[nodiscard]] const LastRead& last_read(const std::string& station) {
        return deferred_.last_read(station);
    }

    [[nodiscard]] StationRows& stations() { return stations_; }

    /// False while nothing descends from anything: no lot was split, no unit relabelled.
    [[nodiscard]] bool has_lineage();

    /// Another number whenever products, parties or locations may have changed.
    [[nodiscard]] std::uint64_t catalogue_version() const { return catalogue_version_; }

    /// Writes what was kept in memory meanwhile; before each COMMIT.
    void settle() { deferred_.write(); }

    /// Applies what an event that is being made would change so far; the caller takes it back by a
    /// rollback and go_back_to().
    void try_changes(std::uint64_t seq,
                     const std::string& station,
                     std::span<const Change> changes) {
        apply(At{static_cast<std::int64_t>(seq), &station}, changes);
    }

    /// What settle() would write.
    [[nodiscard]] const Deferred::Unwritten& unsettled() const { return deferred_.unwritten(); }

    /// After a rollback to where `unsettled` was.
    void go_back_to(Deferred::Unwritten unsettled) {
        ++catalogue_version_;
        trusted_date_.reset();
        has_lineage_.reset();
        outages_.forget();
        stations_.forget();
        deferred_.go_back_to(std::move(unsettled));
    }

private:
    struct At {
        std::int64_t seq;
        const std::string* station;
    };

    void apply(const At& at, std::span<const Change> changes);
    void change(const At& at, const UnitMoved& moved);
    void change(const At& at, const LotSeen& seen);
    void change(const At& at, const BalanceMoved& moved);
    void change(const At& at, const LineDone& done);
    void change(const At& at, const DocumentState& state);
    void change(const At& at, const ContainerSet& set);
    void change(const At& at, const StationSet& set);
    void change(const At& at, const HoldPlaced& placed);
    void change(const At& at, const HoldLifted& lifted);
    void change(const At& at, const CaseOpened& opened);
    void change(const At& at, const CaseClosed& closed);
    void change(const At& at, const SsccTaken& taken);
    void change(const At& at, const NumberTaken& taken);
    void change(const At& at, const LabelSet& set);
    void change(const At& at, const EffectMoved& moved);
    void change(const At& at, const EffectSet& set);
    void change(const At& at, const Descends& link);
    void change(const At& at, const DocumentMade& made);
    void change(const At& at, const Missed& missed);
    void change(const At& at, const Graded& graded);
    void change(const At& at, const CountSet& count);
    void change(const At& at, const Counted& counted);
    void change(const At& at, const UnitsPulled& pulled);
    void change(const At& at, const BadgeShown& shown);
    void change(const At& at, const PinTried& tried);
    void change(const At& at, const Promised& promised);
    void change(const At& at, const UnitPromised& promised);
    void change(const At& at, const DocumentReleased& released);
    void change(const At& at, const OutageSet& set);
    void change(const At& at, const ImportSet& set);
    void change(const At& at, const ArchiveMade& made);
    void intend(const At& at, const EffectBody& effect);
    void mention(const At& at, const std::vector<std::string>& subjects);
    void count(std::string_view name, std::int64_t by = 1);
    void trust(const UnderBody& under);

    sqlite::Database* database_;
    std::uint64_t catalogue_version_ = 1;
    Deferred deferred_;
    FeedFold feed_;
    OperationFold operations_;
    ImportFold imports_;
    OutageFold outages_;
    StationRows stations_;
    std::optional<std::string> trusted_date_;
    std::optional<bool> has_lineage_;
    sqlite::Statement unit_, unit_here_, lot_, variant_, lot_received_, balance_in_, balance_out_,
        balance_empty_;
    sqlite::Statement line_, document_done_, document_state_, container_, hold_, lift_;
    sqlite::Statement case_open_, case_close_, label_, effect_moved_, effect_new_, effect_old_,
        effect_set_;
    PromiseFold promises_;
    sqlite::Statement pin_, released_, mention_, state_set_, state_get_, any_lineage_;
};

}  // namespace lotgate::store
