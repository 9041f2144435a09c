# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# From the installation of the package to the first archived conversation.

step "install"
install_package /root/wxcc-archive.deb
check "unexpected mode or owner of config.json" [ "$(inside stat -c '%a %U:%G' $settings/config.json)" = "640 root:wxcc-archive" ]
check "unexpected mode or owner of the state directory" [ "$(inside stat -c '%a %U:%G' $state)" = "2750 wxcc-archive:wxcc-archive" ]
check "the service was started by the installation" is ActiveState inactive
findings=$(inside systemd-analyze verify --man=no wxcc-archive.service wxcc-archive@north.service 2>&1 || true)
check "systemd-analyze verify: $findings" [ -z "$findings" ]
inside useradd --groups wxcc-archive reader
inside useradd stranger

step "start without configuration"
check "the start succeeded" eval '! inside systemctl start $unit 2>/dev/null'
check "exit status $(property ExecMainStatus)" is ExecMainStatus 78
check "restarted" is NRestarts 0
check "state $(property ActiveState)" is ActiveState failed
check "key missing in the journal" log_says '"client_id" is missing'

step "configure, enable: needs-login"
callback=$((20000 + RANDOM % 20000))
inside mkdir /srv/simulator
inside systemd-run --quiet --unit=simulator -p StandardOutput=file:/srv/simulator/urls.json \
  /usr/local/bin/wxcc-simulator --port 0 --tasks 400 --days 10 --live-rate 600 --live-duration 2 --search-lag 0.5 --transcript-lag 0.5 \
  --auto-consent --redirect-uri "http://localhost:$callback/callback" --write-config /srv/simulator
await 20 "start of the simulator" test -s "$machine/srv/simulator/urls.json"
control=$(sed 's/.*"control_url":"\([^"]*\)".*/\1/' "$machine/srv/simulator/urls.json")

# The simulator's configuration with the secret in a file and further members.
write_settings() { # DIRECTORY EXTRA-MEMBERS DELETED-KEYS
  sed -e "/$3/d" -e "s/^{/{ $2/" "$machine/srv/simulator/config.json" >"$build/config.json"
  # The existing file keeps its owner and mode.
  cat "$build/config.json" >"$machine$1/config.json"
}
pace='"poll_interval": "1s", "settle": "1s", "requests_per_minute": 6000,'
sed -n 's/.*"client_secret": "\([^"]*\)".*/\1/p' "$machine/srv/simulator/config.json" >"$machine/srv/simulator/client_secret"
inside install -m 0600 -o wxcc-archive -g wxcc-archive /srv/simulator/client_secret $settings/client_secret
write_settings $settings "$pace \"client_secret_file\": \"client_secret\"," '"client_secret":\|"token_file"'
inside systemctl enable --quiet --now $unit
check "not active without a login" is ActiveState active
await 10 "state needs-login" eval '[[ $(property StatusText) == needs-login:* ]]'
check "restarted without a login" is NRestarts 0

step "log in: the service continues without a restart"
check "root could log in for the service" eval '! inside wxcc-archive login </dev/null >"$build/root.txt" 2>&1'
check "no hint in: $(cat "$build/root.txt")" grep -q 'sudo -u wxcc-archive' "$build/root.txt"
log_in
check "unexpected mode or owner of the token file" [ "$(inside stat -c '%a %U' $state/access_token.json)" = "600 wxcc-archive" ]
await 30 "state ok" healthy
await 60 "archiving of the backlog" grown 250
before=$(rows)
await 30 "archiving of live tasks" grown "$before"
check "restarted" is NRestarts 0

step "readers"
check "status failed for a member of the group" as_user reader wxcc-archive --config $settings/config.json status >/dev/null
sed -i 's|^{|{ "log_file": "/var/log/wxcc-archive/service.log",|' "$machine$settings/config.json"
inside systemctl restart $unit
check "log file missing or empty" inside test -s /var/log/wxcc-archive/service.log
check "status of a reader failed because of the log file" as_user reader wxcc-archive --config $settings/config.json status >/dev/null
check "a stranger can read the archive" eval '! as_user stranger cat $state/archive.db >/dev/null 2>&1'
check "a reader can read the token" eval '! as_user reader cat $state/access_token.json >/dev/null 2>&1'
check "a reader can read the secret" eval '! as_user reader cat $settings/client_secret >/dev/null 2>&1'

step "second organisation: wxcc-archive@north, a service app with both secrets as credentials"
inside install -d -m 0750 -o root -g wxcc-archive $settings/north
inside install -m 0640 -o root -g wxcc-archive /dev/null $settings/north/config.json
sed -n 's/.*"refresh_token": "\([^"]*\)".*/\1/p' "$machine/srv/simulator/access_token.json" >"$machine/srv/simulator/refresh_token"
inside install -d -m 0700 /etc/credstore
for secret in client_secret refresh_token; do
  inside install -m 0400 "/srv/simulator/$secret" "/etc/credstore/wxcc-archive.north.$secret"
done
write_settings $settings/north "$pace \"auth_method\": \"service_app\"," '"client_secret"\|"token_file"\|"auth_method"'
inside systemctl enable --quiet --now wxcc-archive@north.service
await 60 "archiving by wxcc-archive@north" grown 100 north/
check "unexpected mode or owner of the instance's directory" [ "$(inside stat -c '%a %U:%G' $state/north)" = "2750 wxcc-archive:wxcc-archive" ]
inside systemctl disable --quiet --now wxcc-archive@north.service
