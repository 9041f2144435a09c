# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# From the package to the first archived conversation.

step "install"
install_package /root/wxcc-archive.deb
check "the configuration is not of root and the group" [ "$(inside stat -c '%a %U:%G' $settings/config.json)" = "640 root:wxcc-archive" ]
check "the state folder has other rights" [ "$(inside stat -c '%a %U:%G' $state)" = "2750 wxcc-archive:wxcc-archive" ]
check "the installation started the service" is ActiveState inactive
findings=$(inside systemd-analyze verify --man=no wxcc-archive.service wxcc-archive@north.service 2>&1 || true)
check "systemd-analyze verify: $findings" [ -z "$findings" ]
inside useradd --groups wxcc-archive reader
inside useradd stranger

step "start it unedited"
check "a start without configuration worked" eval '! inside systemctl start $unit 2>/dev/null'
check "the exit status is $(property ExecMainStatus)" is ExecMainStatus 78
check "it was started again" is NRestarts 0
check "it is not failed but $(property ActiveState)" is ActiveState failed
check "the log does not name the key" log_says '"client_id" is missing'

step "configure, enable: it waits for a login"
callback=$((20000 + RANDOM % 20000))
inside mkdir /srv/simulator
inside systemd-run --quiet --unit=simulator -p StandardOutput=file:/srv/simulator/urls.json \
  /usr/local/bin/wxcc-simulator --port 0 --tasks 400 --days 10 --live-rate 600 --live-duration 2 --search-lag 0.5 --transcript-lag 0.5 \
  --auto-consent --redirect-uri "http://localhost:$callback/callback" --write-config /srv/simulator
await 20 "the start of the simulator" test -s "$machine/srv/simulator/urls.json"
control=$(sed 's/.*"control_url":"\([^"]*\)".*/\1/' "$machine/srv/simulator/urls.json")

# The simulator's configuration as an operator would write it: the secret apart, other members as given.
write_settings() { # FOLDER EXTRA-MEMBERS DELETED-KEYS
  sed -e "/$3/d" -e "s/^{/{ $2/" "$machine/srv/simulator/config.json" >"$build/config.json"
  # Into the file that is there, which keeps its owner and mode.
  cat "$build/config.json" >"$machine$1/config.json"
}
pace='"poll_interval": "1s", "settle": "1s", "requests_per_minute": 6000,'
sed -n 's/.*"client_secret": "\([^"]*\)".*/\1/p' "$machine/srv/simulator/config.json" >"$machine/srv/simulator/client_secret"
inside install -m 0600 -o wxcc-archive -g wxcc-archive /srv/simulator/client_secret $settings/client_secret
write_settings $settings "$pace \"client_secret_file\": \"client_secret\"," '"client_secret":\|"token_file"'
inside systemctl enable --quiet --now $unit
check "it is not active without a login" is ActiveState active
await 10 "the state needs-login" eval '[[ $(property StatusText) == needs-login:* ]]'
check "it was started again for want of a login" is NRestarts 0

step "log in: it goes on by itself"
check "root may log in for the service" eval '! inside wxcc-archive login </dev/null >"$build/root.txt" 2>&1'
check "it does not say how: $(cat "$build/root.txt")" grep -q 'sudo -u wxcc-archive' "$build/root.txt"
log_in
check "the token can be read by others" [ "$(inside stat -c '%a %U' $state/access_token.json)" = "600 wxcc-archive" ]
await 30 "the state ok" healthy
await 60 "archiving the backlog" grown 250
before=$(rows)
await 30 "archiving live chats" grown "$before"
check "it was started again" is NRestarts 0

step "readers"
check "a member of the group cannot ask for the status" as_user reader wxcc-archive --config $settings/config.json status >/dev/null
sed -i 's|^{|{ "log_file": "/var/log/wxcc-archive/service.log",|' "$machine$settings/config.json"
inside systemctl restart $unit
check "the log file is not written" inside test -s /var/log/wxcc-archive/service.log
check "a reader fails over the service's log file" as_user reader wxcc-archive --config $settings/config.json status >/dev/null
check "a stranger can read the archive" eval '! as_user stranger cat $state/archive.db >/dev/null 2>&1'
check "a reader can read the token" eval '! as_user reader cat $state/access_token.json >/dev/null 2>&1'
check "a reader can read the secret" eval '! as_user reader cat $settings/client_secret >/dev/null 2>&1'

step "another organisation: wxcc-archive@north, a service app with both secrets as credentials"
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
check "the instance's folder has other rights" [ "$(inside stat -c '%a %U:%G' $state/north)" = "2750 wxcc-archive:wxcc-archive" ]
inside systemctl disable --quiet --now wxcc-archive@north.service
