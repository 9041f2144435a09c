# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Upgrade, removal and purge of the package.

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
check "mode or owner of the configuration changed" [ "$(inside stat -c '%a %U:%G' $settings/config.json)" = "640 root:wxcc-archive" ]
await 30 "state ok" healthy
check "the old program still runs" eval '! is MainPID "$pid"'
grows_on "the upgrade"

step "remove"
inside apt-get remove -q -y wxcc-archive >"$build/apt.log" 2>&1 || fail "apt failed to remove the package: $(cat "$build/apt.log")"
check "the service still runs" eval '! inside pgrep -x wxcc-archive >/dev/null'
mark_rows
check "the archive was removed with the package" [ "$rows_then" -gt 0 ]
check "the configuration was removed with the package" inside test -e $settings/config.json

step "purge"
inside apt-get purge -q -y wxcc-archive >"$build/apt.log" 2>&1 || fail "apt failed to purge the package: $(cat "$build/apt.log")"
check "path of the archive missing in the output of the purge" grep -q "remains in $state" "$build/apt.log"
check "the archive was purged" [ "$(rows)" -eq "$rows_then" ]
check "the token was not purged" eval '! inside test -e $state/access_token.json'
check "the configuration was not purged" eval '! inside test -e $settings'
