#!/bin/sh
# Excel reads a first line "sep=;" as the delimiter of a file. What other programs do with it.
#
# Versions: LibreOffice 7.4.7.2 (Debian 12, libreoffice-calc), pandas 2.2.3, polars 1.9.0,
#   papaparse 5.4.1.
# Expected: LibreOffice, which knows the line, reads the file by it and writes a file without it
#   or with the same one; the others take it for a header.
# Seen: LibreOffice, without a window and with its defaults, keeps the line as a row, reads the
#   rest by commas and writes the line back changed and quoted: "sep=,", above rows that still
#   have semicolons. Opened in Excel, that file has one column. With a byte order mark before it
#   the line is left as it is, and the mark stays in the first cell. pandas with sep=None (which
#   sniffs), pandas with sep=";", and papaparse, which guesses the delimiter, find ";" and name
#   the columns "sep=" and "" or "Unnamed: 1"; no error from any of them.
# So a reader must know the line plain, quoted, filled up and after a mark.
set -eu
command -v soffice > /dev/null || { echo "LibreOffice is not installed." >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
printf 'sep=;\r\ntitle;project\r\nA;Website\r\n' > hint.csv
printf '\357\273\277sep=;\r\ntitle;project\r\nA;Website\r\n' > marked.csv
for name in hint marked; do
    timeout 120 soffice "-env:UserInstallation=file://$folder/profile" --headless \
        --convert-to csv --outdir written "$name.csv" > /dev/null 2>&1
    echo "LibreOffice, $name:"
    cat -v "written/$name.csv"
done
test "$(head -n 1 written/hint.csv)" = '"sep=,"'
test "$(tail -n 1 written/hint.csv)" = 'A;Website'
head -n 1 written/marked.csv | grep -q 'sep=;$'
test "$(head -c 3 written/marked.csv | od -An -tx1 | tr -d ' ')" = efbbbf
uv venv --quiet --python 3.11 venv
uv pip install --quiet --python venv/bin/python pandas==2.2.3 polars==1.9.0
venv/bin/python - <<'PYTHON'
import pandas
import polars

for options in ({"sep": None, "engine": "python"}, {"sep": ";"}):
    columns = list(pandas.read_csv("hint.csv", **options).columns)
    print("pandas", options, columns)
    assert columns == ["sep=", "Unnamed: 1"]
columns = polars.read_csv("hint.csv", separator=";").columns
print("polars", columns)
assert columns == ["sep=", ""]
PYTHON
npm init -y > /dev/null
npm install --silent papaparse@5.4.1
node -e '
const found = require("papaparse").parse(require("fs").readFileSync("hint.csv", "utf8"), {
    header: true,
    skipEmptyLines: true,
});
console.log("papaparse", JSON.stringify(found.meta.fields), found.meta.delimiter);
require("assert").deepStrictEqual(found.meta.fields, ["sep=", ""]);
require("assert").strictEqual(found.meta.delimiter, ";");
'
