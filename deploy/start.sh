#!/bin/sh
# What a container runs: web, worker, release (migrations and entries), or any command of manage.py.
set -eu
cd /portal

mkdir -p "$VAR_DIR/static"
cp -R built/static/. "$VAR_DIR/static/"

case "${1:-web}" in
    web | worker) exec python manage.py serve --only "$1" ;;
    release)
        python manage.py migrate --noinput
        exec python manage.py load_entries
        ;;
    *) exec python manage.py "$@" ;;
esac
