# Sourced by the other scripts, which set $root: what they need before they can build.
# shellcheck shell=sh

fail() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit 1
}

# Swift 6.2 or later.
require_swift() {
  how='get Swift 6.2 or later from https://www.swift.org/install (or with swiftly: swiftly install latest)'
  command -v swift >/dev/null 2>&1 || fail "'swift' was not found: $how"
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p')
  major=${version%%.*}
  minor=${version#*.}
  if [ "${major:-0}" -lt 6 ] || { [ "$major" -eq 6 ] && [ "${minor:-0}" -lt 2 ]; }; then
    fail "Swift ${version:-of an unknown version} is too old: $how"
  fi
}

# The C libraries, looked for by their headers so that other systems than Debian work too.
require_libraries() {
  missing=
  has_header readline/readline.h || missing="$missing libreadline-dev"
  has_header oneapi/dnnl/dnnl.h || missing="$missing libdnnl-dev"
  has_header cmark.h || missing="$missing libcmark-dev"
  has_header sqlite3.h || missing="$missing libsqlite3-dev"
  # Only pictures in files need it; a terminal's do not.
  command -v gnuplot >/dev/null 2>&1 || missing="$missing gnuplot-nox"
  [ -z "$missing" ] && return
  command -v apt-get >/dev/null 2>&1 ||
    fail "GNU readline, oneDNN, cmark and SQLite are needed with their headers, and gnuplot (on Debian:$missing)"
  if [ "$(id -u)" -eq 0 ]; then
    as_root=
  elif sudo -n true 2>/dev/null; then
    as_root=sudo
  else
    fail "missing packages; install them with: sudo apt-get update && sudo apt-get install -y$missing"
  fi
  printf 'installing%s …\n' "$missing" >&2
  # shellcheck disable=SC2086  # the words of $missing are packages
  { $as_root apt-get update && $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends $missing; } >&2 ||
    fail "could not install$missing"
}

has_header() {
  for folder in /usr/include /usr/include/*-linux-gnu /usr/local/include; do
    [ -e "$folder/$1" ] && return
  done
  return 1
}

# build NAME COMMAND…: runs COMMAND with its output in .build/NAME.log. The output goes to standard
# error when COMMAND takes longer than a few seconds, or fails.
build() {
  log="$root/.build/$1.log"
  shift
  mkdir -p "$root/.build"
  : >"$log"
  (
    sleep 3 </dev/null >/dev/null 2>&1
    echo 'building gfn (the first time takes some minutes) …' >&2
    exec tail -n +1 -f "$log" >&2
  ) &
  watcher=$!
  trap 'kill "$watcher" 2>/dev/null' EXIT
  started=$(date +%s)
  if "$@" </dev/null >"$log" 2>&1; then built=true; else built=false; fi
  kill "$watcher" 2>/dev/null
  wait "$watcher" 2>/dev/null || :
  trap - EXIT
  "$built" && return
  if [ "$(($(date +%s) - started))" -lt 3 ]; then cat "$log" >&2; else tail -n 20 "$log" >&2; fi
  fail "the build failed; all of its output is in $log"
}
