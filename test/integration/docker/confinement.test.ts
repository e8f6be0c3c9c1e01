import { connect } from 'node:net';
import { once } from 'node:events';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { verbContext, type Subject } from '../../contract/driver-harness.ts';
import { openDockerBench, type DockerBench } from '../../support/docker-bench.ts';

let opened: DockerBench;
let subject: Subject;
let other: Subject;
beforeAll(async () => {
  opened = await openDockerBench();
  subject = await opened.bench.launch();
  other = await opened.bench.launch();
});
afterAll(async () => opened[Symbol.asyncDispose]());

function inside(script: string): Promise<string> {
  return opened.home.exec(subject.id, ['/bin/bash', '-c', script]);
}

async function addressOf({ id }: Subject): Promise<string> {
  const instance = await opened.bench.driver.inspect(id, verbContext().signal);
  return instance?.endpoint?.host ?? '';
}

/** Whether a TCP connection from inside the subject's container is taken within two seconds. */
async function canReach(address: string): Promise<boolean> {
  const said = await inside(`timeout 2 bash -c 'exec 3<>/dev/tcp/${address}/3306' && echo taken || echo refused`);
  return said.includes('taken');
}

describe('a compute in Docker', () => {
  it('cannot reach another one, though it reaches itself', async () => {
    expect(await canReach(await addressOf(subject))).toBe(true);
    expect(await canReach(await addressOf(other))).toBe(false);
  });

  it('is reached from the host', async () => {
    const socket = connect(3306, await addressOf(other));
    const [greeting] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(greeting.toString('latin1')).toContain('MariaDB');
  });

  it('runs as an unprivileged user without any capability, and cannot gain one', async () => {
    expect((await inside('id -un')).trim()).toBe('mysql');
    const status = await inside('cat /proc/1/status');
    expect(status).toMatch(/^CapEff:\s+0+\r?$/m);
    expect(status).toMatch(/^CapBnd:\s+0+\r?$/m);
    expect(status).toMatch(/^NoNewPrivs:\s+1\r?$/m);
  });

  it('can write to its data and to scratch space only', async () => {
    expect(await inside('touch /x || touch /usr/x || touch /etc/x')).toMatch(/Read-only file system/);
    expect(await inside('touch /tmp/x /var/lib/mysql/x && rm /tmp/x /var/lib/mysql/x && echo written')).toContain(
      'written',
    );
  });

  it('has the CPU and memory of its size, and a bound on processes', async () => {
    const { HostConfig: limits } = await (await opened.home.container(subject.id)).inspect();
    expect(limits).toMatchObject({ NanoCpus: 0.25e9, Memory: 1024 ** 3, MemorySwap: 1024 ** 3, PidsLimit: 4096 });
    expect(limits.RestartPolicy).toMatchObject({ Name: 'no' });
  });

  it('keeps no clear password in the container', async () => {
    const container = await (await opened.home.container(subject.id)).inspect();
    const text = JSON.stringify(container);
    for (const password of [subject.credentials.userPassword, subject.credentials.rootPassword]) {
      expect(text).not.toContain(password);
    }
  });
});
