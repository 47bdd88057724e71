#!/usr/bin/python3
"""Does a test notice when a rule changes? Changes one constant or comparison of one rule at a time
and runs test_rules: a change that no test notices survived, and is shown.

Texts are not changed, and the test that compares the page of the rules with them is not run: it
would notice the change of any word and say nothing about the rules.

The sources are not touched. They are rewritten elsewhere so that one program holds every change
(mutate.inc) and is run with one of them at a time. A change that is no difference at all has a
line in equivalent.txt with the reason, and is counted apart.

    mutate.py --build build/quick [--files 'rot*.cpp' need.cpp] [--sample 20] [--seed 1] [--list]
              [--control] [--keep FOLDER]
"""

import argparse
import concurrent.futures
import fnmatch
import json
import os
import pathlib
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
RULES = ROOT / "store" / "rules"
EQUIVALENT = pathlib.Path(__file__).with_name("equivalent.txt")
SECONDS_MAX = 3  # of the processor: a change may run for ever
MEGABYTES_MAX = 1000  # or eat all memory

# Operator -> (what it becomes, its function in mutate.inc, how tightly it binds).
OPERATORS = {"*": ("/", "mul", 6), "/": ("*", "div", 6), "%": (None, None, 6),
             "+": ("-", "add", 5), "-": ("+", "sub", 5), "<<": (None, None, 4),
             ">>": (None, None, 4), "<": ("<=", "lt", 3), "<=": ("<", "le", 3),
             ">": (">=", "gt", 3), ">=": (">", "ge", 3), "==": ("!=", "eq", 2),
             "!=": ("==", "ne", 2), "&&": ("||", None, 1), "||": ("&&", None, 0),
             "+=": ("-=", "add_to", None), "-=": ("+=", "take_from", None)}
# What clang-format leaves spaces around is an operator, and no template, stream or pointer.
OPERATOR = re.compile(r"(?<=[ \n])(<=|>=|==|!=|&&|\|\||\+=|-=|<<|>>|[-<>+*/%])(?=[ \n])")
VALUE = re.compile(r"(?<![\w.'])(true|false|0x[0-9a-fA-F']+U?|0b[01']+U?|\d[\d']*U?)(?![\w'.])")
CHOICE = re.compile(r"\b(OverrideClass|Decision)::(\w+)")
CHOICES = {"OverrideClass": ["never", "supervisor", "two_people", "operator_confirms"],
           "Decision": ["accept", "warn", "hold", "divert", "reject"]}
BREAK = re.compile(r"[;,?]| =(?=[ \n])|(?<!:):(?!:)|\b(?:return|case|else)\b")


@dataclass(frozen=True)
class Mutant:
    path: pathlib.Path
    start: int  # of the whole expression, in characters of the file
    at: int     # of what changes
    end: int    # of the whole expression
    before: str
    after: str

    def line(self) -> int:
        return self.path.read_text().count("\n", 0, self.at) + 1

    def code(self) -> str:
        return self.path.read_text().splitlines()[self.line() - 1].strip()

    def key(self) -> tuple[str, str, str, str]:
        return (self.path.name, self.before, self.after, self.code())

    def __str__(self) -> str:
        return (f"{self.path.relative_to(ROOT)}:{self.line()}: {self.before} -> {self.after}    "
                f"{self.code()}")


def without_texts(text: str) -> str:
    """The text with strings, characters and comments blanked, so that places stay."""
    def blank(match: re.Match) -> str:
        return re.sub(r"[^\n]", " " if match.group()[0] in "/#" else "_", match.group())
    return re.sub(r'"(\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(\\.|[^\'\\])\'|//[^\n]*|^#[^\n]*', blank,
                  text, flags=re.MULTILINE)


def brackets(text: str) -> dict[int, int]:
    """Each bracket's place -> its partner's."""
    pairs, open_ones = {}, []
    for place, char in enumerate(text):
        if char in "([{":
            open_ones.append(place)
        elif char in ")]}" and open_ones:
            pairs[place] = open_ones.pop()
            pairs[pairs[place]] = place
    return pairs


def stops(text: str) -> dict[int, tuple[int, int]]:
    """Where an operand may end: place -> (length, how tightly it binds; -1: not at all)."""
    found = {match.start(): (len(match.group()), -1) for match in BREAK.finditer(text)}
    for match in OPERATOR.finditer(text):
        tight = OPERATORS[match.group()][2]
        found[match.start()] = (len(match.group()), -1 if tight is None else tight)
    return found


def operands(text: str, at: int, pairs: dict, ends: dict) -> tuple[int, int]:
    """Start of the left and end of the right operand of the operator that stands at `at`."""
    length, tight = ends[at]
    start = at - 1
    while start >= 0:
        if text[start] in ")]}":
            start = pairs[start] - 1
            continue
        before = [(p, ends[p]) for p in range(max(0, start - 7), start + 1) if p in ends]
        stop = [p + size for p, (size, other) in before if p + size > start and other < tight]
        if text[start] in "([{" or stop:
            break
        start -= 1
    start += 1
    end = at + length
    while end < len(text) and text[end] not in ")]}":
        if text[end] in "([{":
            end = pairs[end] + 1
            continue
        if end in ends and ends[end][1] <= tight:
            break
        end += 1
    while text[start].isspace():
        start += 1
    while text[end - 1].isspace():
        end -= 1
    return start, end


def mutants_of(path: pathlib.Path) -> list[Mutant]:
    text = without_texts(path.read_text())
    pairs, ends = brackets(text), stops(text)
    found = []
    for match in OPERATOR.finditer(text):
        after, _, tight = OPERATORS[match.group()]
        if after is None:
            continue
        if tight is None:
            start = re.search(r"[\w.>\[\]-]+\s*$", text[:match.start()]).start()
            end = text.index(";", match.end())
            whole = text.find(")", match.end(), end) == -1 or text[match.end():end].count("(")
            if not whole:
                continue  # the head of a loop
        else:
            start, end = operands(text, match.start(), pairs, ends)
        found.append(Mutant(path, start, match.start(), end, match.group(), after))
    for match in VALUE.finditer(text):
        word = match.group()
        if text[match.end()] == ">":
            continue  # the size of an array, in its type
        after = {"true": "false", "false": "true"}.get(word)
        if after is None:
            after = str(int(word.rstrip("U").replace("'", ""), 0) + 1)
        found.append(Mutant(path, match.start(), match.start(), match.end(), word, after))
    for match in CHOICE.finditer(text):
        names = CHOICES[match.group(1)]
        if match.group(2) in names and not text[:match.start()].rstrip().endswith("case"):
            other = names[(names.index(match.group(2)) + 1) % len(names)]
            found.append(Mutant(path, match.start(), match.start(2), match.end(), match.group(2),
                                other))
    return sorted(found, key=lambda one: one.at)


def rewritten(path: pathlib.Path, numbered: list[tuple[int, Mutant]]) -> str:
    """The text of the file with every change in it, each behind its number."""
    text = path.read_text()
    puts = []  # (place, closing before opening, width, what, length of what it stands for)
    for number, one in numbered:
        width = one.end - one.start
        name = OPERATORS.get(one.before, (None, None, None))[1]
        if one.before in ("&&", "||"):
            is_and = one.before == "&&"
            head, tail = "((bool)(", f") : {'' if is_and else '!'}mutate::is<{number}>())"
            middle = f") {'!=' if is_and else '=='} mutate::is<{number}>() ? (bool)("
        elif name:
            head, middle, tail = f"mutate::{name}<{number}>(", ",", ")"
        elif "::" in text[one.start:one.end]:
            kind = text[one.start:one.at]
            head, middle, tail = f"mutate::choice<{number}>(", None, f", {kind}{one.after})"
        else:
            head, middle, tail = f"mutate::value<{number}>(", None, ")"
        puts.append((one.start, 1, -width, head, 0))
        puts.append((one.end, 0, width, tail, 0))
        if middle:
            puts.append((one.at, 2, 0, middle, len(one.before)))
    for place, _, _, what, length in sorted(puts, reverse=True):
        text = text[:place] + what + text[place + length:]
    return re.sub(r"\bconstexpr\b", "const", text)


def equivalents() -> dict[tuple[str, str, str, str], str]:
    """(file, before, after, line of code) -> why no test can notice it."""
    rows = {}
    for line in EQUIVALENT.read_text().splitlines() if EQUIVALENT.exists() else []:
        if line and not line.startswith("#"):
            name, before, after, code, why = (part.strip() for part in line.split("\t"))
            rows[(name, before, after, code)] = why
    return rows


class Program:
    """test_rules with every change in it."""

    def __init__(self, build: pathlib.Path, folder: pathlib.Path, jobs: int):
        self.build, self.folder, self.jobs = build, folder, jobs
        self.stopped = threading.Event()
        rows = json.loads((build / "compile_commands.json").read_text())
        self.compile = {row["file"]: shlex.split(row["command"]) for row in rows}
        shown = subprocess.run(["ninja", "-C", build, "-t", "commands", "bin/test_rules"],
                               capture_output=True, text=True, check=True).stdout
        link = shown.strip().splitlines()[-1]
        # CMake wraps the link: ": && c++ … -o bin/test_rules … && :"
        self.link = shlex.split(re.sub(r"^: && | && :.*$", "", link))
        self.headers = self.precompile()

    def command(self, like: str, source: pathlib.Path, out: pathlib.Path) -> list[str]:
        """How a file of the build is compiled, for another file: without sanitizers, which cost
        more than the rest; what reads beyond its array or looks into nothing ends all the same."""
        words = [word for word in self.compile[like]
                 if "ccache" not in word and not word.startswith(("-fsanitize", "-W"))]
        words[words.index("-o") + 1] = str(out)
        words[words.index(like)] = str(source)
        return words + ["-w", "-Wno-narrowing", "-g0", "-O0", "-U_FORTIFY_SOURCE",
                        "-D_GLIBCXX_ASSERTIONS"]

    def precompile(self) -> pathlib.Path:
        """What nearly all rules include, read once."""
        header = self.folder / "every.hpp"
        if pathlib.Path(f"{header}.gch").exists():
            return header
        names = sorted(path.name for path in RULES.glob("*.hpp"))
        header.write_text('#include "tests/mutate/mutate.inc"\n' +
                          "".join(f'#include "store/rules/{name}"\n' for name in names) +
                          "#include <fmt/format.h>\n#include <algorithm>\n#include <array>\n")
        words = self.command(str(RULES / "serial_is_new.cpp"), header,
                             pathlib.Path(f"{header}.gch"))
        words[words.index("-c"):words.index("-c")] = ["-x", "c++-header"]
        subprocess.run(words, cwd=self.build, check=True)
        return header

    def compiled(self, path: pathlib.Path, text: str) -> pathlib.Path | None:
        """None where it is no program: then the tests are linked with the file as it is. An object
        of the same text is taken as it is; a changed header wants a folder of its own."""
        source = self.folder / path.name
        out = source.with_suffix(".o")
        if out.exists() and source.read_text() == text:
            return out
        out.unlink(missing_ok=True)
        source.write_text(text)
        command = self.command(str(path), source, out) + ["-include", str(self.headers)]
        made = subprocess.run(command, cwd=self.build, capture_output=True, text=True)
        if made.returncode != 0:
            print(f"cannot be changed: {path.name}\n{made.stderr[:1500]}", flush=True)
            return None
        return out

    def linked(self, objects: list[pathlib.Path], name: str) -> pathlib.Path:
        """The tests with these objects in front of everything: of the library that holds the right
        ones, and of inline functions that look less closely."""
        program = self.folder / name
        link = list(self.link)
        link[link.index("-o") + 1] = str(program)
        first = next(i for i, word in enumerate(link) if word.endswith(".o"))
        link[first:first] = [str(one) for one in objects]
        if shutil.which("mold"):
            link.append("-fuse-ld=mold")
        subprocess.run(link, cwd=self.build, check=True)
        return program

    def end_of(self, program: pathlib.Path, number: int) -> str:
        """"killed", "survived", or "stopped" where nobody waits for it any more."""
        if self.stopped.is_set():
            return "stopped"
        said = dict(os.environ, LOTGATE_MUTANT=str(number),
                    ASAN_OPTIONS=f"detect_leaks=0:hard_rss_limit_mb={MEGABYTES_MAX}")
        done = subprocess.run(["prlimit", f"--cpu={SECONDS_MAX}", "--core=0", program, "--abort",
                               "~[docs]"], cwd=self.build, env=said, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
        return "survived" if done.returncode == 0 else "killed"

    def sites(self, program: pathlib.Path) -> set[int]:
        """The numbers of the changes that are in the program."""
        path = self.folder / "sites"
        subprocess.run([program, "--list-test-names-only"], stdout=subprocess.DEVNULL,
                       env=dict(os.environ, LOTGATE_MUTANTS_TO=str(path)))
        return {int(word) for word in path.read_text().split()}


def program_of(built: Program, mutants: list[Mutant]) -> pathlib.Path:
    texts = {}
    for path in sorted({one.path for one in mutants}):
        texts[path] = rewritten(path, [(number, one) for number, one in enumerate(mutants)
                                       if one.path == path])
    with concurrent.futures.ThreadPoolExecutor(built.jobs) as pool:
        made = list(pool.map(built.compiled, texts.keys(), texts.values()))
    return built.linked([one for one in made if one], "test_rules")


def control(built: Program) -> int:
    """Unchanged rules pass their tests; a rule that says nothing is noticed, and so is one change;
    a changed word of the page is not, which shows that the test of the page is not run."""
    path, page = RULES / "serial_is_new.cpp", RULES / "rules_page.cpp"
    head, body = path.read_text().split("const Attempt& attempt) {", 1)
    mute = head + "const Attempt& attempt) {\n    if (attempt.station != \"\\x01\") return {};" + body
    word = page.read_text().replace("# The rules of the site", "# The laws of the site")
    mutants = mutants_of(path)
    all_of_it = program_of(built, mutants)
    ends = {"unchanged": built.end_of(all_of_it, -1),
            "first change of serial_is_new": built.end_of(all_of_it, 0),
            "a rule that says nothing": built.end_of(
                built.linked([built.compiled(path, mute)], "mute"), -1),
            "a word of the page": built.end_of(
                built.linked([built.compiled(page, word)], "word"), -1)}
    print("; ".join(f"{what}: {end}" for what, end in ends.items()))
    good = list(ends.values()) == ["survived", "killed", "killed", "survived"]
    print(f"{int(good)} passed, {int(not good)} failed")
    return 0 if good else 1


def ends_of(built: Program, program: pathlib.Path, numbers: list[int]):
    """(number, end), in order. Interrupted, it lets what runs end and begins no more."""
    with concurrent.futures.ThreadPoolExecutor(built.jobs) as pool:
        ends = [pool.submit(built.end_of, program, number) for number in numbers]
        try:
            for number, end in zip(numbers, ends):
                yield number, end.result()
        finally:
            built.stopped.set()
            pool.shutdown(cancel_futures=True)


def report(built: Program, mutants: list[Mutant], numbers: list[int]) -> int:
    program = program_of(built, mutants)
    if built.end_of(program, -1) != "survived":
        print("the tests fail without any change:")
        subprocess.run([program, "~[docs]"], cwd=built.build)
        return 2
    there = built.sites(program)
    known = equivalents()
    counts = {"killed": 0, "survived": 0, "equivalent": 0}
    no_program = len([number for number in numbers if number not in there])
    try:
        for number, end in ends_of(built, program, [one for one in numbers if one in there]):
            if end == "survived" and mutants[number].key() in known:
                end = "equivalent"
            if end == "survived":
                print(f"survived  {mutants[number]}", flush=True)
            counts[end] += 1
    except KeyboardInterrupt:
        print("interrupted")  # what was tried until then is still told
    tried = sum(counts.values())
    judged = counts["killed"] + counts["survived"]
    share = 100 * counts["killed"] / judged if judged else 0
    print(f"{len(numbers)} changes: {no_program} no program, {tried} tried: {counts['killed']} "
          f"noticed, {counts['survived']} survived, {counts['equivalent']} are no difference")
    print(f"{counts['killed']} of {judged} were noticed ({share:.1f} %)")
    return 0 if counts["survived"] == 0 and tried + no_program == len(numbers) else 1


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "quick")
    words.add_argument("--sample", type=int, default=0, help="changes to try; 0: all")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--files", nargs="*", default=["*.cpp"], help="names of files of rules")
    words.add_argument("--jobs", type=int, default=2)
    words.add_argument("--keep", type=pathlib.Path, help="folder whose objects are used again")
    words.add_argument("--list", action="store_true")
    words.add_argument("--control", action="store_true")
    said = words.parse_args()
    paths = [path for path in sorted(RULES.glob("*.cpp")) if path.name != "rules_page.cpp" and
             any(fnmatch.fnmatch(path.name, pattern) for pattern in said.files)]
    mutants = [mutant for path in paths for mutant in mutants_of(path)]
    numbers = list(range(len(mutants)))
    if said.sample:
        numbers = sorted(random.Random(said.seed).sample(numbers, min(said.sample, len(numbers))))
    if said.list:
        print("\n".join(str(mutants[number]) for number in numbers))
        return 0
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.nice(19 - os.nice(0))
    with tempfile.TemporaryDirectory(prefix="lotgate-mutate-") as name:
        try:
            folder = said.keep.resolve() if said.keep else pathlib.Path(name)
            folder.mkdir(parents=True, exist_ok=True)
            built = Program(said.build.resolve(), folder, said.jobs)
            return control(built) if said.control else report(built, mutants, numbers)
        except KeyboardInterrupt:
            print("interrupted")
            return 130


if __name__ == "__main__":
    sys.exit(main())
