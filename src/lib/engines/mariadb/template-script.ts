import { FORMAT_ARGUMENTS } from './server-arguments.ts';

/**
 * The server's own `--bootstrap` with the system tables' SQL, as mariadb-install-db does it, but not through it:
 * that program belongs to the server package and yet needs my_print_defaults of the client's, and resolves the
 * host's name. No test database; no account is left that anybody could log in with (initSql makes them).
 */
export const templateScript = `set -eu
: "\${DATADIR:?}" "\${TMPDIR:?}" "\${SERVER:?}"

# 11.x renamed the files from mysql_* to mariadb_*, and their place differs by system.
find_share() {
  prefix=$(dirname "$(dirname "$SERVER")")
  charsets=$("$SERVER" --no-defaults --verbose --help 2>/dev/null | awk '$1 == "character-sets-dir" { print $2 }')
  for share in "\${charsets%/charsets*}" "$prefix/share/mariadb" "$prefix/share/mysql" "$prefix/share" \\
    /usr/share/mariadb /usr/share/mysql /usr/local/share/mariadb /usr/local/share/mysql; do
    for kind in mariadb mysql; do
      if [ -f "$share/\${kind}_system_tables.sql" ]; then return 0; fi
    done
  done
  echo "no system tables' SQL beside $SERVER" >&2
  return 1
}

statements() {
  echo 'CREATE DATABASE IF NOT EXISTS mysql;'
  echo 'USE mysql;'
  echo 'SET @auth_root_socket = NULL;'
  echo 'SET @skip_auth_anonymous = 1;'
  for part in "\${kind}_system_tables.sql" "\${kind}_performance_tables.sql" "\${kind}_system_tables_data.sql" \\
    fill_help_tables.sql maria_add_gis_sp_bootstrap.sql "\${kind}_sys_schema.sql"; do
    if [ -f "$share/$part" ]; then cat "$share/$part"; fi
  done
  echo 'USE mysql;'
  echo "DELETE FROM global_priv WHERE User IN ('', 'root');"
  echo 'DELETE FROM proxies_priv;'
  echo 'DELETE FROM db;'
}

find_share
# Root has to say that it means it.
if [ "$(id -u)" = 0 ]; then set -- --user=root; fi
mkdir -p "$DATADIR"
statements | "$SERVER" --no-defaults --bootstrap "$@" --datadir="$DATADIR" --tmpdir="$TMPDIR" \\
  --log-warnings=0 --enforce-storage-engine= --max-allowed-packet=8M --net-buffer-length=16K \\
  ${FORMAT_ARGUMENTS.join(' ')}
test -f "$DATADIR/mysql/global_priv.frm"
`;
