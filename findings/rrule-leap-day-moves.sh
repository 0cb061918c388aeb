#!/bin/sh
# A birthday on 29 February: left out in other years, or moved to 1 March?
#
# Rule: FREQ=YEARLY;COUNT=3 from 2024-02-29. RFC 5545, section 3.3.10: an invalid date, such as 30
# February, is ignored and not counted.
#
# Versions: python-dateutil 4.0.0; npm rrule 2.8.1, rrule-rust 3.1.1, rrule-temporal 2.2.8,
# ical.js 2.2.1.
# Expected (written down after the first run): 2024, 2028 and 2032, everywhere.
# Seen: ical.js moves to 1 March, counts that date, and then never comes back to 29 February.
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
rule='FREQ=YEARLY;COUNT=3' day=2024-02-29
python/bin/python dateutil_dates.py "$rule" "$day" > seen
node all.mjs "$rule" "$day" >> seen
cat seen
diff seen - <<'EXPECTED'
python-dateutil: 2024-02-29 2028-02-29 2032-02-29
rrule: 2024-02-29 2028-02-29 2032-02-29
rrule-rust: 2024-02-29 2028-02-29 2032-02-29
rrule-temporal: 2024-02-29 2028-02-29 2032-02-29
ical.js: 2024-02-29 2025-03-01 2026-03-01
EXPECTED
