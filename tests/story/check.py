"""The closing table: what the devices and the cloud saw, beside what the daemon says. A number
counts only where both sides agree.
"""

import collections
import json

from story import LANE_DEFAULT, LANE_EXCEPTION, Story


class Table:
    def __init__(self):
        self.rows: list[tuple[str, str, str, bool]] = []

    def add(self, name: str, seen, told, holds: bool) -> None:
        self.rows.append((name, str(seen), str(told), holds))

    def same(self, name: str, seen, told) -> None:
        self.add(name, seen, told, seen == told)

    @property
    def wrong(self) -> int:
        return sum(not holds for *_, holds in self.rows)

    def text(self) -> str:
        head = ("", "devices and cloud saw", "must be / daemon says")
        widths = [max(len(str(r[i])) for r in [head, *self.rows]) for i in range(3)]
        lines = []
        for name, seen, told, mark in [(*head, None), *self.rows]:
            sign = "" if mark is None else "ok" if mark else "WRONG"
            lines.append(f"  {name:<{widths[0]}}  {seen:>{widths[1]}}  {told:>{widths[2]}}  {sign}")
        return "\n".join(lines)


def hub_decisions(story: Story) -> collections.Counter:
    """Decisions by code, from the events in the cloud's database: each event's body carries the
    verdict it was decided with."""
    rows = story.site.sql(
        "select coalesce(convert_from(body, 'UTF8')::jsonb #>> '{verdict,code}', ''), "
        "convert_from(body, 'UTF8')::jsonb #>> '{verdict,decision}', count(*) "
        "from event where convert_from(body, 'UTF8')::jsonb ? 'verdict' group by 1, 2")
    counts: collections.Counter = collections.Counter()
    for code, decision, number in rows:
        counts["ACCEPT" if decision == "accept" else code] += int(number)
    return counts


def closing_table(story: Story) -> Table:
    table = Table()
    site = story.site
    summary = site.cli("status")
    report = story.sim.do("report")

    answered = sum(n for code, n in story.seen.items() if code != "(no answer)")
    cartons = sum(story.lanes.values())
    decided = hub_decisions(story)
    told_at_belts = cartons  # every carton on a belt is one more decision
    events = site.sql("select count(*), coalesce(max(seq), 0), count(distinct seq) from event")[0]
    count, highest, distinct = (int(n) for n in events)

    reads = answered + told_at_belts
    table.add("reads", reads, sum(decided.values()),
              reads <= sum(decided.values()) <= reads + story.seen["(no answer)"])
    for code in sorted(set(story.seen) - {"ACCEPT", "REREAD", "(no answer)"}):
        at_hub = decided[code]
        expected_at_belt = belts_expect(story)[code]
        table.same(f"refused {code}", story.seen[code] + expected_at_belt, at_hub)

    printed = {p: story.label_files(p) for p in ("P1", "P2")}
    labels = [story.sscc_on(f) for files in printed.values() for f in files]
    table.same("labels on the printers' rolls", len(labels), len(story.orders))
    table.same("  different cartons on them", len(set(labels)), len(story.orders))
    states = effects_by_state(story, "print")
    table.same("labels verified, in the ledger", states["verified"], len(story.orders))
    table.same("labels in doubt", states["in_doubt"] + states["failed"], 0)

    for lane in sorted(story.lanes):
        name = {LANE_EXCEPTION: "exception lane", LANE_DEFAULT: "default lane (late)"}.get(
            lane, f"lane {lane}")
        table.same(f"cartons to {name}", story.lanes[lane], lanes_of(report)[lane])
    diverts = effects_by_state(story, "divert")
    table.same("diverts confirmed", sum(n for lane, n in story.lanes.items()
                                        if lane != LANE_DEFAULT), diverts["confirmed"])
    table.same("diverts late", story.lanes[LANE_DEFAULT], diverts["late"])

    head = find(summary, "head")
    table.same("events in the cloud", count, head)
    table.same("  lost (gaps)", highest - distinct, 0)
    table.same("  twice", count - distinct, 0)
    twice = site.sql("select count(*) from (select request_id from event where request_id <> '' "
                     "group by request_id having count(*) > 1) as again")[0][0]
    table.same("  requests decided twice", int(twice), 0)
    chain = site.hub_run("verify", "ATL-3")
    table.add("the cloud's copy of the chain", chain.strip().splitlines()[-1], "whole",
              "ok" in chain.lower())
    table.same("steps that went wrong", len(story.wrong), 0)
    return table


def belts_expect(story: Story) -> collections.Counter:
    """Refusals that only belts see: they have no lamp, so the story counts what it put on them."""
    return collections.Counter({"NOREAD": 1, "RECALLED_LOT": 1})


def lanes_of(report: dict) -> collections.Counter:
    """Cartons by lane, as the PLCs' photo-eyes counted them."""
    lanes: collections.Counter = collections.Counter()
    for device in report["devices"].values():
        for index, number in enumerate(device.get("confirmed_by_lane") or []):
            lanes[index + 1] += number
    return lanes


def effects_by_state(story: Story, kind: str) -> collections.Counter:
    """The last word on each effect, from the events in the cloud's database."""
    rows = story.site.sql(
        "select distinct on (id) id, state from (select convert_from(body, 'UTF8')::jsonb ->> "
        "'effect_id' as id, convert_from(body, 'UTF8')::jsonb ->> 'state' as state, "
        "convert_from(body, 'UTF8')::jsonb ->> 'effect' as kind, seq from event "
        f"where kind = 'effect_reported') as r where kind = '{kind}' order by id, seq desc")
    return collections.Counter(state for _, state in rows)


def find(value, key):
    """The first value of that name anywhere in a JSON answer."""
    if isinstance(value, dict):
        if key in value:
            return value[key]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            found = find(item, key)
            if found is not None:
                return found
    return None


def explain(story: Story) -> str:
    return json.dumps({"seen": dict(story.seen), "lanes": dict(story.lanes)}, indent=1)
