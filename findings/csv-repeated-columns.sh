#!/bin/sh
# Jira exports a column for each label, all of one name. What readers of CSV make of it.
#
# Versions: CPython 3.11 csv.DictReader, pandas 2.2.3, polars 1.9.0, papaparse 5.4.1,
#   csv-parse 5.5.6.
# Expected: an error, or all values under names that cannot be confused with other columns.
# Seen, for the header "Issue key,Labels,Labels,Labels.1" and the row "W,a,b,c":
#   DictReader and csv-parse give the last value and drop the others: Labels is "b", no error;
#   pandas names the second one "Labels.2", since the file has a "Labels.1" of its own: the
#   number is not the place of the column; polars names it "Labels_duplicated_0", papaparse
#   "Labels_1". Five readers, four names, and two of them lose a label without a word.
# So a mapping by name must take every column of the name, which this project's import does.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
printf 'Issue key,Labels,Labels,Labels.1\nW,a,b,c\n' > "$folder/jira.csv"
uv venv --quiet --python 3.11 "$folder/venv"
uv pip install --quiet --python "$folder/venv/bin/python" pandas==2.2.3 polars==1.9.0
(cd "$folder" && npm init -y > /dev/null && npm install --silent papaparse@5.4.1 csv-parse@5.5.6)
"$folder/venv/bin/python" - "$folder/jira.csv" <<'PYTHON'
import csv
import sys

import pandas
import polars

path = sys.argv[1]
with open(path, newline="") as file:
    rows = list(csv.DictReader(file))
print("DictReader", rows)
print("pandas    ", list(pandas.read_csv(path).columns))
print("polars    ", polars.read_csv(path).columns)
assert rows == [{"Issue key": "W", "Labels": "b", "Labels.1": "c"}]
assert list(pandas.read_csv(path).columns) == ["Issue key", "Labels", "Labels.2", "Labels.1"]
assert polars.read_csv(path).columns == [
    "Issue key",
    "Labels",
    "Labels_duplicated_0",
    "Labels.1",
]
PYTHON
cd "$folder"
cat > seen.cjs <<'NODE'
const { deepStrictEqual } = require("node:assert");
const { readFileSync } = require("node:fs");
const Papa = require("papaparse");
const { parse } = require("csv-parse/sync");
const text = readFileSync("jira.csv", "utf8");
const papa = Papa.parse(text, { header: true, skipEmptyLines: true }).data;
const rows = parse(text, { columns: true }).map((row) => ({ ...row }));
console.log("papaparse ", JSON.stringify(papa));
console.log("csv-parse ", JSON.stringify(rows));
deepStrictEqual(papa, [{ "Issue key": "W", Labels: "a", Labels_1: "b", "Labels.1": "c" }]);
deepStrictEqual(rows, [{ "Issue key": "W", Labels: "b", "Labels.1": "c" }]);
NODE
node seen.cjs
