#!/usr/bin/env bash
# The reference configuration and the example sites, as they are and with every option uncommented,
# are good; a check changes nothing; what is wrong is found.
#   config_test.sh LOTGATED FOLDER OF CONFIGURATIONS
set -uo pipefail
lotgated=$1
configs=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0
failed=0

check() { "$lotgated" --check-config --config "$1"; }
# expect "what" STATUS [TEXT] COMMAND…: its exit status, and a text it must say.
expect() {
  local what=$1 wanted=$2 text=$3 status; shift 3
  "$@" >"$scratch/out" 2>&1; status=$?
  if [ "$status" = "$wanted" ] && { [ -z "$text" ] || grep -qF -- "$text" "$scratch/out"; }; then
    passed=$((passed + 1)); printf 'ok      %s\n' "$what"
  else
    failed=$((failed + 1)); printf 'FAILED  %s (exit %s)\n' "$what" "$status"
    sed 's/^/        /' "$scratch/out"
  fi
}
uncommented() { sed 's/^# //' "$1"; }

for file in "$configs"/lotgate.toml "$configs"/examples/*.toml; do
  [ -e "$file" ] || continue
  name=$(basename "$file")
  expect "$name is good" 0 "no problems" check "$file"
  mkdir "$scratch/all"
  uncommented "$file" >"$scratch/all/$name"
  expect "$name is good with every option uncommented" 0 "no problems" check "$scratch/all/$name"
  rm -r "$scratch/all"
done

mkdir "$scratch/wrong"
uncommented "$configs/lotgate.toml" | sed 's/^listen = /lissten = /' >"$scratch/wrong/lotgate.toml"
expect "a misspelled option is named, with the line and the word that was meant" 78 \
  'lotgate.toml:' check "$scratch/wrong/lotgate.toml"
expect "the right spelling is offered" 78 '"listen"' check "$scratch/wrong/lotgate.toml"
uncommented "$configs/lotgate.toml" | sed 's/printer = "P1"/printer = "P7"/' \
  >"$scratch/wrong/lotgate.toml"
expect "a device that is not there is named" 78 '"P7"' check "$scratch/wrong/lotgate.toml"
sed 's/^id = .*/id = "two words"/' "$configs/lotgate.toml" >"$scratch/wrong/lotgate.toml"
expect "a site's name that no topic can carry is refused" 78 'id' \
  check "$scratch/wrong/lotgate.toml"
expect "a file that is not there is one sentence" 78 'cannot be read' check "$scratch/none.toml"

mkdir "$scratch/site"
sed "s|^# path = .*|path = \"$scratch/site/lotgate.db\"|" "$configs/lotgate.toml" \
  >"$scratch/site/lotgate.toml"
before=$(cd "$scratch/site" && ls -la --time-style=full-iso && sha256sum -- *)
expect "a check is quick to say yes" 0 "no problems" check "$scratch/site/lotgate.toml"
after=$(cd "$scratch/site" && ls -la --time-style=full-iso && sha256sum -- *)
expect "and leaves no trace" 0 "" [ "$before" = "$after" ]

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
