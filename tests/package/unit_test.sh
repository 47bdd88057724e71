#!/usr/bin/env bash
# The units as systemd reads them, in a scratch root: they are accepted whole, their exposure stays
# under the limit, and users and folders come out as meant. Each check has a broken copy that must
# fail. Needs systemd's tools, not a running systemd, and no root.
#   unit_test.sh [FOLDER OF UNITS]
set -uo pipefail
units=${1:-$(cd "$(dirname "$0")/../../systemd" && pwd)}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
passed=0
failed=0

# says "what" COMMAND…: the command must succeed. denies: it must not.
says() { local what=$1; shift; judge "$what" 0 "$@"; }
denies() { local what=$1; shift; judge "$what" 1 "$@"; }
judge() {
  local what=$1 wanted=$2 status=0; shift 2
  "$@" >"$root/out" 2>&1 || status=1
  if [ "$status" = "$wanted" ]; then passed=$((passed + 1)); printf 'ok      %s\n' "$what"
  else failed=$((failed + 1)); printf 'FAILED  %s\n' "$what"; sed 's/^/        /' "$root/out"; fi
}

make_root() {
  rm -rf "$root/fs"
  mkdir -p "$root/fs/usr/bin" "$root/fs/usr/sbin" "$root/fs/usr/lib/systemd" "$root/fs/etc" \
    "$root/fs/usr/lib/sysusers.d" "$root/fs/usr/lib/tmpfiles.d"
  ln -s usr/lib "$root/fs/lib"; ln -s usr/bin "$root/fs/bin"; ln -s usr/sbin "$root/fs/sbin"
  cp -r /lib/systemd/system "$root/fs/usr/lib/systemd/"
  local program
  # systemd only looks whether they are there and may be run.
  for program in lotgated lotgate lotgate-hub kill; do
    printf '#!/bin/sh\n' >"$root/fs/usr/bin/$program"; chmod 755 "$root/fs/usr/bin/$program"
  done
  cp "$units"/*.service "$units"/*.timer "$root/fs/usr/lib/systemd/system/"
  cp "$units"/lotgate.sysusers "$root/fs/usr/lib/sysusers.d/lotgate.conf"
  cp "$units"/lotgate-hub.sysusers "$root/fs/usr/lib/sysusers.d/lotgate-hub.conf"
  cp "$units"/lotgate.tmpfiles "$root/fs/usr/lib/tmpfiles.d/lotgate.conf"
  printf 'dialout:x:20:\n' >"$root/fs/etc/group"
}

unit_file() { printf '%s/fs/usr/lib/systemd/system/%s' "$root" "$1"; }
# Without --recursive-errors=yes a misspelled key is only a warning and the status is 0.
verify() { systemd-analyze verify --root="$root/fs" --man=no --recursive-errors=yes "$1"; }
# Exposure at most 1.5 of 10 ("OK"); mosquitto as shipped has 9.6.
secure() { systemd-analyze security --offline=true --no-pager --threshold=15 "$(unit_file "$1")"; }
broken() { make_root; sed -i "$2" "$(unit_file "$1")"; }

make_root
says "the timer of the archive is accepted without a warning" verify lotgate-archive.timer
for unit in lotgate.service lotgate-archive.service lotgate-hub.service; do
  says "$unit is accepted without a warning" verify "$unit"
  says "$unit exposes no more than 1.5" secure "$unit"
done

broken lotgate.service 's/^WatchdogSec=/WatchdogSecs=/'
denies "a misspelled key is noticed" verify lotgate.service
broken lotgate.service 's/^RestartPreventExitStatus=.*/RestartPreventExitStatus=never/'
denies "a value of the wrong kind is noticed" verify lotgate.service
broken lotgate.service 's/^SystemCallFilter=@system-service/SystemCallFilter=@sistem-service/'
denies "a misspelled group of system calls is noticed" verify lotgate.service
make_root; rm "$root/fs/usr/bin/lotgated"
denies "a missing program is noticed" verify lotgate.service
broken lotgate.service '/^SystemCallFilter=/d'
denies "a unit with no filter of system calls is too exposed" secure lotgate.service
broken lotgate.service '/^ProtectSystem=/d'
denies "a unit that may write the system is too exposed" secure lotgate.service

make_root
# It only complains about a line it cannot read, with status 0.
make_users() { systemd-sysusers --root="$root/fs" 2>&1 | tee "$root/told" && ! grep -q '\.conf:[0-9]' "$root/told"; }
holds() { grep -q "$1" "$2"; }
mode_is() { [ "$(stat -c %a "$root/fs/$2")" = "$1" ]; }
says "the users are made" make_users
says "the site's user may open serial ports" holds '^dialout:.*lotgate' "$root/fs/etc/group"
says "nobody logs in as the site" holds '^lotgate:.*/usr/sbin/nologin$' "$root/fs/etc/passwd"
if [ "$(id -u)" = 0 ]; then
  says "the folders are made" systemd-tmpfiles --root="$root/fs" --create lotgate.conf
  says "the ledger's folder is closed to others" mode_is 750 var/lib/lotgate
  says "secrets are root's alone" mode_is 700 etc/lotgate/secrets
fi
printf 'user lotgate -\n' >"$root/fs/usr/lib/sysusers.d/lotgate.conf"
denies "a wrong line for a user is noticed" make_users

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
