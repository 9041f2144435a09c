# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Events of a running service. The archive must grow after each.

# Remembers the number of archived conversations for grows_on.
mark_rows() { rows_then=$(rows); }
grows_on() { await 60 "further archiving after $1" grown "$rows_then"; }

step "reload"
mark_rows
pid=$(property MainPID)
sed -i 's/^{/{ "log_level": "debug",/' "$machine$settings/config.json"
inside systemctl reload $unit
await 10 "reload" log_says 'reload: configuration applied'
grows_on "a reload"
in_journal() { [ -n "$(inside journalctl --quiet -o cat -u $unit "$1")" ]; }
await 10 "journal entry with a field" in_journal WXCC_ACTIVITY=poll
mark_rows
cp -p "$machine$settings/config.json" "$build/good.json"
echo '{ "poll_interval": "often" }' >"$machine$settings/config.json"
inside systemctl reload $unit
await 10 "rejection of an invalid configuration" log_says 'reload: configuration rejected.*"poll_interval"'
grows_on "an invalid configuration"
cat "$build/good.json" >"$machine$settings/config.json"
inside systemctl reload $unit
await 30 "state ok" healthy
check "the process ended at a reload" is MainPID "$pid"

step "stop under load, start"
mark_rows
began=$(date +%s%3N)
inside systemctl stop $unit
took=$(($(date +%s%3N) - began))
check "the stop took $took ms" [ "$took" -lt 5000 ]
check "the stop ended with $(property Result)" is Result success
check "a reader failed to read the archive of a stopped service" [ "$(rows)" -ge "$rows_then" ]
began=$(date +%s%3N)
inside systemctl start $unit
measured="stopped under load in $took ms, started in $(($(date +%s%3N) - began)) ms"
grows_on "a stop"
measured+=", $(($(inside ps -o rss= -p "$(property MainPID)") / 1024)) MiB resident"

step "kill -9"
mark_rows
pid=$(property MainPID)
inside systemctl kill --signal=KILL $unit
restarted() { [ "$(property NRestarts)" -gt "${1:-0}" ] && is ActiveState active && ! is MainPID "$pid"; }
await 40 "restart after a crash" restarted
grows_on "a crash"
check "the archive is corrupt" [ "$(as_user reader sqlite3 -readonly $state/archive.db 'PRAGMA integrity_check')" = ok ]

step "a hang: the watchdog, set by a drop-in"
inside install -d /etc/systemd/system/$unit.d
printf '[Service]\nWatchdogSec=3s\nRestartSec=1s\n' >"$machine/etc/systemd/system/$unit.d/local.conf"
inside systemctl daemon-reload
inside systemctl restart $unit
await 30 "state ok" healthy
mark_rows
pid=$(property MainPID)
count=$(property NRestarts)
inside systemctl kill --signal=STOP $unit
await 40 "restart after a hang" restarted "$count"
check "watchdog missing in the journal" log_says "Failed with result 'watchdog'"
grows_on "a hang"

step "a revoked login, and a new one"
count=$(property NRestarts)
pid=$(property MainPID)
curl -fsS -o /dev/null -d refresh "$control/revoke"
curl -fsS -o /dev/null -d access "$control/revoke"
await 60 "state needs-login" eval '[[ $(property StatusText) == needs-login:* ]]'
mark_rows
log_in
await 30 "state ok" healthy
# Rejected requests for transcripts are repeated with a growing backoff, also across a login.
await 150 "further archiving after the new login" grown "$rows_then"
check "restarted" is NRestarts "$count"
check "the process changed" is MainPID "$pid"

step "an extract by a timer, as a member of the group"
inside install -d -o reader /srv/extracts
inside systemd-run --quiet --unit=extract --uid=reader --on-active=1s --timer-property=AccuracySec=100ms -p SuccessExitStatus=4 \
  /usr/bin/wxcc-archive --archive $state/archive.db report --last 2d --output /srv/extracts/extract.xlsx
await 60 "extract" test -s "$machine/srv/extracts/extract.xlsx"
check "the extract is no workbook" python3 -c 'import sys, zipfile; sys.exit(zipfile.ZipFile(sys.argv[1]).testzip() is not None)' "$machine/srv/extracts/extract.xlsx"
