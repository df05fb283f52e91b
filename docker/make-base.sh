#!/usr/bin/env bash
# Makes a base image for docker/Dockerfile without any registry: a minimal Debian with the packages
# that the Dockerfile wants, and a small Java runtime cut from the JDK of this machine.
#
#   docker/make-base.sh [--force] [NAME]     NAME is halab-base:17 if not given
#
# Needs root (debootstrap makes device nodes and works in a chroot), debootstrap, a JDK 17 or newer
# and a Debian mirror: the one that apt uses here, or else debootstrap's own choice. An image of the
# same recipe (this script, the packages, the Java version) is left as it is; --force makes it anew.
set -euo pipefail

say() { printf '%s\n' "make-base: $*" >&2; }
die() { local code=$1; shift; say "$*"; exit "$code"; }
need() { command -v "$1" >/dev/null || die 78 "no $1 found; $2"; }

suite=bookworm
# jdk.crypto.ec, java.naming: TLS of gRPC; jdk.unsupported: Netty, protobuf; jdk.management: status;
# java.sql: engine and clients; java.security.jgss: PostgreSQL's driver.
modules=java.base,java.logging,java.management,java.naming,java.security.jgss,java.sql,java.xml
modules=$modules,jdk.crypto.ec,jdk.management,jdk.unsupported

force=
name=halab-base:17
for word in "$@"; do
  case $word in
    --force) force=1 ;;
    -*) die 64 "usage: make-base.sh [--force] [NAME]" ;;
    *) name=$word ;;
  esac
done

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
need docker "install Docker (Debian: docker.io)"
timeout 20 docker version --format '{{.Server.Version}}' >/dev/null 2>&1 ||
  die 78 "no Docker engine answers; start it, or let this user use it"
if [ -n "${JAVA_HOME:-}" ]; then
  jdk=$JAVA_HOME
else
  need java "install a JDK 17 or newer, or set JAVA_HOME"
  jdk=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
fi
[ -x "$jdk/bin/jlink" ] || die 78 "$jdk has no bin/jlink; set JAVA_HOME to a full JDK 17 or newer"
version=$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$jdk/release" 2>/dev/null || true)
[ "${version%%[.+-]*}" -ge 17 ] 2>/dev/null ||
  die 78 "$jdk is Java ${version:-of unknown version}; set JAVA_HOME to a JDK 17 or newer"
packages=$(sed -n 's/^ARG PACKAGES="\(.*\)"/\1/p' "$here/Dockerfile")
[ -n "$packages" ] || die 70 "no line ARG PACKAGES in $here/Dockerfile"

recipe=$({ cat "${BASH_SOURCE[0]}"; printf '%s\n' "$packages" "$version"; } | sha256sum | cut -c 1-16)
has=$(docker image inspect -f '{{index .Config.Labels "halab.recipe"}}' "$name" 2>/dev/null || true)
if [ -z "$force" ] && [ "$has" = "$recipe" ]; then
  say "$name is there already"
  exit 0
fi

[ "$(id -u)" = 0 ] || die 78 "needs root for debootstrap; run it with sudo"
need debootstrap "install it (Debian, Ubuntu: apt-get install debootstrap)"

work=$(mktemp -d "${TMPDIR:-/var/tmp}/halab-base.XXXXXX")
# One file system: should a mount be left in there, nothing behind it is touched.
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT TERM HUP
start=$SECONDS

# apt's mirror and proxy. Empty, also where apt is of another distribution: debootstrap's default.
mirror=$(apt-get indextargets --format '$(SITE)' 'Origin: Debian' 'Label: Debian' \
  'Component: main' 'Identifier: Packages' 2>/dev/null | head -n 1 || true)
proxy=
eval "$(apt-config shell proxy Acquire::http::Proxy 2>/dev/null || true)"
if [ -n "$proxy" ] && [ "$proxy" != DIRECT ]; then export http_proxy=$proxy; fi

step() { # title, command; what the command said is shown only if it fails
  say "$1"
  "${@:2}" >"$work/log" 2>&1 || {
    tail -n 10 "$work/log" >&2
    die 78 "failed: $1"
  }
}

# In a mount namespace of its own, so that no mount is left whatever ends this.
step "Debian $suite by debootstrap" unshare --mount debootstrap --variant=minbase --include="${packages// /,}" \
  "$suite" "$work/root" ${mirror:+"$mirror"}

mkdir -p "$work/root/opt"
step "Java $version by jlink" "$jdk/bin/jlink" --add-modules "$modules" --strip-debug \
  --no-header-files --no-man-pages --compress=2 --output "$work/root/opt/java"
# The class archive of the image builds on this one.
step "Java's own class archive" "$work/root/opt/java/bin/java" -Xshare:dump

# Neither lists nor documents; licences stay.
rm -rf "$work/root"/var/lib/apt/lists/* "$work/root"/var/cache/apt/* "$work/root"/var/log/* \
  "$work/root"/usr/share/{man,info,locale,lintian}/*
find "$work/root/usr/share/doc" -mindepth 1 ! -type d ! -name copyright -delete
find "$work/root/usr/share/doc" -mindepth 1 -type d -empty -delete

image=$(tar -C "$work/root" --numeric-owner -c . | docker import \
  -c 'ENV JAVA_HOME=/opt/java' \
  -c 'ENV PATH=/opt/java/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
  -c 'CMD ["bash"]' \
  -c "LABEL halab.base=1 halab.recipe=$recipe halab.java=$version" \
  -)
# A JDK of a newer system than this Debian may want a newer C library.
if ! said=$(docker run --rm --network none "$image" java -Xshare:on -version 2>&1); then
  docker image rm "$image" >/dev/null
  die 78 "this JDK does not run on Debian $suite: $(head -n 1 <<<"$said")"
fi
docker tag "$image" "$name"
size=$(docker image inspect -f '{{.Size}}' "$name")
say "$name: $((size / 1000000)) MB, made in $((SECONDS - start)) s"
