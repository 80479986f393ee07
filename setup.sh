#!/bin/sh
# Set-up steps for the Makefile. Missing programs are reported in one sentence with the command that installs them.
set -eu
cd "$(dirname "$0")"

stop() {
    echo "$*" >&2
    exit 1
}

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; }

find_python() {
    missing="Python 3.11 to 3.14 is needed; ${PYTHON:-python3} is missing or another version. Debian and Ubuntu:
sudo apt install python3 python3-venv. For a Python elsewhere: make PYTHON=/path/to/python3.12 ..."
    for python in ${PYTHON:-python3.14 python3.13 python3.12 python3.11 python3}; do
        fits "$python" || continue
        if "$python" -c 'import venv, ensurepip' 2>/dev/null; then
            echo "$python"
            return
        fi
        missing="$python has no venv module. On Debian and Ubuntu: sudo apt install $(basename "$python")-venv"
    done
    stop "$missing"
}

check_node() {
    hint="On Debian and Ubuntu: sudo apt install nodejs npm"
    command -v node >/dev/null || stop "Node 18.18 or newer is needed but not installed. $hint"
    npm --version >/dev/null 2>&1 || stop "npm, Node's package manager, is needed but does not run. $hint"
    node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 18 || (a === 18 && b >= 18) ? 0 : 1)' ||
        stop "Node 18.18 or newer is needed, but node is $(node --version)."
}

install_python() {
    check_node # before the slow part
    if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        python=$(find_python)
        echo "Making .venv with $("$python" --version) ..."
        rm -rf .venv
        "$python" -m venv .venv || stop "$python could not create .venv: see the lines above."
    fi
    echo "Installing the Python packages of $1; the first time takes a minute or two ..."
    pip --require-hashes --no-deps -r requirements-build.lock -r "$1" ||
        stop "The Python packages could not be installed: check the network, then run the same command again."
    pip --no-deps --no-build-isolation --editable . || stop "PoseCoach itself could not be installed into .venv."
}

# Callers add --no-deps: the locks are complete, and mediapipe's own dependency would overwrite the headless OpenCV.
pip() { .venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check --no-input "$@"; }

install_node() {
    check_node
    echo "Installing the packages of the page ..."
    npm ci --silent "$@" ||
        stop "The npm packages could not be installed: check the network; 'npm ci' shows details."
    npm run --silent vendor
}

install_browser() {
    for name in chromium chromium-browser google-chrome; do
        if command -v "$name" >/dev/null; then return; fi
    done
    echo "Downloading a Chromium for the browser tests ..."
    .venv/bin/playwright install chromium >/dev/null 2>&1 ||
        echo "No Chromium could be installed, so the browser tests will be skipped: sudo apt install chromium"
}

lock() {
    [ -x build/lock/bin/uv ] || {
        "$(find_python)" -m venv build/lock
        build/lock/bin/python -m pip install --quiet --quiet uv
    }
    compile requirements.lock pyproject.toml
    compile requirements-dev.lock pyproject.toml --group dev
    compile requirements-build.lock --group build
    compile deploy/requirements.lock pyproject.toml --extra postgresql --extra redis
    npm install --package-lock-only
}

compile() {
    build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-annotate --no-header --no-emit-package opencv-contrib-python --output-file "$@"
}

case "${1:-}" in
    python) install_python "$2" ;;
    node) shift && install_node "$@" ;;
    browser) install_browser ;;
    lock) lock ;;
    *) stop "usage: ./setup.sh python LOCK | node [NPM OPTIONS] | browser | lock" ;;
esac
