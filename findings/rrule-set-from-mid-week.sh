#!/bin/sh
# A rule by sets of a week, from the middle of a week: whose first set is it?
#
# Rule: FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1;COUNT=3 from Wednesday 2026-01-07, "the first of
# Monday, Wednesday and Friday of each week". RFC 5545 applies BYSETPOS to the set of one interval
# of the frequency, so to that of a week.
#
# Versions: python-dateutil 4.0.0; npm rrule 2.8.1, rrule-rust 3.1.1, rrule-temporal 2.2.8,
# ical.js 2.2.1.
# Expected (written down after the first run): two readings: a week's set begins at the start of the rule (7 January), or at the start
# of the week (12 January).
# Seen: three readings. python-dateutil, rrule and rrule-rust cut the first week's set at the
# start; rrule-temporal does not; ical.js has no BYSETPOS with WEEKLY and gives each of the days.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet python-dateutil==4.0.0
npm install --silent --no-audit --no-fund rrule@2.8.1 rrule-rust@3.1.1 rrule-temporal@2.2.8 ical.js@2.2.1
cat > dateutil_dates.py <<'PY'
import datetime as dt
import sys
from dateutil.rrule import rrulestr

rule, day = sys.argv[1:]
start = dt.datetime.fromisoformat(day + "T09:00")
print("python-dateutil:", *(str(one.date()) for one in rrulestr(rule, dtstart=start)))
PY
cat > all.mjs <<'JS'
import rrule from 'rrule';
import rust from 'rrule-rust';
import * as temporal from 'rrule-temporal';
import ICAL from 'ical.js';
const [rule, day] = process.argv.slice(2);
const text = `DTSTART:${day.replaceAll('-', '')}T090000Z\nRRULE:${rule}`;
const two = (n) => String(n).padStart(2, '0');
const show = (name, dates) => console.log(`${name}: ${dates.join(' ')}`);
show('rrule', rrule.rrulestr(text).all().map((d) => d.toISOString().slice(0, 10)));
show('rrule-rust', rust.RRuleSet.fromString(text).all().map((d) => {
  const p = d.toPlain();
  return `${p.year}-${two(p.month)}-${two(p.day)}`;
}));
show('rrule-temporal', new temporal.RRuleTemporal({ rruleString: text }).all().map((d) => d.toString().slice(0, 10)));
const found = [];
const all = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromString(`${day}T09:00:00`));
for (let next = all.next(); next && found.length < 9; next = all.next()) found.push(next.toString().slice(0, 10));
show('ical.js', found);
JS
rule='FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1;COUNT=3' day=2026-01-07
python/bin/python dateutil_dates.py "$rule" "$day" > seen
node all.mjs "$rule" "$day" >> seen
cat seen
diff seen - <<'EXPECTED'
python-dateutil: 2026-01-07 2026-01-12 2026-01-19
rrule: 2026-01-07 2026-01-12 2026-01-19
rrule-rust: 2026-01-07 2026-01-12 2026-01-19
rrule-temporal: 2026-01-12 2026-01-19 2026-01-26
ical.js: 2026-01-07 2026-01-09 2026-01-12
EXPECTED
