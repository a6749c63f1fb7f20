#!/bin/sh
# build.sh TARGET: in the project's folder with all dependencies installed, makes what the image is put together of: TARGET/app (the
# package as npm packs it, with production dependencies only and the list of them), TARGET/bin (the command), TARGET/data (empty).
set -eu
target=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

mkdir -p "$target/app" "$target/bin" "$target/data"
npm pack --pack-destination "$scratch" >/dev/null
tar -xzf "$scratch"/chart-promoter-*.tgz -C "$target/app" --strip-components=1
ln -s /app/bin/chart-promoter.js "$target/bin/chart-promoter"
sh deploy/sbom.sh --omit=optional >"$target/app/sbom.cdx.json"

cp package-lock.json .npmrc "$target/app"
cd "$target/app"
npm ci --ignore-scripts --omit=dev --omit=optional --no-audit --no-fund
rm package-lock.json .npmrc
# Nothing of this is read by the running program. Licences stay.
find node_modules -type f \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.md' \) \
  ! -iname 'licen[cs]e*' ! -iname 'notice*' -delete
# Packages' own tests, and what the Bare runtime (not Node) would load of `bare-*`.
find node_modules -type d \( -name test -o -name tests -o -name benchmark -o -name benchmarks -o -name prebuilds \) -prune |
  while read -r folder; do
    case $folder in
    */bare-*/prebuilds) ;;
    */prebuilds) continue ;;
    *) [ -f "$folder/../package.json" ] || continue ;;
    esac
    rm -rf "$folder"
  done
