#!/bin/sh
# Yearly on day 1 of the month: once a year, or twelve times?
#
# Rule: FREQ=YEARLY;BYMONTHDAY=1;COUNT=3 from 2026-01-05. The table of RFC 5545, section 3.3.10,
# says that BYMONTHDAY expands a year; no month is named.
#
# Versions: python-dateutil 4.0.0; npm rrule 2.8.1, rrule-rust 3.1.1, rrule-temporal 2.2.8,
# ical.js 2.2.1.
# Expected (written down after the first run): the first of each month, everywhere.
# Seen: ical.js, which calendar programs use, takes the month from the start: 1 January of each
# year. The others have the first of each month.
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
rule='FREQ=YEARLY;BYMONTHDAY=1;COUNT=3' day=2026-01-05
python/bin/python dateutil_dates.py "$rule" "$day" > seen
node all.mjs "$rule" "$day" >> seen
cat seen
diff seen - <<'EXPECTED'
python-dateutil: 2026-02-01 2026-03-01 2026-04-01
rrule: 2026-02-01 2026-03-01 2026-04-01
rrule-rust: 2026-02-01 2026-03-01 2026-04-01
rrule-temporal: 2026-02-01 2026-03-01 2026-04-01
ical.js: 2027-01-01 2028-01-01 2029-01-01
EXPECTED
