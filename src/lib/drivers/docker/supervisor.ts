/**
 * The first process of every container: starts and ends the server on request, so that a parked compute keeps its
 * container. POSIX sh, as that is all an image surely has.
 *
 * Orders come as lines on stdin: `start`, `park`, `state`, `size`. An attach costs about 2 ms, a `docker kill` 20 ms
 * and a `docker exec` 100 ms of CPU (measured with Docker 20.10). The first three are answered on stdout by the state reached:
 * `doze: running` or `doze: parked code=N at=S`, how and when the server last ended; `state` may also be answered by
 * `doze: ending`. `size` is answered by `doze: size=KILOBYTES` of the data. TERM ends the server and then the container. A
 * server that ends unasked takes the container with it, so that Docker itself tells of it.
 *
 * Environment: DOZE_SERVERS (names of the server's executable), DOZE_INIT_SQL; DOZE_DATA, DOZE_TEMPLATE and DOZE_RUN
 * (directories); DOZE_TLS, the server's further arguments where there is a file `tls.pem` beside its data that is not empty.
 * Arguments: the server's.
 */
export const SUPERVISOR = String.raw`set -u
data=$DOZE_DATA run=$DOZE_RUN template=$DOZE_TEMPLATE init_sql=$DOZE_INIT_SQL
unset DOZE_INIT_SQL
wanted=running ending=no dozing=no code=0 ended_at=0 server= child= sleeper= reader= kills=0

say() { printf 'doze: %s\n' "$*"; }
fail() { printf 'doze: %s\n' "$*" >&2; exit 78; }
# Says nothing on the way from one to the other: the state is told when it is reached.
tell() {
  if [ "$dozing" = yes ]; then say "parked code=$code at=$ended_at"
  elif [ -n "$child" ]; then if [ "$ending" = no ]; then say running; else say ending; fi
  fi
}
finish() { [ -z "$reader" ] || kill "$reader" 2>/dev/null; exit "$1"; }

# A signal that reaches a child before it has become its program is lost, as the shell's own handlers are still set.
# The bound is for a shell that runs the program without becoming it.
end_child() {
  tries=0
  while [ "$tries" -lt 10000 ] && read -r name <"/proc/$1/comm" && [ "$name" = "$own_name" ]; do
    tries=$((tries + 1))
  done 2>/dev/null
  kill -TERM "$1" 2>/dev/null
}

# Handlers act by themselves and also end what the main loop waits for: a signal that comes just before the wait
# is then not lost.
rouse() { if [ -n "$sleeper" ]; then end_child "$sleeper"; fi; }
end_server() { if [ -n "$child" ] && [ "$ending" = no ]; then ending=yes; end_child "$child"; fi; }
on_start() { wanted=running; if [ "$ending$dozing" = nono ]; then tell; fi; rouse; }
on_park() { wanted=parked; if [ "$dozing" = yes ]; then tell; else end_server; fi; }
on_end() { wanted=ended; end_server; rouse; }
trap on_start USR1
trap on_park USR2
trap tell HUP
trap on_end TERM INT

# In the background, as a walk through much data must not hold up the next order.
report_size() { du -sk "$data" 2>/dev/null | { read -r size _ && say "size=$size"; }; }

read_orders() {
  while read -r order; do
    case $order in
      start) kill -USR1 $$ ;;
      park) kill -USR2 $$ ;;
      state) kill -HUP $$ ;;
      size) report_size & ;;
    esac
  done
}

find_server() {
  for name in $DOZE_SERVERS; do
    server=$(command -v "$name") && return
  done
  fail "no server in this image: none of $DOZE_SERVERS"
}

# Synced before it gets its name: the server must not build on files that a power cut can take away.
copy_template() {
  [ -d "$data/data" ] && return
  [ -d "$template/data/mysql" ] || fail "the template at $template is empty"
  rm -rf "$data/data.new"
  cp -R "$template/data" "$data/data.new" || fail 'cannot copy the template'
  sync -f "$data/data.new" 2>/dev/null || sync
  mv "$data/data.new" "$data/data" || fail 'cannot put the data in place'
}

# How often the kernel killed for this container's memory limit: cgroup v2, v1.
count_kills() {
  kills=0
  for file in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
    if [ -r "$file" ]; then
      while read -r key value; do
        if [ "$key" = oom_kill ]; then kills=$value; fi
      done <"$file"
    fi
  done
}

run_server() {
  ending=no
  if [ ! -e "$data/initialised" ]; then
    printf '%s\n' "$init_sql" >"$run/init.sql" || fail "cannot write to $run"
    set -- "$@" --init-file="$run/init.sql"
  fi
  # shellcheck disable=SC2086
  if [ -s "$data/tls.pem" ]; then set -- "$@" $DOZE_TLS; fi
  count_kills
  kills_before=$kills
  "$server" "$@" >&2 3<&- &
  child=$!
  # A signal may have come before there was a child to end.
  if [ "$wanted" = running ]; then say running; else end_server; fi
  while :; do
    wait "$child"
    code=$?
    # A trap interrupts the wait too; then the child is still there.
    kill -0 "$child" 2>/dev/null || break
  done
  child=
  ended_at=$(date +%s)
  if [ "$ending" = no ]; then crashed; fi
  ending=no
}

# 97 stands for 137 by the memory limit: Docker itself knows that only of the first process.
crashed() {
  count_kills
  if [ "$code" = 137 ] && [ "$kills" -gt "$kills_before" ]; then code=97; fi
  say "ended code=$code"
  finish "$code"
}

doze_off() {
  dozing=yes
  tell
  while [ "$wanted" = parked ]; do
    sleep 2147483647 3<&- &
    sleeper=$!
    if [ "$wanted" = parked ]; then wait "$sleeper"; fi
    rouse
    sleeper=
  done
  dozing=no
}

# A background job's stdin is /dev/null unless it has another number.
exec 3<&0 </dev/null
read_orders <&3 &
reader=$!
exec 3<&-
read -r own_name </proc/$$/comm
mkdir -p "$data/tmp"
rm -rf "$data/tmp/"*
find_server
copy_template
while :; do
  case $wanted in
    running) run_server "$@" ;;
    parked) doze_off ;;
    ended) finish "$code" ;;
  esac
done
`;

/** What the supervisor's exit code stands for when the kernel killed the server for its memory limit. */
export const EXIT_OUT_OF_MEMORY = 97;

/** An order that leads to a state. */
export type Order = 'start' | 'park' | 'state';

/** What a line on the supervisor's stdout says. */
export type Report =
  | { readonly state: 'running' | 'ending' }
  | { readonly state: 'parked'; readonly code: number; readonly endedAtMs: number | null };

/** Null for any other text. */
export function readReport(line: string): Report | null {
  if (line === 'doze: running') return { state: 'running' };
  if (line === 'doze: ending') return { state: 'ending' };
  const [, code, at] = /^doze: parked code=(\d+) at=(\d+)$/.exec(line) ?? [];
  if (code === undefined || at === undefined) return null;
  return { state: 'parked', code: Number(code), endedAtMs: at === '0' ? null : Number(at) * 1000 };
}

/** Bytes of the data, from a line on the supervisor's stdout; null for any other text. */
export function readSize(line: string): number | null {
  const kilobytes = /^doze: size=(\d+)$/.exec(line)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}
