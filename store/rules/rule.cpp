#include "store/rules/rule.hpp"

#include <array>

namespace lotgate::rules {

namespace {

bool goods_move_at(Step step) {
    return step == Step::receive || step == Step::divert || step == Step::ship ||
           step == Step::take_back;
}

const Verdict* first_that(const std::vector<Verdict>& findings, bool (*wanted)(const Verdict&)) {
    for (const Verdict& finding : findings)
        if (wanted(finding)) return &finding;
    return nullptr;
}

struct CodeNumber {
    std::string_view code;  // exact, or a prefix that ends with '_'
    std::uint16_t number;
};

// The numbers are wire values for PLC programs: never renumber, only add.
constexpr std::array divert_reasons = std::to_array<CodeNumber>({{"NOREAD", 1},
                                                                 {"PARSE_", 2},
                                                                 {"GTIN_BAD_CHECK", 2},
                                                                 {"EXP_INVALID", 2},
                                                                 {"LABEL_CONFLICT", 2},
                                                                 {"UNKNOWN_CODE", 3},
                                                                 {"UNKNOWN_CARTON", 3},
                                                                 {"NOT_PACKED", 4},
                                                                 {"ON_HOLD_", 5},
                                                                 {"RECALLED_LOT", 6},
                                                                 {"EXPIRED_AT_SHIP", 7},
                                                                 {"ORDER_CANCELLED", 8},
                                                                 {"NO_LANE", 9},
                                                                 {"DOUBLE_SHIP", 10}});
constexpr std::uint16_t divert_reason_other = 99;

constexpr std::array case_kinds = std::to_array<CaseKind>({
    {"OVERRIDE_", "supervisor", "seen"},
    {"BADGE_LOCKED", "supervisor", "handled"},
    {"SHELF_LIFE_SHORT_OUT", "supervisor", "unpack handled"},
    {"FEFO_VIOLATION", "supervisor", "seen"},
    {"INSUFFICIENT_ELIGIBLE", "supervisor", "free handled"},
    {"LABEL_DUP_LIVE", "supervisor", "handled"},
    {"WRONG_DOOR", "operator", "handled"},
    {"KDE_MISSING", "quality", "handled"},
    {"NOREAD", "operator", "handled"},
    {"PARSE_", "operator", "relabelled handled"},
    {"GTIN_BAD_CHECK", "operator", "relabelled handled"},
    {"EXP_INVALID", "operator", "relabelled handled"},
    {"LABEL_CONFLICT", "operator", "relabelled handled"},
    {"PRODUCT_UNKNOWN", "supervisor", "product_added return_to_vendor"},
    {"LOT_WITHOUT_PRODUCT", "operator", "handled"},
    {"SERIAL_REQUIRED", "supervisor", "relabelled return_to_vendor"},
    {"LOT_REQUIRED", "supervisor", "relabelled return_to_vendor"},
    {"OWNER_MISMATCH", "supervisor", "handled return_to_vendor"},
    {"PRODUCT_DISCONTINUED", "supervisor", "handled return_to_vendor"},
    {"SERIAL_PATTERN", "supervisor", "relabelled return_to_vendor"},
    {"LOT_PATTERN", "supervisor", "relabelled return_to_vendor"},
    {"SUSPECT_PRODUCT", "quality", "release keep_on_hold"},
    {"SHELF_LIFE_SHORT_IN", "quality", "release return_to_vendor"},
    {"EXPIRY_IMPLAUSIBLE", "quality", "release keep_on_hold"},
    {"HOLDLIST_STALE", "supervisor", "handled"},
    {"SERIAL_DUPLICATE", "quality", "release keep_on_hold"},
    {"SERIAL_NEAR_DUP", "supervisor", "same_unit different_unit"},
    {"SERIAL_RETIRED", "quality", "release keep_on_hold"},
    {"SERIAL_NOT_ON_ASN", "supervisor", "keep return_to_vendor"},
    {"LOT_MISMATCH_FOR_SERIAL", "quality", "release keep_on_hold"},
    {"SERIAL_MISSING_FROM_SHIPMENT", "supervisor", "handled"},
    {"SHORT_RECEIPT", "supervisor", "handled"},
    {"OVER_RECEIPT", "supervisor", "keep return_to_vendor"},
    {"EXPIRED_AT_RECEIPT", "quality", "keep_on_hold return_to_vendor scrap handled"},
    {"LOT_EXPIRY_CONFLICT", "quality", "release keep_on_hold"},
    {"EXPIRY_MISSING", "quality", "release keep_on_hold"},
    {"ON_HOLD_", "quality", "handled"},
    {"RECALLED_LOT", "quality", "handled"},
    {"EXPIRED_AT_SHIP", "quality", "keep_on_hold scrap unpack handled"},
    {"DOUBLE_SHIP", "supervisor", "handled"},
    {"NOT_PACKED", "operator", "handled"},
    {"ORDER_CANCELLED", "supervisor", "unpack handled"},
    {"NO_LANE", "supervisor", "handled"},
    {"UNKNOWN_CARTON", "operator", "handled"},
    {"LABEL_VERIFY_FAIL", "supervisor", "reprint handled"},
    {"SSCC_RANGE_EMPTY", "supervisor", "handled"},
    {"LOT_NEGATIVE", "supervisor", "count handled"},
    {"RETURN_NO_OUTBOUND", "supervisor", "keep_on_hold hand_back"},
    // What effects and the feed open:
    {"LABEL_IN_DOUBT", "operator", "printed reprint"},
    {"LABEL_FAILED", "operator", "reprint handled"},
    {"RANGE_LOW", "supervisor", "handled"},
    {"DIVERT_MISSED", "operator", "handled"},
    {"DIVERT_LATE", "operator", "handled"},
    {"DIVERT_UNDECIDED", "operator", "handled"},
    {"DIVERT_UNKNOWN", "operator", "handled"},
    {"DIVERT_LANE_FULL", "operator", "handled"},
    {"DIVERT_REJECTED", "operator", "handled"},
    {"COUNT_UNEXPECTED", "supervisor", "handled"},
    {"COUNT_ELSEWHERE", "supervisor", "handled"},
    {"RECALL_APPLIED", "quality", "handled"},
    {"COUNT_MISSING", "supervisor", "handled"},
    {"NEVER_SOLD", "supervisor", "release keep_on_hold"},
    {"RETURN_WRONG_PARTY", "supervisor", "release keep_on_hold"},
    {"RETURN_LOT_NOT_SHIPPED", "supervisor", "handled"},
    {"RETURN_QTY_EXCEEDS", "supervisor", "handled"},
    {"RETURN_UNVERIFIED", "quality", "release keep_on_hold"},
    {"SCAN_PARKED", "supervisor", "try_again keep_parked"},
    {"CLOCK_SUSPECT", "supervisor", "handled"},
    {"BALANCE_BROKEN", "supervisor", "release keep_on_hold"},
    {"COUNT_DIFFERS", "supervisor", "handled"},
    {"CARTON_CHANGED", "operator", "handled"},
    {"EXPIRED_IN_STOCK", "quality", "handled"},
    {"DIVERT_EXPIRED", "operator", "handled"},
    {"DIVERT_WRONG_LANE", "operator", "handled"},
    {"DOCUMENT_CHANGED", "supervisor", "handled"},
    {"ASN_SERIAL_KNOWN", "supervisor", "handled"},
    {"ASN_PALLET_KNOWN", "supervisor", "handled"},
    {"TRACKING_EXCLUSIVE", "supervisor", "handled"},
    {"PUTAWAY_OVERDUE", "supervisor", "handled"},
    {"SERIAL_SCOPE_CONFLICT", "quality", "handled"},
    {"FEED_UNKNOWN_KIND", "supervisor", "handled"},
    {"FEED_UNREADABLE", "supervisor", "handled"},
    {"SHIPPED_AFTER_CANCEL", "supervisor", "handled"},
    {"CANCELLED_AFTER_WORK", "supervisor", "handled"},
    {"CROSS_SITE_DUP", "quality", "release keep_on_hold"},
    {"ALLOC_SUPERSEDED", "supervisor", "handled"},
    {"SYNC_REJECTED", "supervisor", "handled"},
    {"RETURN_FOREIGN", "supervisor", "keep_on_hold hand_back"},
});

void overrule(std::vector<Verdict>& findings, const Authority& authority) {
    for (Verdict& finding : findings) {
        if (!finding.blocks() && finding.decision != Decision::hold) continue;
        if (!authority.code.empty() && authority.code != finding.code) continue;
        if (!satisfies(finding.override_class, authority)) continue;
        const bool confirms = finding.override_class == OverrideClass::operator_confirms;
        if (!confirms && reason_for(authority.reason, finding.code) == nullptr) continue;
        finding.overruled = name_of(finding.decision);
        finding.decision = Decision::warn;
    }
}

bool names(std::string_view pattern, std::string_view code) {
    return pattern.back() == '_' ? code.starts_with(pattern) : code == pattern;
}

}  // namespace

Judgement judge(const Facts& facts, const Attempt& attempt) {
    Judgement judgement;
    for (const RuleRow& row : book()) {
        if (!row.steps.has(attempt.step)) continue;
        Verdict finding = row.rule(facts, attempt);
        if (finding.accepted() && finding.code.empty()) continue;
        finding.rule = row.id;
        // An acceptance with a code settles the attempt, unless it was refused by then.
        const bool settles = finding.accepted() && !finding.is_note;
        if (settles && judgement.findings.empty()) return {finding, std::vector<Verdict>{finding}};
        if (settles) continue;
        judgement.findings.push_back(std::move(finding));
    }
    if (attempt.authority) overrule(judgement.findings, *attempt.authority);
    judgement.verdict = named_of(judgement.findings);
    return judgement;
}

Verdict named_of(const std::vector<Verdict>& findings) {
    const Verdict* named = first_that(findings, [](const Verdict& v) { return v.blocks(); });
    if (named == nullptr)
        named = first_that(findings, [](const Verdict& v) { return v.decision == Decision::hold; });
    if (named == nullptr)
        named = first_that(findings, [](const Verdict& v) { return v.decision == Decision::warn; });
    if (named == nullptr && !findings.empty()) named = &findings.front();
    return named == nullptr ? Verdict() : *named;
}

Verdict refused(Step step, std::string code, std::string told) {
    const Decision decision = goods_move_at(step) ? Decision::divert : Decision::reject;
    return {decision, std::move(code), {}, std::move(told), OverrideClass::never, {}};
}

Verdict refused_for_ever(Step step, std::string code, std::string told) {
    Verdict verdict = refused(step, std::move(code), std::move(told));
    verdict.override_class = OverrideClass::never;
    return verdict;
}

Verdict held(std::string code, std::string told) {
    return {Decision::hold, std::move(code), {}, std::move(told), OverrideClass::never, {}};
}

Verdict overrulable(OverrideClass by, Verdict verdict) {
    verdict.override_class = by;
    return verdict;
}

Verdict warned(std::string code, std::string told) {
    return {
        Decision::warn, std::move(code), {}, std::move(told), OverrideClass::operator_confirms, {}};
}

std::string_view hold_reason_of(std::string_view code) {
    if (code == "EXPIRED_AT_RECEIPT") return "expired";
    if (code == "NEVER_SOLD" || code == "RETURN_NO_OUTBOUND" || code == "SERIAL_RETIRED")
        return "suspect";
    if (code == "RETURN_WRONG_PARTY" || code == "RETURN_UNVERIFIED") return "quarantine";
    if (code == "LOT_MISMATCH_FOR_SERIAL" || code == "LOT_EXPIRY_CONFLICT" ||
        code == "SERIAL_DUPLICATE" || code == "BALANCE_BROKEN")
        return "conflict";
    if (code == "SUSPECT_PRODUCT") return "suspect";
    if (code == "EXPIRY_MISSING" || code == "SERIAL_NOT_ON_ASN" || code == "SHELF_LIFE_SHORT_IN" ||
        code == "EXPIRY_IMPLAUSIBLE")
        return "quarantine";
    return {};
}

std::span<const CaseKind> all_case_kinds() {
    return case_kinds;
}

const CaseKind* case_kind_of(std::string_view code) {
    for (const CaseKind& kind : case_kinds)
        if (names(kind.code, code)) return &kind;
    return nullptr;
}

// DSCSA: whether a suspect product is illegitimate is told within 24 hours (rule R-20).
std::optional<std::int64_t> case_due_s(std::string_view code) {
    constexpr std::int64_t day_s = 24 * 60 * 60;
    if (code == "SUSPECT_PRODUCT") return day_s;
    return std::nullopt;
}

std::uint16_t divert_reason_of(const Verdict& verdict) {
    if (!verdict.blocks()) return 0;
    for (const CodeNumber& row : divert_reasons)
        if (names(row.code, verdict.code)) return row.number;
    return divert_reason_other;
}

std::string code_word(std::string_view text) {
    std::string word;
    for (const char c : text) {
        if (c >= 'a' && c <= 'z')
            word.push_back(static_cast<char>(c - 'a' + 'A'));
        else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
            word.push_back(c);
        else
            word.push_back('_');
    }
    return word;
}

}  // namespace lotgate::rules
