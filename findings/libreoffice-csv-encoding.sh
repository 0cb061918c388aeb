#!/bin/sh
# LibreOffice without a window, from CSV and to CSV, on a machine whose locale is UTF-8.
#
# Versions: LibreOffice 7.4.7.2 (Debian 12, libreoffice-calc), LC_ALL=C.UTF-8.
# Expected: with a UTF-8 locale, `soffice --convert-to` reads and writes CSV as UTF-8; at the
#   latest a byte order mark makes it do so.
# Seen: it reads a UTF-8 file as Windows-1252, with a mark too: "Büro" becomes "BÃ¼ro", and the
#   first column is called "ï»¿title". A UTF-16 file with a mark becomes "ÿþtitle". It writes
#   Windows-1252 without a mark (the byte fc for "ü"). Only the filter's token for UTF-8
#   (csv:"Text - txt - csv (StarCalc)":44,34,76, reading by --infilter) changes that. A short row
#   is filled up with empty cells, and lines end in LF.
# So a CSV file of an office program is often not UTF-8 even on Linux, and a mark that was read as
# text can come back inside a name.
set -eu
command -v soffice > /dev/null || { echo "LibreOffice is not installed." >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export LC_ALL=C.UTF-8
utf8="Text - txt - csv (StarCalc):44,34,76"
convert() {
    timeout 120 soffice "-env:UserInstallation=file://$folder/profile" --headless "$@" \
        > /dev/null 2>&1
}
printf 'title,project\nB\303\274ro,Website\nshort\n' > plain.csv
printf '\357\273\277title,project\nB\303\274ro,Website\nshort\n' > marked.csv
convert --convert-to fods --outdir read plain.csv
convert --convert-to fods --outdir read marked.csv
convert "--infilter=$utf8" --convert-to fods --outdir told marked.csv
grep -o 'text:p>B[^<]*ro' read/plain.fods
grep -o 'text:p>[^<]*title' read/marked.fods
grep -q 'BÃ¼ro' read/plain.fods
grep -q '>ï»¿title<' read/marked.fods
grep -q '>title<' told/marked.fods
grep -q '>Büro<' told/marked.fods
convert --convert-to csv --outdir written told/marked.fods
od -An -c written/marked.csv
test "$(sed -n 2p written/marked.csv | od -An -tx1 | tr -d ' \n')" = 42fc726f2c576562736974650a
test "$(sed -n 3p written/marked.csv)" = 'short,'
convert --convert-to "csv:$utf8" --outdir utf8 told/marked.fods
grep -q 'Büro,Website' utf8/marked.csv
