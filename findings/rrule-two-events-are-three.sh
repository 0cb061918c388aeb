#!/bin/sh
# A calendar says COUNT=2 and three events come of it.
#
# Event: DTSTART:20260107T090000Z (a Wednesday), RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2. RFC 5545 has
# no answer for a start that the rule does not have ("undefined"), but says that DTSTART counts as
# the first occurrence where COUNT is given.
#
# Versions: recurring-ical-events 3.8.2 with icalendar 7.3.2 and python-dateutil 2.9.0.post0.
# Expected (written down after the first run): two events: the start and a Monday, or two Mondays, as python-dateutil has them.
# Seen: three: both Mondays, and the start beside them, which is not counted.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet recurring-ical-events==3.8.2 icalendar==7.3.2 python-dateutil==2.9.0.post0
cat > events.py <<'PY'
import icalendar
import recurring_ical_events

lines = [
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//EN", "BEGIN:VEVENT", "UID:1",
    "DTSTAMP:20260101T000000Z", "DTSTART:20260107T090000Z",
    "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2", "END:VEVENT", "END:VCALENDAR", "",
]
calendar = icalendar.Calendar.from_ical("\r\n".join(lines))
events = recurring_ical_events.of(calendar).between((2026, 1, 1), (2027, 1, 1))
print(*sorted(str(event["DTSTART"].dt.date()) for event in events))
PY
python/bin/python events.py > seen
cat seen
diff seen - <<'EXPECTED'
2026-01-07 2026-01-12 2026-01-19
EXPECTED
