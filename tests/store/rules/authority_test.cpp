// Who may overrule what: the classes, the reasons, and what becomes of a finding.

#include "store/rules/every_rule.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::rules;

namespace {

Authority by(const char* role, const char* reason = "checked") {
    Authority authority;
    authority.badge = "A-1";
    authority.role = role;
    authority.reason = reason;
    return authority;
}

Authority by_two(const char* role, const char* second_role) {
    Authority authority = by(role);
    authority.second_badge = "A-2";
    authority.second_role = second_role;
    return authority;
}

// A serial that differs only by a dash from one that is known: one supervisor may let it pass.
Facts near_twin() {
    Facts facts;
    facts.intent = Intent::take_unit;
    facts.product = ProductFacts{};
    facts.product->name = "Romaine";
    facts.product->serial_tracked = true;
    facts.near_serial = "S1";
    facts.document = DocumentFacts{};
    facts.document->id = "ASN-1";
    facts.document->kind = "asn";
    facts.document->state = "open";
    LineFacts line;
    line.line = 1;
    line.quantity = 4;
    facts.lines = {line};
    facts.person = PersonFacts{};
    return facts;
}

Attempt receiving() {
    Attempt attempt;
    attempt.step = Step::receive;
    attempt.station = "DOCK-1";
    attempt.site_date = *parse_date("2026-11-22");
    attempt.policy = std::make_shared<StationPolicy>();
    attempt.what.gtin = *Gtin::parse("09506000134352");
    attempt.what.serial = *Serial::parse("S-1");
    return attempt;
}

}  // namespace

TEST_CASE("who may overrule depends on the class and on the role", "[rules][override]") {
    struct Row {
        OverrideClass wanted;
        Authority given;
        bool may;
    };

    using enum OverrideClass;
    Authority twice = by_two("supervisor", "supervisor");
    twice.second_badge = twice.badge;
    Authority wrong = by("admin");
    wrong.wrong_pin = "A-1";
    const std::vector<Row> rows{
        {never, by("admin"), false},
        {never, by_two("admin", "quality"), false},
        {supervisor, by("operator"), false},
        {supervisor, by("supervisor"), true},
        {supervisor, by("quality"), true},
        {supervisor, by("admin"), true},
        {supervisor, by(""), false},
        {supervisor, by("supervisor", ""), false},
        {supervisor, by("supervisor", "because"), false},
        {supervisor, by_two("operator", "supervisor"), true},
        {two_people, by("admin"), false},
        {two_people, by_two("supervisor", "operator"), true},
        {two_people, by_two("operator", "quality"), true},
        {two_people, by_two("operator", "operator"), false},
        {two_people, by_two("supervisor", ""), false},
        {two_people, twice, false},
        {operator_confirms, by("operator", ""), true},
        {operator_confirms, by("", ""), false},
        {operator_confirms, wrong, false},
        {supervisor, wrong, false},
        {supervisor, Authority{}, false},
    };
    for (const Row& row : rows) {
        INFO(name_of(row.wanted) << " " << row.given.role << " " << row.given.second_role << " "
                                 << row.given.reason);
        CHECK(satisfies(row.wanted, row.given) == row.may);
    }
}

TEST_CASE("a rule with reasons of its own takes no others", "[rules][override]") {
    CHECK(reason_for("inaccessible", "FEFO_VIOLATION") != nullptr);
    CHECK(reason_for("checked", "FEFO_VIOLATION") == nullptr);
    CHECK(reason_for("inaccessible", "SERIAL_NEAR_DUP") == nullptr);
    CHECK(reason_for("checked", "SERIAL_NEAR_DUP") != nullptr);
    CHECK(strongest_of("operator quality") == Role::quality);
    CHECK(strongest_of("") == Role::none);
}

TEST_CASE("what is overruled stays a finding with its code, as a warning", "[rules][override]") {
    Attempt attempt = receiving();
    CHECK(judge(near_twin(), attempt).verdict.decision == Decision::divert);
    attempt.authority = by("supervisor");
    const Judgement judgement = judge(near_twin(), attempt);
    CHECK(judgement.verdict.code == "SERIAL_NEAR_DUP");
    CHECK(judgement.verdict.decision == Decision::warn);
    CHECK(judgement.verdict.overruled == "divert");
    attempt.authority->code = "OVER_RECEIPT";
    CHECK(judge(near_twin(), attempt).verdict.decision == Decision::divert);
}

TEST_CASE("nobody overrules what is never overruled", "[rules][override]") {
    Facts facts = near_twin();
    facts.holds = {{"H-1", "recall", "I", "lot:x/y"}};
    Attempt attempt = receiving();
    attempt.step = Step::putaway;
    attempt.authority = by_two("admin", "admin");
    CHECK(judge(facts, attempt).verdict.blocks());
}

TEST_CASE("a wrong PIN, an unknown or locked badge or one person twice is refused by name",
          "[rules][G-20]") {
    Facts facts = near_twin();
    Attempt attempt = receiving();
    CHECK(authority_is_proven(facts, attempt).accepted());
    attempt.authority = by("supervisor");
    CHECK(authority_is_proven(facts, attempt).accepted());
    attempt.authority->wrong_pin = "A-1";
    CHECK(authority_is_proven(facts, attempt).code == "PIN_WRONG");
    facts.person->is_locked = true;
    CHECK(authority_is_proven(facts, attempt).code == "BADGE_LOCKED");
    facts.person.reset();
    CHECK(authority_is_proven(facts, attempt).code == "BADGE_UNKNOWN");
    facts.person = PersonFacts{};
    attempt.authority = by_two("supervisor", "operator");
    CHECK(authority_is_proven(facts, attempt).code == "BADGE_UNKNOWN");
    facts.second_person = PersonFacts{};
    CHECK(authority_is_proven(facts, attempt).accepted());
    attempt.authority->second_badge = "A-1";
    CHECK(authority_is_proven(facts, attempt).code == "SAME_PERSON_TWICE");
    attempt.authority = by("supervisor", "because");
    CHECK(authority_is_proven(facts, attempt).code == "REASON_UNKNOWN");
}

TEST_CASE("a badge that is scanned is known, unlocked and enough by itself", "[rules][G-21]") {
    Facts facts;
    facts.intent = Intent::show_badge;
    facts.spoken = "A-1";
    CHECK(badge_is_known(facts, receiving()).code == "BADGE_UNKNOWN");
    facts.person = PersonFacts{};
    CHECK(badge_is_known(facts, receiving()).code == "BADGE_NEEDS_PIN");
    facts.person->badge_is_enough = true;
    CHECK(badge_is_known(facts, receiving()).accepted());
    facts.person->is_locked = true;
    CHECK(badge_is_known(facts, receiving()).code == "BADGE_LOCKED");
    facts.intent = Intent::give_reason;
    facts.spoken = "checked";
    CHECK(badge_is_known(facts, receiving()).code == "BADGE_FIRST");
    facts.station_badge.badge = "A-1";
    CHECK(badge_is_known(facts, receiving()).code == "REASON");
    facts.spoken = "because";
    CHECK(badge_is_known(facts, receiving()).code == "REASON_UNKNOWN");
}
