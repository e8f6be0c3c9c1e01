import { string as argument } from '@oclif/core/args';
import { string } from '@oclif/core/flags';

import { BaseCommand } from '../../lib/cli/index.ts';
import { formatBytes } from '../../lib/cli/views/index.ts';
import { formatDuration } from '../../lib/domain/index.ts';

export default class ImageBuild extends BaseCommand {
  static override summary = "build a server's image from Debian's packages, where none can be pulled";
  static override examples = [{ description: 'for computes on docker', command: 'doze image build mariadb' }];
  static override args = {
    engine: argument({ description: 'database server: mariadb', default: 'mariadb', ignoreStdin: true }),
  };
  static override flags = {
    'engine-version': string({ description: 'version line of the server, such as 10.11', helpValue: 'VERSION' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(ImageBuild);
    const version = flags['engine-version'];
    this.interrupt.explain('the agent goes on building the image', 'doze image list');
    const startedMs = this.clock.monotonicMs();
    const api = await this.api();
    const image = await this.progress.run(`Building an image of ${args.engine}`, (report) =>
      api.images.build({ engine: args.engine, ...(version !== undefined && { version }) }, report, this.call),
    );
    const took = formatDuration(this.clock.monotonicMs() - startedMs);
    this.output.result(
      image,
      `${image.reference} built in ${took} (${image.engine} ${image.version}, ${formatBytes(image.sizeBytes)})`,
    );
  }
}
