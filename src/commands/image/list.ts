import type { ImageView } from '../../lib/api/client/index.ts';
import { BaseCommand } from '../../lib/cli/index.ts';
import { formatBytes, formatInstant, renderTable } from '../../lib/cli/views/index.ts';

export default class ImageList extends BaseCommand {
  static override summary = 'list the images that computes on docker can use';
  static override examples = ['doze image list'];

  async run(): Promise<void> {
    await this.open(ImageList);
    const api = await this.api();
    const images = await api.images.list(this.call);
    const { paint, width } = this.output;
    const table = renderTable<ImageView>(
      [
        { title: 'IMAGE', text: ({ reference }) => reference },
        { title: 'ENGINE', text: ({ engine, version }) => `${engine} ${version}` },
        { title: 'ORIGIN', text: ({ origin }) => origin },
        { title: 'SIZE', text: ({ sizeBytes }) => formatBytes(sizeBytes), align: 'right' },
        { title: 'CREATED', text: ({ createdAt }) => formatInstant(createdAt), spare: 1 },
      ],
      images,
      { width, paintTitle: paint.strong },
    );
    this.output.result(images, table);
    if (images.length === 0) this.tip('None yet: one is pulled when it is needed, or doze image build mariadb');
  }
}
