#pragma once

// A ledger in memory that hashes its rows as the store does.

#include "store/model/ledger_row.hpp"
#include "store/queries.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace lotgate::sync::test {

class MemoryLedger {
public:
    explicit MemoryLedger(std::string site, std::uint8_t instance = 1) {
        head_.site = std::move(site);
        head_.instance.fill(instance);
        grant(0);
    }

    /// Chains the rows written so far anew, as the store does with those before the first grant.
    void grant(std::uint64_t epoch) {
        head_.epoch = epoch;
        head_.hash = chain_start(ChainStart{head_.site, epoch, head_.instance});
        for (LedgerRow& row : rows_) head_.hash = row.hash = chain_next(head_.hash, row);
    }

    Seq append(std::string body) {
        LedgerRow row;
        row.seq = next(head_.seq);
        row.hlc = number_of(row.seq) << 16U;
        row.kind = "attempt";
        row.station = "DOCK-1";
        row.actor = "device:S1";
        row.request_id = head_.site + "-" + std::to_string(number_of(row.seq));
        row.body = std::move(body);
        row.hash = chain_next(head_.hash, row);
        head_.seq = row.seq;
        head_.hash = row.hash;
        rows_.push_back(std::move(row));
        return head_.seq;
    }

    /// Back to what it was at `seq`: a restored backup.
    void restore(Seq seq) {
        rows_.resize(number_of(seq));
        head_.seq = seq;
        head_.hash = rows_.empty()
                         ? chain_start(ChainStart{head_.site, head_.epoch, head_.instance})
                         : rows_.back().hash;
        head_.acked = std::min(head_.acked, seq);
    }

    [[nodiscard]] std::vector<LedgerRow> rows_after(Seq after,
                                                    std::size_t rows_max,
                                                    std::size_t bytes_max) const {
        std::vector<LedgerRow> rows;
        std::size_t bytes = 0;
        for (std::size_t at = number_of(after); at < rows_.size() && rows.size() < rows_max; ++at) {
            bytes += rows_[at].body.size();
            if (!rows.empty() && bytes > bytes_max) break;
            rows.push_back(rows_[at]);
        }
        return rows;
    }

    [[nodiscard]] const std::vector<LedgerRow>& rows() const { return rows_; }

    [[nodiscard]] store::LedgerHead& head() { return head_; }

    [[nodiscard]] const store::LedgerHead& head() const { return head_; }

private:
    store::LedgerHead head_;
    std::vector<LedgerRow> rows_;
};

}  // namespace lotgate::sync::test
