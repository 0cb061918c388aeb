#!/bin/sh
# The weekend of week 52 is in January in some years: rules by week number skip it.
#
# Rule: FREQ=YEARLY;BYWEEKNO=52;BYDAY=SA,SU;COUNT=4 from Saturday 2011-01-01. By ISO 8601 that day
# and the next are in week 52 of 2010 (`date.isocalendar()` of Python says so).
#
# Versions: python-dateutil 4.0.0; npm rrule 2.8.1, rrule-rust 3.1.1, rrule-temporal 2.2.8,
# ical.js 2.2.1.
# Expected (written down after the first run): python-dateutil skips them (its pull request 1537 says why), and rrule, which was made
# after it; rrule-rust and rrule-temporal have them.
# Seen: none of the five has 2 January 2011. ical.js does not filter by the week's number here: it
# gives each weekend from the 8th on.
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
rule='FREQ=YEARLY;BYWEEKNO=52;BYDAY=SA,SU;COUNT=4' day=2011-01-01
python/bin/python dateutil_dates.py "$rule" "$day" > seen
node all.mjs "$rule" "$day" >> seen
cat seen
diff seen - <<'EXPECTED'
python-dateutil: 2011-12-31 2012-01-01 2012-12-29 2012-12-30
rrule: 2011-12-31 2012-01-01 2012-12-29 2012-12-30
rrule-rust: 2011-12-31 2012-01-01 2012-12-29 2012-12-30
rrule-temporal: 2011-12-31 2012-01-01 2012-12-29 2012-12-30
ical.js: 2011-01-08 2011-01-09 2011-01-15 2011-01-16
EXPECTED
