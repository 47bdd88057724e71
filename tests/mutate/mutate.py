#!/usr/bin/python3
"""Does a test notice when a rule changes? Changes one constant or comparison of one rule at a time,
builds test_rules with it and runs it: a change that no test notices survived, and is shown.

The sources are not touched: the changed file is compiled elsewhere and linked in front of the
library that holds the right one.

    mutate.py --build build/dev [--sample 20] [--seed 1] [--only serial_is_new] [--list] [--control]
"""

import argparse
import concurrent.futures
import json
import pathlib
import random
import re
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
RULES = ROOT / "store" / "rules"
SECONDS_MAX = 300

# What clang-format leaves spaces around is an operator, and no template or stream.
SWAPS = [(" <= ", " < "), (" >= ", " > "), (" < ", " <= "), (" > ", " >= "), (" == ", " != "),
         (" != ", " == "), (" && ", " || "), (" || ", " && "), (" + ", " - "), (" - ", " + ")]
WORDS = re.compile(r"\b(true|false|\d+)\b")


@dataclass(frozen=True)
class Mutant:
    path: pathlib.Path
    line: int      # from 1
    column: int    # from 0
    before: str
    after: str

    def text(self) -> str:
        lines = self.path.read_text().splitlines(keepends=True)
        line = lines[self.line - 1]
        end = self.column + len(self.before)
        assert line[self.column:end] == self.before, self
        lines[self.line - 1] = line[:self.column] + self.after + line[end:]
        return "".join(lines)

    def __str__(self) -> str:
        line = self.path.read_text().splitlines()[self.line - 1].strip()
        return (f"{self.path.relative_to(ROOT)}:{self.line}: {self.before.strip()} -> "
                f"{self.after.strip()}    {line}")


def without_texts(line: str) -> str:
    """The line with strings, characters and its comment blanked, so that columns stay."""
    def blank(match: re.Match) -> str:
        return " " * len(match.group())
    line = re.sub(r'"(\\.|[^"\\])*"|\'(\\.|[^\'\\])*\'', blank, line)
    return re.sub(r"//.*", blank, line)


def mutants_of(path: pathlib.Path) -> list[Mutant]:
    found = []
    for number, raw in enumerate(path.read_text().splitlines(), 1):
        if raw.lstrip().startswith(("#", "//", "template", "using ", "namespace ")):
            continue
        line = without_texts(raw)
        for before, after in SWAPS:
            found += [Mutant(path, number, match.start(), before, after)
                      for match in re.finditer(re.escape(before), line)]
        for match in WORDS.finditer(line):
            word = match.group()
            other = {"true": "false", "false": "true"}.get(word) or str(int(word) + 1)
            found.append(Mutant(path, number, match.start(), word, other))
    return found


class Builder:
    """Compiles one changed file and links the tests with it."""

    def __init__(self, build: pathlib.Path):
        self.build = build
        rows = json.loads((build / "compile_commands.json").read_text())
        self.compile = {row["file"]: shlex.split(row["command"]) for row in rows}
        shown = subprocess.run(["ninja", "-C", build, "-t", "commands", "bin/test_rules"],
                               capture_output=True, text=True, check=True).stdout
        link = shown.strip().splitlines()[-1]
        # CMake wraps the link: ": && c++ … -o bin/test_rules … && :"
        self.link = shlex.split(re.sub(r"^: && | && :.*$", "", link))

    def run(self, path: pathlib.Path, text: str) -> str:
        """"killed", "survived" or "no program"."""
        with tempfile.TemporaryDirectory(prefix="lotgate-mutate-") as folder:
            source = pathlib.Path(folder) / path.name
            source.write_text(text)
            words = self.compile[str(path)]
            command = [word for word in words if word != "ccache" and "/ccache" not in word]
            command[command.index("-o") + 1] = f"{folder}/it.o"
            command[command.index(str(path))] = str(source)
            made = subprocess.run(command, cwd=self.build, capture_output=True)
            if made.returncode != 0:
                return "no program"
            program = f"{folder}/test_rules"
            link = list(self.link)
            link[link.index("-o") + 1] = program
            link.insert(link.index("-o"), f"{folder}/it.o")
            made = subprocess.run(link, cwd=self.build, capture_output=True, text=True)
            if made.returncode != 0:
                raise RuntimeError(made.stderr[-2000:])
            try:
                done = subprocess.run([program], cwd=self.build, capture_output=True,
                                      timeout=SECONDS_MAX)
            except subprocess.TimeoutExpired:
                return "killed"
            return "survived" if done.returncode == 0 else "killed"


def control(builder: Builder) -> int:
    """An unchanged rule passes its tests; a rule that says nothing is noticed."""
    path = RULES / "serial_is_new.cpp"
    text = path.read_text()
    head, body = text.split("const Attempt& attempt) {", 1)
    mute = head + "const Attempt& attempt) {\n    if (attempt.station != \"\\x01\") return {};" + body
    same, changed = builder.run(path, text), builder.run(path, mute)
    print(f"unchanged: {same}; a rule that says nothing: {changed}")
    good = (same, changed) == ("survived", "killed")
    print(f"{int(good)} passed, {int(not good)} failed")
    return 0 if good else 1


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "dev")
    words.add_argument("--sample", type=int, default=20, help="changes to try; 0: all")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--only", default="", help="files whose name holds this")
    words.add_argument("--jobs", type=int, default=2)
    words.add_argument("--list", action="store_true")
    words.add_argument("--control", action="store_true")
    said = words.parse_args()
    paths = sorted(path for path in RULES.glob("*.cpp") if said.only in path.stem)
    mutants = [mutant for path in paths for mutant in mutants_of(path)]
    if said.list:
        print("\n".join(map(str, mutants)))
        return 0
    builder = Builder(said.build.resolve())
    if said.control:
        return control(builder)
    if said.sample:
        random.Random(said.seed).shuffle(mutants)
        mutants = mutants[:said.sample]
    counts = {"killed": 0, "survived": 0, "no program": 0}
    with concurrent.futures.ThreadPoolExecutor(said.jobs) as pool:
        for mutant, end in zip(mutants, pool.map(
                lambda one: builder.run(one.path, one.text()), mutants)):
            counts[end] += 1
            if end == "survived":
                print(f"survived  {mutant}", flush=True)
    tried = counts["killed"] + counts["survived"]
    share = 100 * counts["killed"] / tried if tried else 0
    print(f"{counts['killed']} of {tried} changes were noticed ({share:.0f} %), seed {said.seed}; "
          f"{counts['no program']} were no program")
    return 0 if counts["survived"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
