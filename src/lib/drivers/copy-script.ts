import type { CopyRequest } from './driver.ts';

/**
 * Copies a data directory into another place, for drivers: in a helper container, or as a process of the host. POSIX sh.
 *
 * Environment: FROM, the data directory; TO, the directory that holds `data`; COPY, the id of this copy; OWNER, `same` or
 * `other`: whether it is for the compute that the data is of.
 *
 * What is copied becomes `data` in one step, when it is all there and on disk: `copied.new` says that, and from then on
 * only the renaming is left, which whoever comes next finishes. `copied` stays beside the data and says which copy it
 * came with. Of the files that say that a server was set up (`initialised` beside the data, `doze-initialised` in it)
 * none is carried over: the accounts are the new owner's business. Nor does another owner go on as a replica: two would
 * fetch one log under one name.
 */
export const COPY_SCRIPT = String.raw`set -u
child= fresh=$TO/data.new old=$TO/data.old ready=$TO/copied.new
# What a server needs to start beside its data, and a little for everybody else on the disk.
reserve_kilobytes=32768

clean() { rm -rf "$fresh" "$ready.part" "$TO/shared" "$TO/copying"; }
# The numbers are looked at before anything is removed.
give_up() {
  code=$1
  free=$(free_kilobytes)
  if [ "$code" = 1 ] && [ "$free" -lt 4096 ]; then code=28; fi
  clean
  exit "$code"
}
free_kilobytes() { df -Pk "$TO" | { read -r _; read -r _ _ _ free _; echo "$free"; }; }
kilobytes() { du -sk "$1" | { read -r size _; echo "$size"; }; }
on_term() { trap '' TERM; [ -z "$child" ] || kill "$child" 2>/dev/null; wait; clean; exit 143; }
# In the background, so that a signal is heard at once.
run() { "$@" & child=$!; wait "$child"; code=$?; child=; return "$code"; }
is_this_copy() { [ -r "$1" ] && read -r id bytes shared <"$1" && [ "$id" = "$COPY" ]; }

# Not by ps alone: a small system has none, and two that copy to one place would mix what they copy.
is_copier() {
  if [ -r "/proc/$1/cmdline" ]; then tr '\0' ' ' <"/proc/$1/cmdline"; else ps -o args= -p "$1" 2>/dev/null; fi |
    grep -q doze-copy
}

# One that an agent left behind when it was killed.
end_other() {
  [ -r "$TO/copying" ] || return 0
  read -r pid <"$TO/copying" || return 0
  while [ "$pid" != $$ ] && kill -0 "$pid" 2>/dev/null && is_copier "$pid"; do
    kill "$pid" 2>/dev/null
    sleep 0.1
  done
}

put_in_place() {
  if [ -d "$fresh" ]; then
    if [ -d "$TO/data" ]; then rm -rf "$old" && mv "$TO/data" "$old" || exit 1; fi
    rm -f "$TO/initialised"
    mv "$fresh" "$TO/data" || exit 1
  fi
  mv "$ready" "$TO/copied" || exit 1
  sync -f "$TO/copied" 2>/dev/null || sync
  rm -rf "$old"
}

copy() {
  [ -d "$FROM" ] || give_up 66
  # The server makes none, as it runs without symbolic links. With a copy of one two servers would write to one file.
  outside=$(find "$FROM" '(' -type l -o -name '*.isl' ')' | head -n 1)
  if [ -n "$outside" ]; then echo "$outside"; give_up 65; fi
  probe=$(find "$FROM" -type f -size +0 | head -n 1)
  shared=no sharing=
  if cp --reflink=always "$probe" "$TO/shared" 2>/dev/null; then shared=yes sharing=--reflink=always
  elif [ "$(uname)" = Darwin ] && cp -c "$probe" "$TO/shared" 2>/dev/null; then shared=yes sharing=-c
  fi
  rm -f "$TO/shared"
  if [ "$shared" = no ] && [ "$(($(kilobytes "$FROM") + reserve_kilobytes))" -gt "$(free_kilobytes)" ]; then give_up 28; fi
  # shellcheck disable=SC2086
  run cp -a $sharing "$FROM" "$fresh" || give_up 1
  rm -f "$fresh/doze-initialised"
  if [ "$OWNER" = other ]; then rm -f "$fresh"/master*.info "$fresh"/multi-master.info "$fresh"/relay-log*.info; fi
  bytes=$(($(kilobytes "$fresh") * 1024))
  sync -f "$fresh" 2>/dev/null || sync
  printf '%s %s %s\n' "$COPY" "$bytes" "$shared" >"$ready.part" && mv "$ready.part" "$ready" || give_up 1
}

trap on_term TERM INT
end_other
echo $$ >"$TO/copying" || give_up 1
if [ -e "$ready" ]; then put_in_place; fi
if ! is_this_copy "$TO/copied" || [ ! -d "$TO/data" ]; then
  rm -rf "$fresh" "$old" "$ready.part"
  copy
  # From here on it is seen through.
  trap '' TERM INT
  put_in_place
  is_this_copy "$TO/copied" || exit 1
fi
rm -f "$TO/copying"
echo "doze: copied $bytes $shared"
`;

/** Seen in a list of processes: how one that was left behind is known again. */
export const COPY_PROGRAM = 'doze-copy';

/** Exit codes of the script; 0 is a whole copy, any other a failure without a name. */
export const COPY_EXIT = { diskFull: 28, outside: 65, sourceMissing: 66 } as const;

/** What the script has to know of a copy besides its two places. */
export function copyEnvironment({ from, to, copyId }: Pick<CopyRequest, 'from' | 'to' | 'copyId'>) {
  return { COPY: copyId, OWNER: from.computeId === to.computeId ? 'same' : 'other' } as const;
}

/** What a line of the script's output says of a copy that is whole; null for any other text. */
export function readCopied(output: string): { readonly bytes: number; readonly isCopyOnWrite: boolean } | null {
  const [, bytes, shared] = /^doze: copied (\d+) (yes|no)$/m.exec(output) ?? [];
  return bytes === undefined ? null : { bytes: Number(bytes), isCopyOnWrite: shared === 'yes' };
}
