#!/bin/sh
# Announces a chart to chart-promoter with the command line that it serves itself. Needs a shell, curl, sha256sum and Node 20
# or newer. Environment:
#   PROMOTER_URL, PUBLISHER, PUBLISH_SECRET      where, as whom
#   PROMOTER_SHA256                              optional: the checksum that the command line must have; else the served one
# Arguments: those of `chart-promoter publish`; empty ones are left out together with the option before them.
set -eu

tool=$(mktemp -d)
trap 'rm -rf "$tool"' EXIT

fetch() {
    curl --fail --silent --show-error --max-time 60 --retry 5 --retry-connrefused \
        --output "$tool/$1" "${PROMOTER_URL%/}/cli/$1"
}

fetch chart-promoter.mjs
if [ -n "${PROMOTER_SHA256:-}" ]; then
    echo "$PROMOTER_SHA256  chart-promoter.mjs" > "$tool/chart-promoter.mjs.sha256"
else
    fetch chart-promoter.mjs.sha256
fi
(cd "$tool" && sha256sum --check --status chart-promoter.mjs.sha256) || {
    echo "The command line from $PROMOTER_URL does not have the checksum that it should have; nothing is announced." >&2
    exit 1
}

count=$#
while [ "$count" -gt 0 ]; do
    option=$1
    value=${2:-}
    shift 2
    count=$((count - 2))
    [ -z "$value" ] || set -- "$@" "$option" "$value"
done
node "$tool/chart-promoter.mjs" publish --server "$PROMOTER_URL" --publisher "$PUBLISHER" "$@"
