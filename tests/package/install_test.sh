#!/usr/bin/env bash
# Installs the packages on this machine, runs the installed service, upgrades, removes and purges
# them. As root; refuses where lotgate is installed already. Needs no running systemd.
#   install_test.sh FOLDER OF PACKAGES
set -uo pipefail
packages=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
log=$(mktemp)
passed=0
failed=0

says() { judge 0 "$@"; }
denies() { judge 1 "$@"; }
judge() {
  local wanted=$1 what=$2 status=0; shift 2
  "$@" >"$log" 2>&1 || status=1
  if [ "$status" = "$wanted" ]; then passed=$((passed + 1)); printf 'ok      %s\n' "$what"
  else failed=$((failed + 1)); printf 'FAILED  %s\n' "$what"; sed 's/^/        /' "$log"; fi
}
apt() { DEBIAN_FRONTEND=noninteractive apt-get -y -q "$@"; }
mode_is() { [ "$(stat -c '%a %U' "$2")" = "$1" ]; }
holds() { grep -q -- "$1" "$2"; }
# Services are started by people, after naming the site.
not_enabled() { [ ! -e /etc/systemd/system/multi-user.target.wants/lotgate.service ]; }
runs_service() { "$here/service_test.py" /lib/systemd/system/lotgate.service --user lotgate; }

[ "$(id -u)" = 0 ] || { echo "install_test: run it as root" >&2; exit 2; }
if dpkg-query -W -f '${db:Status-Status}\n' lotgate 2>/dev/null | grep -qx installed ||
    [ -e /var/lib/lotgate/lotgate.db ]; then
  echo "install_test: lotgate is installed here, or its ledger is; use another machine" >&2
  exit 2
fi

says "the packages install with what they depend on" apt install "$packages"/lotgate*_*.deb
says "the site's user exists and may open serial ports" sh -c 'id -nG lotgate | grep -qw dialout'
says "the ledger's folder is the site's" mode_is "750 lotgate" /var/lib/lotgate
says "secrets are root's alone" mode_is "700 root" /etc/lotgate/secrets
says "nothing starts before the site is named" not_enabled
says "the configuration is good" \
  runuser -u lotgate -- lotgated --check-config --config /etc/lotgate/lotgate.toml
says "the unit is accepted where it is installed" \
  systemd-analyze verify --man=no --recursive-errors=yes /lib/systemd/system/lotgate.service
says "the hub's unit is accepted where it is installed" \
  systemd-analyze verify --man=no --recursive-errors=yes /lib/systemd/system/lotgate-hub.service
says "systemd enables it" systemctl --root=/ enable lotgate.service
says "manuals are there" man -w lotgated lotgate lotgate-hub lotgate-sim
denies "the edge program does not know PostgreSQL" sh -c 'ldd /usr/bin/lotgated | grep -q libpq'

# The folders systemd makes for the service.
install -d -o lotgate -g lotgate -m 750 /run/lotgate
sed -i 's/^id = .*/id = "TEST-1"/; s/^# listen = .*/listen = "127.0.0.1:0"/' /etc/lotgate/lotgate.toml
says "the installed service starts, beats, reloads, stops and survives a bad file" runs_service
says "its ledger is closed to others" mode_is "600 lotgate" /var/lib/lotgate/lotgate.db

says "an upgrade goes through" apt install --reinstall -o Dpkg::Options::=--force-confold \
  "$packages"/lotgate_*.deb
says "and keeps the site's configuration" holds 'id = "TEST-1"' /etc/lotgate/lotgate.toml
says "removal goes through" apt remove lotgate lotgate-hub lotgate-sim
denies "the program is gone" command -v lotgated
says "the configuration stays" holds 'id = "TEST-1"' /etc/lotgate/lotgate.toml
says "purge goes through" dpkg --purge lotgate lotgate-hub
denies "the configuration is gone" test -e /etc/lotgate
says "the ledger stays: it is evidence" test -s /var/lib/lotgate/lotgate.db

rm -rf /var/lib/lotgate /run/lotgate "$log"
rm -f /etc/systemd/system/multi-user.target.wants/lotgate.service
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
