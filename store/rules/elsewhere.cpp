// The rules that no station asks: where each of them is carried out.

#include "store/rules/rule.hpp"

#include <array>

namespace lotgate::rules {

namespace {

constexpr std::array the_rest = std::to_array<ElsewhereRow>({
    {"N-01", "the decoder", "What carries a code (AIM identifier, line ends) is no part of it."},
    {"N-04", "the decoder", "Hidden characters of typed text are taken off; others are refused."},
    {"N-05",
     "the decoder",
     "Long dashes and full-width letters are made plain in typed text alone."},
    {"N-07", "the store", "Serials keep their case, unless their product folds it."},
    {"N-08",
     "the decoder",
     "LOT, SN and the like are taken off typed text where the rest is known."},
    {"N-10", "the import", "A number that a spreadsheet has mangled is refused by row and column."},
    {"R-09", "close_receipt", "What was announced and did not come is told when the receipt ends."},
    {"R-23",
     "putaway_overdue",
     "Units that wait at a dock longer than the site allows are a card."},
    {"R-26",
     "the rotation",
     "Equal dates: first received, smaller rest, walk, lot, place, serial."},
    {"R-49", "scrap, relabel, split_lot, merge_lots", "Nothing is made of another without a link."},
    {"R-50",
     "the feed, recall",
     "A recall holds, pulls out of picks and arms every divert at once."},
    {"R-51",
     "the feed, unship",
     "What was shipped before its cancel was known stays shipped: a card."},
    {"R-52",
     "the cloud, the feed",
     "A serial that two sites took is held at both, and is for people to decide."},
    {"R-53", "the feed", "What was fetched here stays with its order, whatever the cloud planned."},
    {"R-54",
     "the uplink",
     "What the cloud refuses stays in the ledger and is never rewritten: a card."},
    {"R-55", "the uplink", "Events go up in the ledger's order; the same one twice is one."},
    {"R-57", "the store", "A disk that fails stops every answer but \"not decided\"."},
    {"R-58", "import_rows", "A file is checked as a whole, and one that changes much needs two."},
    {"R-59", "the store", "The same request twice has one effect and the same answer."},
});

}  // namespace

std::span<const ElsewhereRow> elsewhere() {
    return the_rest;
}

}  // namespace lotgate::rules
