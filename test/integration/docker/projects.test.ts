import { once } from 'node:events';
import { connect } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { verbContext, type Subject } from '../../contract/driver-harness.ts';
import { openDockerBench, type DockerBench } from '../../support/docker-bench.ts';

let opened: DockerBench;
let shop: Subject;
let blog: Subject;
beforeAll(async () => {
  opened = await openDockerBench();
  shop = await launchIn('shop');
  blog = await launchIn('blog');
});
afterAll(async () => opened[Symbol.asyncDispose]());

async function launchIn(project: string): Promise<Subject> {
  const made = await opened.bench.newSubject();
  const subject = { ...made, spec: { ...made.spec, project } };
  await opened.bench.create(subject);
  await opened.bench.start(subject);
  return subject;
}

async function addressOf({ id }: Subject): Promise<string> {
  const instance = await opened.bench.driver.inspect(id, verbContext().signal);
  return instance?.endpoint?.host ?? '';
}

/** Whether a TCP connection from inside a compute's container is taken within two seconds. */
async function reaches({ id }: Subject, host: string): Promise<boolean> {
  const script = `timeout 2 bash -c 'exec 3<>/dev/tcp/${host}/3306' && echo taken || echo refused`;
  return (await opened.home.exec(id, ['/bin/bash', '-c', script])).includes('taken');
}

async function containerNameOf({ id }: Subject): Promise<string> {
  return (await (await opened.home.container(id)).inspect()).Name.replace(/^\//, '');
}

describe('computes of two projects', () => {
  it('do not reach each other on the network, neither by address nor by name', async () => {
    for (const [one, other] of [
      [shop, blog],
      [blog, shop],
    ] as const) {
      expect(await reaches(one, await addressOf(one))).toBe(true);
      expect(await reaches(one, await addressOf(other))).toBe(false);
      expect(await reaches(one, await containerNameOf(other))).toBe(false);
    }
  });

  it('are both reached by the agent, also when they were started anew', async () => {
    await opened.bench.suspend(shop, 'stopped');
    await opened.bench.start(shop);
    for (const subject of [shop, blog]) {
      const socket = connect(3306, await addressOf(subject));
      const [greeting] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      expect(greeting.toString('latin1')).toContain('MariaDB');
    }
    expect(await reaches(blog, await addressOf(shop))).toBe(false);
  });
});
