#!/bin/sh
# sbom.sh [OPTION…]: in the project's folder, prints the bill of materials (CycloneDX) of what is installed with the package;
# options are those of `npm sbom`. `npm sbom --omit=dev` alone also leaves out what development and the program both need, so
# development's own dependencies are taken out first.
set -eu
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp package.json package-lock.json .npmrc "$scratch"
cd "$scratch"
npm pkg delete devDependencies
npm install --package-lock-only --ignore-scripts --offline --no-audit --no-fund --loglevel=error >&2
npm sbom --package-lock-only --sbom-format=cyclonedx "$@"
