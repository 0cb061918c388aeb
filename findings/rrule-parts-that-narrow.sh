#!/bin/sh
# Two parts that both expand a year: do they narrow each other?
#
# Rule: FREQ=YEARLY;BYWEEKNO=20;BYMONTH=5;BYMONTHDAY=12;COUNT=3 from Thursday 2026-01-01: 12 May
# where it is in week 20, in 2026, 2031 and 2032.
#
# Versions: python-dateutil 4.0.0; npm rrule 2.8.1, rrule-rust 3.1.1, rrule-temporal 2.2.8.
# Expected (written down after the first run): all four narrow, as RFC 5545 applies the parts one after another.
# Seen: rrule-temporal drops BYMONTHDAY and gives the Thursday of week 20, which the rule does not
# name. (ical.js 2.2.1 refuses the rule with "BYWEEKNO does not fit to BYMONTHDAY".)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet python-dateutil==4.0.0
npm install --silent --no-audit --no-fund rrule@2.8.1 rrule-rust@3.1.1 rrule-temporal@2.2.8
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
JS
rule='FREQ=YEARLY;BYWEEKNO=20;BYMONTH=5;BYMONTHDAY=12;COUNT=3' day=2026-01-01
python/bin/python dateutil_dates.py "$rule" "$day" > seen
node all.mjs "$rule" "$day" >> seen
cat seen
diff seen - <<'EXPECTED'
python-dateutil: 2026-05-12 2031-05-12 2032-05-12
rrule: 2026-05-12 2031-05-12 2032-05-12
rrule-rust: 2026-05-12 2031-05-12 2032-05-12
rrule-temporal: 2026-05-14 2027-05-20 2028-05-18
EXPECTED
