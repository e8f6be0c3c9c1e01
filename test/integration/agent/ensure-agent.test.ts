import { writeFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { createSystemClock } from '../../../src/lib/clock.ts';
import { createAgentHome, isAlive } from './agent-home.ts';

const clock = createSystemClock();

describe('ensuring that an agent runs', () => {
  it('starts one for ten that ask at once, and all ten get through to it', async () => {
    await using home = createAgentHome();
    const ensured = await Promise.all(Array.from({ length: 10 }, () => home.ensure()));
    expect(ensured).toHaveLength(10);
    await home.pid();
    expect(home.logged().filter((message) => message === 'the agent is up')).toHaveLength(1);
    expect(home.logged().filter((message) => message === 'the agent could not start')).toHaveLength(0);
  });

  it('starts none when one answers', async () => {
    await using home = createAgentHome();
    expect(await home.ensure()).toMatchObject({ isStarted: true });
    const pid = await home.pid();
    expect(await home.ensure()).toMatchObject({ isStarted: false });
    expect(await home.pid()).toBe(pid);
  });

  it('replaces one that was killed, whatever it has left behind', async () => {
    await using home = createAgentHome();
    await home.ensure();
    const pid = await home.pid();
    process.kill(pid, 'SIGKILL');
    while (isAlive(pid)) await clock.sleep(5);
    const ensured = await Promise.all([home.ensure(), home.ensure(), home.ensure()]);
    expect(ensured.every(({ isStarted }) => isStarted)).toBe(true);
    expect(await home.pid()).not.toBe(pid);
  });

  it('waits for the end of one that is stopping, and starts the next', async () => {
    await using home = createAgentHome();
    await home.ensure();
    const pid = await home.pid();
    await home.api.agent.stop();
    while (await answers(home.api)) await clock.sleep(1);
    await home.ensure();
    expect(await home.pid()).not.toBe(pid);
  });

  it('keeps to its own home', async () => {
    await using one = createAgentHome();
    await using other = createAgentHome();
    await Promise.all([one.ensure(), other.ensure()]);
    const pid = await one.pid();
    await other.pid();
    await other.api.agent.stop();
    expect(await one.pid()).toBe(pid);
    expect((await one.api.agent.status()).homeId).toHaveLength(8);
  });
});

describe('an agent that cannot start', () => {
  it('says why, with the way out', async () => {
    await using home = createAgentHome({ DOZE_SUSPEND_AFTER: 'soon' });
    await expect(home.ensure()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('DOZE_SUSPEND_AFTER') as string,
    });
  });

  it('leaves a database alone that is none', async () => {
    await using home = createAgentHome();
    writeFileSync(home.paths.database, 'this is not a database, and long enough to look at: '.repeat(20));
    await expect(home.ensure()).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
  });

  it('is quoted when it ends without a word of its own', async () => {
    await using home = createAgentHome();
    const script = 'console.error("first line"); console.error("out of luck"); process.exit(3)';
    await expect(home.ensure([process.execPath, '-e', script])).rejects.toMatchObject({
      code: 'AGENT_START_FAILED',
      message: expect.stringMatching(/exit code 3[^]*out of luck/) as string,
    });
  });

  it('is named when it is no program at all', async () => {
    await using home = createAgentHome();
    await expect(home.ensure(['/nonexistent/doze'])).rejects.toMatchObject({
      code: 'AGENT_START_FAILED',
      message: expect.stringContaining('could not be executed') as string,
    });
  });

  it('is given up on at the deadline', async () => {
    await using home = createAgentHome();
    const never = [process.execPath, '-e', 'setTimeout(() => {}, 2000)'] as const;
    await expect(home.ensure(never, 200)).rejects.toMatchObject({ code: 'TIMED_OUT' });
  });
});

async function answers(api: { agent: { status(): Promise<unknown> } }): Promise<boolean> {
  return api.agent.status().then(
    () => true,
    () => false,
  );
}
