import { randomUUID } from 'node:crypto';

import { afterEach, describe, expect, it } from 'vitest';

import { createSystemClock } from '../../../src/lib/clock.ts';
import { templateName } from '../../../src/lib/drivers/docker/template.ts';
import { createMariaDbEngine, type Engine } from '../../../src/lib/engines/index.ts';
import { DozeError } from '../../../src/lib/errors/index.ts';
import { verbContext } from '../../contract/driver-harness.ts';
import { createDockerTestHome, type DockerTestHome } from '../../support/docker-home.ts';

/** Nobody else's template, as the script is part of its name. */
function engineWith(templateScript: string): Engine {
  return {
    ...createMariaDbEngine({ clock: createSystemClock() }),
    templateScript: `# ${randomUUID()}\n${templateScript}`,
  };
}

const QUICK = 'sleep 1; mkdir -p "$DATADIR/mysql"; echo "$SERVER" >"$DATADIR/mysql/made-by"';

let home: DockerTestHome | null = null;
afterEach(async () => {
  if (home !== null) await removeTemplates(home);
});

async function removeTemplates(of: DockerTestHome): Promise<void> {
  const { containers, volumes } = await leftOf(of);
  for (const id of containers) await of.docker.getContainer(id).remove({ force: true });
  for (const name of volumes) await of.docker.getVolume(name).remove();
}

/** Containers and volumes of the template of this home's engine. */
async function leftOf({ docker, engine }: DockerTestHome): Promise<{ containers: string[]; volumes: string[] }> {
  const images = await docker.listImages({ filters: { label: ['doze.engine=mariadb'] } });
  const names = images.map(({ Id }) => templateName(Id, engine.templateScript));
  const filters = { label: ['doze.role=template'] };
  const isOurs = (name: string): boolean => names.some((known) => name.includes(known));
  const containers = await docker.listContainers({ all: true, filters });
  const { Volumes: volumes } = await docker.listVolumes({ filters });
  return {
    containers: containers.filter(({ Names }) => Names.some(isOurs)).map(({ Id }) => Id),
    volumes: volumes.map(({ Name }) => Name).filter(isOurs),
  };
}

const REQUEST = { version: null, image: null, isStateless: false };

describe('the data template', () => {
  it('is made once when two ask for it at the same time', async () => {
    home = createDockerTestHome(engineWith(QUICK));
    const progress: string[] = [];
    const context = { ...verbContext(), onProgress: (message: string) => progress.push(message) };
    await Promise.all([home.openDriver().prepare(REQUEST, context), home.openDriver().prepare(REQUEST, context)]);
    expect(progress.filter((message) => message.includes('initialising'))).toHaveLength(1);
    expect(await leftOf(home)).toMatchObject({ containers: [expect.anything()], volumes: [expect.anything()] });
  });

  it('leaves nothing behind when it cannot be made, and says why', async () => {
    home = createDockerTestHome(engineWith('echo "no tables here" >&2; exit 3'));
    await expect(home.openDriver().prepare(REQUEST, verbContext())).rejects.toMatchObject({
      code: 'IMAGE_UNAVAILABLE',
      message: expect.stringContaining('no tables here') as string,
    });
    expect(await leftOf(home)).toEqual({ containers: [], volumes: [] });
  });

  it('is finished by the next one who asks when the first gave up', async () => {
    home = createDockerTestHome(engineWith(QUICK));
    const controller = new AbortController();
    const onProgress = (): void => controller.abort(new DozeError('INTERRUPTED', 'changed my mind'));
    const first = home.openDriver().prepare(REQUEST, { signal: controller.signal, onProgress });
    await expect(first).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(await home.openDriver().prepare(REQUEST, verbContext())).toMatchObject({ version: /./ });
    expect((await leftOf(home)).containers).toHaveLength(1);
  });

  it('is another one for an image that was built anew under the same name', async () => {
    home = createDockerTestHome(engineWith(QUICK));
    const { docker } = home;
    const [repo, tag] = ['doze/rebuilt-test', '10.11'];
    const request = { ...REQUEST, image: `${repo}:${tag}` };
    const driver = home.openDriver();
    const first = await driver.prepare(REQUEST, verbContext());
    await docker.getImage(first.image ?? '').tag({ repo, tag });
    const same = await driver.prepare(request, verbContext());
    expect(same.recipe).toBe(first.recipe);
    const container = await docker.createContainer({ Image: request.image, Cmd: ['true'] });
    await container.commit({ repo, tag, changes: 'LABEL doze.test=rebuilt' });
    await container.remove();
    const rebuilt = await driver.prepare(request, verbContext());
    expect(rebuilt.recipe).not.toBe(first.recipe);
    expect((await leftOf(home)).volumes).toHaveLength(2);
    await removeTemplates(home);
    await docker.getImage(request.image).remove();
  });

  it('that was left half made is made anew', async () => {
    home = createDockerTestHome(engineWith(QUICK));
    const driver = home.openDriver();
    await driver.prepare(REQUEST, verbContext());
    const [first] = (await leftOf(home)).volumes;
    // As a power cut leaves it: the container ended, but not with 0.
    const [id = ''] = (await leftOf(home)).containers;
    const container = home.docker.getContainer(id);
    await container.start();
    await container.kill();
    await driver.prepare(REQUEST, verbContext());
    const { volumes } = await leftOf(home);
    expect(volumes).toHaveLength(1);
    expect(volumes[0]).not.toBe(first);
  });

  it('is not asked for from an unknown version, which is told with the known ones', async () => {
    home = createDockerTestHome(engineWith(QUICK));
    await expect(
      home.openDriver().prepare({ version: '4.1', image: null, isStateless: false }, verbContext()),
    ).rejects.toMatchObject({
      code: 'ENGINE_VERSION_UNKNOWN',
      hint: expect.stringContaining('10.11') as string,
    });
  });
});
