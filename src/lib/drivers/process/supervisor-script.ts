/**
 * The parent of a server: a few lines of POSIX sh that outlive the agent, tell who the server is, and note how
 * it ended. So the end is known to the second, with its exit code, also when no agent was there to see it.
 * Arguments: the run directory, then the server's command line. Descriptor 3 is the agent, waiting to hear that
 * the server was launched; it may be gone by then.
 *
 * `server` gets "pid supervisor-pid birth", where birth is what tells a process from a later one with the same
 * pid (see process-table.ts); one that ended at once may have none any more. `exit` gets "code oom": the kernel's
 * count of out-of-memory kills during the server's life, which counts the whole host, and with code 137 is the best
 * that can be known without root. Its room is taken at the launch, and overwritten in place at the end: a full disk
 * may be what the server ended of.
 * A server that could not be put on record is ended at once: nobody would ever find it again.
 * The count is begun after the launch, in the milliseconds in which the server is still being loaded: it takes a system call
 * for each byte, 2 ms of each start.
 * Signals are trapped only after the launch: the server begins as a copy of this shell, and would swallow them too.
 */
export const SUPERVISOR_SCRIPT = `run=$1
shift

count_oom_kills() {
  kills=0
  if [ -r /proc/vmstat ]; then
    while read -r key value; do
      if [ "$key" = oom_kill ]; then kills=$value; break; fi
    done </proc/vmstat
  fi
}

find_birth() {
  if [ -r /proc/self/stat ]; then
    read -r boot </proc/sys/kernel/random/boot_id
    stat=
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null
    set -- $stat
    birth=$boot:ended
    if [ $# -gt 21 ]; then shift 21; birth=$boot:$1; fi
  else
    birth=$(LC_ALL=C ps -o lstart= -p "$1")
  fi
}

"$@" 3>&- &
server=$!
trap : TERM HUP INT
trap '' PIPE
count_oom_kills
kills_before=$kills
find_birth "$server"
if ! { printf '%32s\\n' '' >"$run/exit.new" && echo "$server $$ $birth" >"$run/server.new" &&
  mv "$run/server.new" "$run/server"; }; then
  kill "$server"
  wait "$server"
  exit 1
fi
echo launched >&3 2>/dev/null
exec 3>&-

while :; do
  wait "$server"
  code=$?
  kill -0 "$server" 2>/dev/null || break
done
count_oom_kills
echo "$code $((kills - kills_before))" 1<>"$run/exit.new" && mv "$run/exit.new" "$run/exit"
`;
