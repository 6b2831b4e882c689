# The lines that only one of two files has, the way everybody knows: no cells, no persons, bad rows like all others.
# Through pipes, which costs less than sorting into files first. Usage: sh delta_sort.sh OLD NEW
set -e
export LC_ALL=C
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
mkfifo "$folder/old" "$folder/new"
sort -T "$folder" "$1" > "$folder/old" &
sort -T "$folder" "$2" > "$folder/new" &
comm -3 "$folder/old" "$folder/new" | wc -l
wait
