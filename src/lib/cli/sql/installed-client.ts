import type { Connection } from '../../api/client/index.ts';
import { systemCode } from '../../errors/index.ts';

/** Clients that may be installed, in order of preference. */
const SQL_CLIENTS = ['mariadb', 'mysql'] as const;

/** Arguments for either client. The password is not among them: every process list would show it. */
export function clientArguments({ host, port, user, database }: Connection): readonly string[] {
  return ['--protocol=tcp', `--host=${host}`, `--port=${port}`, `--user=${user}`, `--database=${database}`];
}

/**
 * Hands the terminal to the first client that is installed.
 * @returns its exit code, or null when none is installed.
 */
export async function runInstalledClient(connection: Connection): Promise<number | null> {
  const { execa } = await import('execa');
  for (const client of SQL_CLIENTS) {
    const outcome = await execa(client, clientArguments(connection), {
      stdio: 'inherit',
      env: { MYSQL_PWD: connection.password },
      reject: false,
    });
    if (systemCode(outcome.cause) === 'ENOENT' || systemCode(outcome) === 'ENOENT') continue;
    return outcome.exitCode ?? 1;
  }
  return null;
}
