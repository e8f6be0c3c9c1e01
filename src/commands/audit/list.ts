import { boolean, string } from '@oclif/core/flags';

import type { AuditView } from '../../lib/api/client/index.ts';
import { BaseCommand, findToken, parseCount } from '../../lib/cli/index.ts';
import { auditLine, auditTable, createAuditWatch } from '../../lib/cli/views/index.ts';

const MAX_ENTRIES = 10_000;
const POLL_MS = 1_000;

export default class AuditList extends BaseCommand {
  static override summary = 'print who changed what through the API, and what was refused, oldest first';
  static override description =
    'Changes from this machine are there too, as `uid N`. What only looks is not written down; refused requests that are ' +
    'alike are one entry with a count. An entry without an outcome is under way, or its agent died meanwhile. Kept as ' +
    'long as `doze config get auditKeep` says.';
  static override examples = [
    { description: 'what one token did', command: 'doze audit list --token ci' },
    { description: 'what was refused, and what comes', command: 'doze audit list --failed --follow' },
  ];
  static override flags = {
    limit: string({ char: 'n', description: 'how many of the last entries', default: '50', helpValue: 'COUNT' }),
    token: string({ description: 'only of this token, by id or name', helpValue: 'TOKEN' }),
    failed: boolean({ description: 'only what was refused or failed' }),
    follow: boolean({ char: 'f', description: 'go on until Ctrl-C; with --json an object a line' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.open(AuditList);
    const limit = parseCount(flags.limit, 'limit', MAX_ENTRIES);
    const api = await this.api();
    const project = this.typedProject;
    const token = flags.token === undefined ? null : (await findToken(api, flags.token, project, this.call)).id;
    const query = {
      failed: flags.failed,
      ...(project !== null && { project }),
      ...(token !== null && { token }),
    };
    const entries = await api.access.audit({ ...query, limit }, this.call);
    if (!flags.follow) {
      const { paint, width } = this.output;
      this.output.result(entries, auditTable(entries, { paint, width }));
      return;
    }
    const watch = createAuditWatch(() => this.clock.wallMs());
    const print = (found: readonly AuditView[]): void => {
      for (const entry of watch.take(found)) this.output.line(entry, auditLine(entry));
    };
    print(entries);
    for (;;) {
      await this.clock.sleep(POLL_MS, this.signal);
      print(await api.access.audit({ ...query, after: watch.after(), limit: MAX_ENTRIES }, this.call));
    }
  }
}
