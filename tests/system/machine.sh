# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A container with Debian 12 and its own systemd: created once by debootstrap, copied for each run. Sourced by run.

base=$build/base # created by debootstrap, with the downloaded packages that the programs need
machine=$build/machine
container= # process id of systemd-nspawn
leader=    # process id of the container's systemd on the host

# Runs a program in the container; --all joins every namespace, also that of control groups.
inside() { nsenter --target "$leader" --all -- /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }

# Waits until a command succeeds; "await SECONDS EVENT COMMAND...".
await() {
  local seconds=$1 event=$2 until
  shift 2
  until=$((SECONDS + seconds))
  until "$@"; do
    [ "$SECONDS" -lt "$until" ] || fail "$event: not within $seconds s"
    sleep 0.2
  done
}

bootstrap() {
  rm -rf "$base"
  debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,ca-certificates,sqlite3,procps,init-system-helpers,tzdata \
    bookworm "$base" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$build/debootstrap.log" 2>&1 || {
    tail -n 20 "$build/debootstrap.log" >&2
    fail "debootstrap failed"
  }
  : >"$base/bootstrapped"
}

make_base() {
  local package=$1 libraries
  [ ! -e "$base/made" ] || return 0
  step "create a Debian 12 (once)"
  [ -e "$base/bootstrapped" ] || bootstrap
  # The libraries of the simulator and, in the cache of apt, the dependencies of the package.
  mapfile -t libraries < <(ldd "$programs/wxcc-simulator" | awk '$3 ~ /^\// { print $3 }' | xargs realpath | xargs dpkg -S 2>/dev/null | cut -d : -f 1 | sort -u)
  cp "$package" "$base/tmp/wxcc-archive.deb"
  chroot "$base" env DEBIAN_FRONTEND=noninteractive sh -c 'apt-get update -q && apt-get install -q -y --no-install-recommends "$@" &&
    apt-get install -q -y --no-install-recommends --download-only /tmp/wxcc-archive.deb' sh "${libraries[@]}" >"$build/base.log" 2>&1 || {
    tail -n 20 "$build/base.log" >&2
    fail "the libraries could not be installed"
  }
  rm "$base/tmp/wxcc-archive.deb"
  : >"$base/made"
}

boot() {
  rm -rf "$machine"
  cp -a --reflink=auto "$base" "$machine"
  rm -f "$machine/etc/machine-id"
  # The resolver of the host, for apt.
  cp -L /etc/resolv.conf "$machine/etc/resolv.conf"
  systemd-nspawn --quiet --directory="$machine" --machine="wxcc-$$" --register=no --keep-unit --resolv-conf=off \
    --boot >"$build/console.log" 2>&1 </dev/null &
  container=$!
  await 30 "start of the container" find_leader
  await 60 "start of systemd" booted
}

find_leader() {
  kill -0 "$container" 2>/dev/null || fail "systemd-nspawn ended; see $build/console.log"
  leader=$(pgrep -P "$container" -x systemd)
}

booted() {
  case $(inside systemctl is-system-running 2>/dev/null) in
    running | degraded) ;;
    *) return 1 ;;
  esac
}

# SIGRTMIN+4 is systemd's order to power off.
halt() {
  [ -z "$container" ] || ! kill -0 "$container" 2>/dev/null || {
    if [ -n "$leader" ]; then kill -s SIGRTMIN+4 "$leader" 2>/dev/null; else kill "$container"; fi
    for _ in $(seq 100); do
      kill -0 "$container" 2>/dev/null || break
      sleep 0.2
    done
    kill -KILL "$container" 2>/dev/null
    wait "$container" 2>/dev/null
  } || true
}
