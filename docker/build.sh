#!/usr/bin/env bash
# Builds the image of the hosts, and before it whatever is missing: the distribution, a base image.
#
#   docker/build.sh [--base NAME] [--tag NAME]
#
# --tag NAME    name of the image; else $HALAB_IMAGE, else halab:latest
# --base NAME   base image; else $BASE_IMAGE, else the Dockerfile's if it is here or can be pulled,
#               else one that make-base.sh makes (needs root and debootstrap, no registry)
#
# An image of the same content is left as it is, so calling this again costs a second.
set -euo pipefail

say() { printf '%s\n' "build: $*" >&2; }
die() { local code=$1; shift; say "$*"; exit "$code"; }

own_base=halab-base:17
pull_seconds=60

base=${BASE_IMAGE:-}
tag=${HALAB_IMAGE:-halab:latest}
while [ $# -gt 0 ]; do
  case $1 in
    --base=?*) base=${1#*=} ;;
    --tag=?*) tag=${1#*=} ;;
    --base | --tag)
      [ -n "${2:-}" ] || die 64 "$1 needs the name of an image"
      if [ "$1" = --base ]; then base=$2; else tag=$2; fi
      shift
      ;;
    *) die 64 "usage: build.sh [--base NAME] [--tag NAME]" ;;
  esac
  shift
done

label() { docker image inspect -f "{{index .Config.Labels \"$2\"}}" "$1" 2>/dev/null || true; }
here() { docker image inspect "$1" >/dev/null 2>&1; }

command -v docker >/dev/null || die 78 "no docker found; install Docker (Debian: docker.io)"
timeout 20 docker version --format '{{.Server.Version}}' >/dev/null 2>&1 ||
  die 78 "no Docker engine answers; start it, or let this user use it"

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# The launcher builds when the distribution is missing or older than the sources.
./halab --version >/dev/null || die $? "no distribution; see above"

sources=$(find admin-cli/target/halab/lib scenarios docker/bin docker/libexec docker/Dockerfile \
  docker/make-base.sh .dockerignore -type f | LC_ALL=C sort | xargs sha256sum | sha256sum |
  cut -c 1-16)
if [ "$(label "$tag" halab.sources)" = "$sources" ] &&
  { [ -z "$base" ] || [ "$(label "$tag" halab.base)" = "$base" ]; }; then
  say "$tag is there already"
  exit 0
fi

if [ -z "$base" ]; then
  base=$(sed -n 's/^ARG BASE_IMAGE=//p' docker/Dockerfile)
  if ! here "$base"; then
    # Once made, our own base is preferred to asking a registry again.
    if here "$own_base" || ! timeout "$pull_seconds" docker pull -q "$base" >/dev/null 2>&1; then
      here "$own_base" || say "$base cannot be had; making $own_base instead"
      base=$own_base
      docker/make-base.sh "$base" || die $? "no base image; name one with --base"
    fi
  fi
fi

# Where there is no BuildKit, the classic builder must be asked for, or the client complains.
docker buildx version >/dev/null 2>&1 || export DOCKER_BUILDKIT=0
log=$(mktemp "${TMPDIR:-/tmp}/halab-build.XXXXXX")
trap 'rm -f "$log"' EXIT
say "building $tag on $base"
start=$SECONDS
docker build -f docker/Dockerfile --build-arg BASE_IMAGE="$base" -t "$tag" \
  --label halab.sources="$sources" --label halab.base="$base" . >"$log" 2>&1 || {
  tail -n 30 "$log" >&2
  die 70 "docker build failed"
}
# What this build left behind or replaced, and nothing that a container uses.
docker image prune -f --filter label=halab.image=1 >/dev/null 2>&1 || true
size=$(docker image inspect -f '{{.Size}}' "$tag")
say "$tag: $((size / 1000000)) MB, built in $((SECONDS - start)) s"
