#!/bin/sh
# backup.sh FOLDER: a copy of what the gateway of this user keeps, while it runs. docs/deployment.md says how to use it.
set -eu
umask 077
[ $# -eq 1 ] || { echo "usage: backup.sh FOLDER" >&2; exit 2; }
from="$HOME/.claude-code"
to="$1"
[ -d "$from" ] || { echo "backup.sh: there is no $from: run this as the user of the gateway" >&2; exit 1; }
mkdir -p "$to"
# A file that is written to may be broken when copied alone (WAL): SQLite makes these copies itself, and waits for nobody.
for name in signalbox.db signalbox-keys.db; do
  [ -e "$from/$name" ] || continue
  [ ! -e "$to/$name" ] || { echo "backup.sh: $to/$name is there already: take another folder" >&2; exit 1; }
  node --no-warnings -e '
    const [from, to] = process.argv.slice(1);
    new (require("node:sqlite").DatabaseSync)(from).prepare("VACUUM INTO ?").run(to);
  ' "$from/$name" "$to/$name"
done
for file in "$from"/router-config.* "$from"/router.* "$from"/signalbox-audit.jsonl "$from"/signalbox-trust.json; do
  [ ! -e "$file" ] || cp -p "$file" "$to/"
done
