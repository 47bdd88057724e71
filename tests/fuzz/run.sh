#!/bin/sh
# Runs every barcode fuzzer for the given number of seconds, one after the other, at low priority.
#   tests/fuzz/run.sh [SECONDS [BIN_DIR]]
# New inputs go to the build folder; the readable corpus in the tree is only read. Ends with the
# first finding, whose input libFuzzer leaves beside the corpus.
set -eu
seconds=${1:-60}
here=$(cd "$(dirname "$0")" && pwd)
bin=${2:-$here/../../build/fuzz/bin}
for target in element_string digital_link hibc iso15434 any_scan dictionary; do
    work="$bin/../fuzz-$target"
    mkdir -p "$work"
    echo "fuzz_$target: $seconds s"
    nice -n 15 "$bin/fuzz_$target" -max_total_time="$seconds" -max_len=2048 -timeout=5 \
        -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$work/" \
        "$work" "$here/corpus/$target" 2>"$work/log" ||
        { tail -40 "$work/log"; exit 1; }
    grep -E "stat::(number_of_executed_units|new_units_added)" "$work/log"
done
