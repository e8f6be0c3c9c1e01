import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { createAgentHome, type AgentHome } from './agent-home.ts';

const AGENT = new URL('../../fixtures/agent.ts', import.meta.url).pathname;

/** An agent of the home, started by hand. */
function runByHand({ environment }: AgentHome): ChildProcess {
  return spawn(process.execPath, [AGENT], { env: { ...environment }, stdio: 'ignore' });
}

describe('the end of an agent', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('is clean after %s, and leaves nothing behind', async (signal) => {
    await using home = createAgentHome();
    const agent = runByHand(home);
    await home.answers();
    agent.kill(signal);
    expect(await once(agent, 'exit')).toEqual([0, null]);
    expect(home.logged().at(-1)).toBe('the agent has ended; computes go on');
    const { socket, ownerFile, home: directory } = home.paths;
    expect([existsSync(socket), existsSync(ownerFile)]).toEqual([false, false]);
    expect(readdirSync(directory).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('is the same when its API is asked for it', async () => {
    await using home = createAgentHome();
    const agent = runByHand(home);
    await home.answers();
    await home.api.agent.stop();
    expect(await once(agent, 'exit')).toEqual([0, null]);
    expect(existsSync(home.paths.socket)).toBe(false);
  });
});

describe('a running agent', () => {
  it('keeps a second one out, which ends with the exit code for that', async () => {
    await using home = createAgentHome();
    await home.ensure();
    const pid = await home.pid();
    const [code] = (await once(runByHand(home), 'exit')) as [number];
    expect(code).toBe(5);
    expect(await home.pid()).toBe(pid);
  });

  it('has its files to itself', async () => {
    await using home = createAgentHome();
    await home.ensure();
    await home.pid();
    const { socket, logFile, ownerFile, lockFile, database } = home.paths;
    for (const file of [socket, logFile, ownerFile, lockFile, database]) {
      expect(statSync(file).mode & 0o077, file).toBe(0);
    }
    expect(JSON.parse(readFileSync(ownerFile, 'utf8'))).toMatchObject({ pid: await home.pid(), version: '1.0.0' });
  });

  it('answers every question of an empty home', async () => {
    await using home = createAgentHome();
    await home.ensure();
    await home.pid();
    expect(await home.api.computes.list()).toEqual([]);
    expect(await home.api.events.list()).toEqual([]);
    expect(await home.api.usage.report()).toMatchObject({ computes: [], total: { activeSeconds: 0 } });
    await expect(home.api.computes.show('default', 'shop')).rejects.toMatchObject({ code: 'COMPUTE_NOT_FOUND' });
    await expect(home.api.computes.suspend('default', 'shop', {})).rejects.toMatchObject({ code: 'COMPUTE_NOT_FOUND' });
    await expect(home.api.computes.wait('default', 'shop')).rejects.toMatchObject({ code: 'COMPUTE_NOT_FOUND' });
    await expect(home.api.events.list({ compute: 'shop' })).rejects.toMatchObject({ code: 'COMPUTE_NOT_FOUND' });
    const checks = await home.api.doctor();
    expect(checks.map(({ name }) => name)).toEqual([
      'docker',
      'process',
      'images',
      'depths',
      'ports',
      'disk',
      'clock',
      'store',
      'ledger',
      'agent',
    ]);
    expect(checks.find(({ name }) => name === 'store')).toMatchObject({ status: 'ok' });
    expect(checks.every(({ status, hint }) => (status === 'warning' || status === 'failed') === (hint !== null))).toBe(
      true,
    );
  });
});
