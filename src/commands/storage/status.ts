import { string as argument } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';

import type { StorageView } from '../../lib/api/client/index.ts';
import { BaseCommand } from '../../lib/cli/index.ts';
import { storageExitCode, storageStatus } from '../../lib/cli/views/index.ts';
import { parseName } from '../../lib/domain/index.ts';

const WATCH_MS = 2_000;
const CLEAR_SCREEN = '\u001b[H\u001b[2J';

export default class StorageStatus extends BaseCommand {
  static override summary = 'tell how the storage tier is, and what to do about it';
  static override description =
    'Exit code: 0 healthy, 1 degraded or unknown, 8 unavailable; of several the worst. What is shown is what the agent ' +
    'saw at its last look; --check looks now.';
  static override examples = [
    'doze storage status',
    { description: 'in a script', command: 'doze storage status sk-main --check --quiet || page-someone' },
  ];
  static override args = {
    name: argument({ description: 'only of this one', required: false, ignoreStdin: true }),
  };
  static override flags = {
    check: boolean({ description: 'look now instead of telling what the last look saw' }),
    watch: boolean({ char: 'w', description: 'go on until Ctrl-C; with --json a document a line' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(StorageStatus);
    const name = args.name === undefined ? null : parseName(args.name, 'storage service');
    if (flags.watch) {
      await this.follow(name, flags.check);
      return;
    }
    const services = await this.read(name, flags.check);
    this.output.result(services, this.screen(services));
    if (services.length === 0) this.tip('No storage service is registered: doze storage add --help');
    process.exitCode = storageExitCode(services);
  }

  private async follow(name: string | null, isCheck: boolean): Promise<void> {
    const isScreen = this.output.width !== null && !this.output.isJson;
    for (;;) {
      const services = await this.read(name, isCheck);
      this.output.line(services, `${isScreen ? CLEAR_SCREEN : ''}${this.screen(services)}`);
      await this.clock.sleep(WATCH_MS, this.signal);
    }
  }

  private async read(name: string | null, isCheck: boolean): Promise<StorageView[]> {
    const api = await this.api();
    const found = name === null ? await api.storage.list(this.call) : [await api.storage.show(name, this.call)];
    return isCheck ? Promise.all(found.map((service) => api.storage.check(service.name, this.call))) : found;
  }

  private screen(services: readonly StorageView[]): string {
    const { paint, width } = this.output;
    return storageStatus(services, { nowMs: this.clock.wallMs(), paint, width });
  }
}
