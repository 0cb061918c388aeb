#!/bin/sh
# Which texts of a CSV file LibreOffice takes for a formula, and what an apostrophe does for them.
#
# Versions: LibreOffice 7.4.7.2 (Debian 12, libreoffice-calc), without a window.
# Expected: formulas are what guides on CSV injection list: texts that begin with "=", "+", "-" or
#   "@", also after a tab or a line break; quotes around a cell change nothing; an apostrophe
#   before the text makes it a text everywhere.
# Seen: of a CSV file LibreOffice takes only "=" for a formula, and only as the very first
#   character, not after a tab, a line break or a blank; "==" becomes a formula
#   with an error. Quotes matter after all: with the default separators, comma,
#   semicolon and tab, the cell a;=1+1 is split and calculates, "a;=1+1" is not. Where the file is
#   read by semicolons alone the quotes do not count, since no cell begins with one, and a line
#   break inside them ends the row: "a;=1+1" and the second line of a text calculate. The
#   apostrophe holds in all of these, but not where the user chooses it as the string delimiter:
#   'a text in the file, ,'=1+1', is then the formula =1+1.
# So an export must quote every text, guard what follows a separator or a line break inside it,
# and do so by a character that is no string delimiter.
set -eu
command -v soffice > /dev/null || { echo "LibreOffice is not installed." >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
printf 'n,t\r\n1,"=1+1"\r\n2,"+1+2"\r\n3,"-1+3"\r\n4,"@SUM(1)"\r\n5,"\t=1+5"\r\n6,"\n=1+6"\r\n7," =1+7"\r\n8,"=="\r\n9,"'"'"'=1+9"\r\n' > begins.csv
printf 'n,t\r\n1,a;=1+1;b\r\n2,"a;=1+2;b"\r\n3,"a\n=1+3\nb"\r\n4,"a;'"'"'=1+4'"'"';b"\r\n' > inside.csv
printf 'n,t\r\n1,"a,'"'"'=1+5'"'"',b"\r\n' > delimiter.csv
formulas() {
    timeout 120 soffice "-env:UserInstallation=file://$folder/profile" --headless \
        "--infilter=Text - txt - csv (StarCalc):$2,76,1" \
        --convert-to fods --outdir written "$1.csv" > /dev/null 2>&1
    grep -o 'table:formula="[^"]*"' "written/$1.fods" | sed 's/table:formula="of:\(.*\)"/\1/' | tr '\n' ' '
}
status=0
check() {
    seen=$(formulas "$1" "$2")
    echo "$1, separators $2: $seen"
    [ "$seen" = "$3" ] || { echo "  and not: $3"; status=1; }
}
check begins 44,34 '=1+1 #ERR520! '
check inside 44/59/9,34 '=1+1 '
check inside 59,34 '=1+1 =1+2 =1+3 '
check delimiter 44,39 '=1+5 '
exit "$status"
