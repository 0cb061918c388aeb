#!/bin/sh
# Python's csv.Sniffer on the beginning of a tracker's export, used for the whole file.
#
# Versions: CPython 3.11 (uv's, 3.11.x); the standard library alone.
# Expected: the dialect that is sniffed from a valid beginning reads the rest of the same valid
#   file (RFC 4180: a quote inside a quoted cell is doubled).
# Seen: where no cell of the sample has a doubled quote, the dialect says doublequote=False, and
#   the cell "say ""hi"", then" of a later row is read as two cells, the first with a quote too
#   many: ['3', 'say "hi""', ' then"', 'x']. No error is raised. csv.reader with its defaults
#   reads the row right.
# So a sniffer may choose the delimiter of a file, never its dialect.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
uv venv --quiet --python 3.11 "$folder/venv"
"$folder/venv/bin/python" - <<'PYTHON'
import csv

sample = 'id,title,note\n1,"a, b","c, d"\n2,"e, f",g\n'
later = '3,"say ""hi"", then",x\n'
dialect = csv.Sniffer().sniff(sample)
sniffed = list(csv.reader([*sample.splitlines(), later], dialect))[-1]
plain = list(csv.reader([*sample.splitlines(), later]))[-1]
print(f"doublequote={dialect.doublequote} delimiter={dialect.delimiter!r}")
print("sniffed:", sniffed)
print("plain:  ", plain)
assert dialect.delimiter == ","
assert dialect.doublequote is False
assert sniffed == ["3", 'say "hi""', ' then"', "x"]
assert plain == ["3", 'say "hi", then', "x"]
PYTHON
