#!/bin/sh
# A private PostgreSQL cluster in a directory of its own, on a Unix socket, for the demo and the
# tests: no TCP port, no system service. Works as root (it then runs as user postgres, which
# initdb demands) and as an ordinary user.
#
#   private_cluster.sh start DIR   makes it if need be, starts it, prints the connection string
#   private_cluster.sh stop DIR    stops it in order
#   private_cluster.sh kill DIR    stops it at once, as a crash would ("immediate")
#   private_cluster.sh url DIR     prints the connection string
set -eu

usage() { sed -n '2,9p' "$0" | sed 's/^# \{0,1\}//' >&2; exit 2; }
[ $# -eq 2 ] || usage
verb=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)

bin=${LOTGATE_PG_BIN:-}
if [ -z "$bin" ]; then
  for candidate in /usr/lib/postgresql/*/bin; do
    [ -x "$candidate/initdb" ] && bin=$candidate
  done
fi
[ -n "$bin" ] || { echo "PostgreSQL is not installed: apt-get install postgresql" >&2; exit 1; }

as_owner() {
  if [ "$(id -u)" = 0 ]; then (cd / && exec runuser -u postgres -- "$@"); else "$@"; fi
}

# The owner must reach the directory; nobody else needs to read it.
[ "$(id -u)" != 0 ] || chmod a+x "$dir"

# Below a directory that only root may enter (a checkout in /root) user postgres reaches nothing: the
# cluster is then kept in /var/tmp, and a file in DIR says where. Without that file what lies there
# is of another life and goes.
if [ "$(id -u)" = 0 ] && ! as_owner test -x "$dir"; then
  said=$dir/elsewhere
  dir=/var/tmp/lotgate-pg-$(printf '%s' "$dir" | cksum | cut -d ' ' -f 1)
  if [ ! -e "$said" ]; then
    [ ! -e "$dir/pgdata/postmaster.pid" ] ||
      as_owner "$bin/pg_ctl" -D "$dir/pgdata" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$dir"
    mkdir -m 711 "$dir"
    printf '%s\n' "$dir" >"$said"
  fi
  [ -O "$dir" ] || { echo "$dir is not root's: remove it" >&2; exit 1; }
fi

# The name of a Unix socket is at most 107 bytes long.
socket=$dir/pg
if [ ${#socket} -gt 85 ]; then
  echo "The directory's name is too long for a Unix socket: $dir" >&2
  exit 1
fi

url() { echo "host=$socket port=5432 user=lotgate dbname=lotgate"; }

make_cluster() {
  mkdir -p "$dir/pg" "$dir/pgdata"
  chmod 700 "$dir/pgdata"
  if [ "$(id -u)" = 0 ]; then
    chown postgres "$dir/pg" "$dir/pgdata"
  fi
  as_owner "$bin/initdb" -D "$dir/pgdata" -U lotgate -A trust -E UTF8 --locale=C.UTF-8 \
    --no-instructions >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; exit 1; }
  # Only the socket; durable as a real one is (fsync stays on).
  printf '%s\n' "listen_addresses = ''" "unix_socket_directories = '$socket'" \
    "unix_socket_permissions = 0700" "max_connections = 40" "shared_buffers = 64MB" \
    "log_min_messages = warning" | as_owner tee -a "$dir/pgdata/postgresql.conf" >/dev/null
}

start() {
  [ -f "$dir/pgdata/PG_VERSION" ] || make_cluster
  if ! as_owner "$bin/pg_ctl" -D "$dir/pgdata" status >/dev/null 2>&1; then
    as_owner "$bin/pg_ctl" -D "$dir/pgdata" -w -t 60 -l "$dir/pg/log" start >/dev/null </dev/null || {
      as_owner tail -n 20 "$dir/pg/log" >&2
      exit 1
    }
  fi
  if ! "$bin/psql" "$(url)" -c '' >/dev/null 2>&1; then
    "$bin/createdb" -h "$socket" -U lotgate lotgate
  fi
  url
}

case $verb in
  start) start ;;
  stop) as_owner "$bin/pg_ctl" -D "$dir/pgdata" -m fast -w stop >/dev/null ;;
  kill) as_owner "$bin/pg_ctl" -D "$dir/pgdata" -m immediate -w stop >/dev/null ;;
  url) url ;;
  *) usage ;;
esac
