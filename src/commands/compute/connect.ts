import { string } from '@oclif/core/flags';

import type { Connection } from '../../lib/api/client/index.ts';
import { BaseCommand, computeArgument, parseChoice } from '../../lib/cli/index.ts';
import { clientTls, resultJson, resultText, runInstalledClient, runSqlShell } from '../../lib/cli/sql/index.ts';
import type { SqlConnection } from '../../lib/sql/index.ts';

export default class ComputeConnect extends BaseCommand {
  static override summary = 'open an SQL shell on a compute, or run SQL; wakes it';
  static override description =
    'The shell is the mariadb or mysql client if one is installed, else a small one that is built in. SQL also comes ' +
    'by stdin.';
  static override examples = [
    'doze compute connect shop',
    {
      description: 'one statement, as a table or with --json as objects',
      command: 'doze compute connect shop -e "SELECT 1"',
    },
    { description: 'a file', command: 'doze compute connect shop < schema.sql' },
  ];
  static override args = { name: computeArgument };
  static override flags = {
    execute: string({ char: 'e', description: 'run this SQL and print what it gives', helpValue: 'SQL' }),
    as: string({ description: 'account to log in as', default: 'owner', helpValue: 'owner|root' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(ComputeConnect);
    const name = this.computeName(args.name);
    const as = parseChoice(flags.as, 'as', ['owner', 'root']);
    const api = await this.api();
    const connection = await api.computes.connection(this.project, name, as, this.call);
    if (this.isRemote && connection.tls.mode === 'off') {
      this.output.note('The gateway there speaks no TLS: nothing of this is encrypted.');
    }
    if (flags.execute === undefined) await this.#openShell(connection, name);
    else await this.#execute(connection, name, flags.execute);
  }

  async #execute(target: Connection, name: string, sql: string): Promise<void> {
    await using connection = await this.progress.run(`Connecting to ${name}`, () => this.#connect(target));
    const results = await connection.run(sql);
    const json = results.map(resultJson);
    const text = results.map((result) => resultText(result, null)).join('\n\n');
    this.output.result(json.length === 1 ? json[0] : json, text);
  }

  async #openShell(target: Connection, name: string): Promise<void> {
    if (!this.output.isJson) {
      using _pause = this.interrupt.pause();
      const exitCode = await runInstalledClient(target, clientTls(target, this.isRemote));
      if (exitCode !== null) {
        process.exitCode = exitCode;
        return;
      }
    }
    await using connection = await this.progress.run(`Connecting to ${name}`, () => this.#connect(target));
    await runSqlShell({ connection, output: this.output, name, signal: this.signal });
  }

  async #connect(target: Connection): Promise<SqlConnection> {
    const { host, port, user, password, database } = target;
    const tls = clientTls(target, this.isRemote);
    const { connect } = await import('../../lib/sql/index.ts');
    const address = { host, port, user, password, database };
    return connect(address, {
      signal: this.signal,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      allowsManyStatements: true,
      ...(tls !== null && { tls }),
    });
  }
}

/** Longer than the gateway holds a client while a compute wakes. */
const CONNECT_TIMEOUT_MS = 60_000;
