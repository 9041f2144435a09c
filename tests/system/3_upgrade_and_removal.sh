# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The next package, and none.

step "upgrade"
rm -rf "$build/next"
dpkg-deb --raw-extract "$package" "$build/next"
sed -i 's/^Version: .*/&+next/' "$build/next/DEBIAN/control"
dpkg-deb --root-owner-group --build "$build/next" "$machine/root/wxcc-archive-next.deb" >/dev/null
edited=$(inside sha256sum $settings/config.json)
mark_rows
pid=$(property MainPID)
install_package /root/wxcc-archive-next.deb
check "the edited configuration was replaced" [ "$(inside sha256sum $settings/config.json)" = "$edited" ]
check "its rights were changed" [ "$(inside stat -c '%a %U:%G' $settings/config.json)" = "640 root:wxcc-archive" ]
await 30 "the state ok" healthy
check "the old program still runs" eval '! is MainPID "$pid"'
grows_on "the upgrade"

step "remove"
inside apt-get remove -q -y wxcc-archive >"$build/apt.log" 2>&1 || fail "apt cannot remove it: $(cat "$build/apt.log")"
check "the service still runs" eval '! inside pgrep -x wxcc-archive >/dev/null'
mark_rows
check "the archive went with the package" [ "$rows_then" -gt 0 ]
check "the configuration went with the package" inside test -e $settings/config.json

step "purge"
inside apt-get purge -q -y wxcc-archive >"$build/apt.log" 2>&1 || fail "apt cannot purge it: $(cat "$build/apt.log")"
check "the purge does not say where the archive is" grep -q "kept in $state" "$build/apt.log"
check "the archive was purged" [ "$(rows)" -eq "$rows_then" ]
check "the token was not purged" eval '! inside test -e $state/access_token.json'
check "the configuration was not purged" eval '! inside test -e $settings'
