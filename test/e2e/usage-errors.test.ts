import { afterAll, describe, expect, it } from 'vitest';

import { createTestHome } from '../support/cli.ts';

/** None of these needs an agent, and none may start one. */
const MISTAKES: readonly (readonly [args: string[], exit: number, code: string, message: string])[] = [
  [['frobnicate'], 2, 'USAGE', '`doze frobnicate` is not a command'],
  [['compute', 'strat', 'shop'], 2, 'USAGE', 'did you mean `doze compute start`?'],
  [['list'], 2, 'USAGE', 'did you mean `doze compute list`?'],
  [['compute', 'start'], 2, 'USAGE', '`doze compute start` needs NAME'],
  [['compute', 'start', 'a', 'b'], 2, 'USAGE', '`doze compute start` does not take "b"'],
  [['compute', 'list', '--nope'], 2, 'USAGE', '`doze compute list` has no flag --nope'],
  [['compute', 'suspend', 'shop', '--dept', 'frozen'], 2, 'USAGE', 'did you mean --depth?'],
  [['compute', 'start', 'shop', '--size'], 2, 'USAGE', 'Flag --size expects a value'],
  [['compute', 'start', 'Shop_1'], 2, 'NAME_INVALID', '"Shop_1" cannot be the name of a compute'],
  [['compute', 'start', 'shop', '--size', '0.3'], 2, 'SIZE_INVALID', '"0.3" is not a size'],
  [['compute', 'start', 'shop', '--suspend-after', '5x'], 2, 'DURATION_INVALID', '"5x" is not a duration'],
  [['compute', 'start', 'shop', '--depth', 'deep'], 2, 'DEPTH_INVALID', '"deep" is not a depth'],
  [['compute', 'start', 'shop', '--port', '99999'], 2, 'VALUE_INVALID', '"99999" cannot be the value of --port'],
  [['compute', 'start', 'shop', '--timeout', 'soon'], 2, 'DURATION_INVALID', '"soon" is not a duration'],
  [['compute', 'destroy', 'shop'], 2, 'CONFIRMATION_NEEDED', 'destroying "shop" has to be confirmed'],
  [['compute', 'destroy', 'shop', '--confirm', 'ship'], 2, 'CONFIRMATION_NEEDED', '--confirm says "ship"'],
  [['usage', 'report', '--since', '2026-13-01'], 2, 'TIME_INVALID', '"2026-13-01" is not a time'],
  [
    ['compute', 'snapshot', 'delete', 'shop', 'one'],
    2,
    'CONFIRMATION_NEEDED',
    'deleting snapshot "one" of "shop" has to be confirmed',
  ],
  [
    ['compute', 'snapshot', 'restore', 'shop', 'one'],
    2,
    'CONFIRMATION_NEEDED',
    'putting "shop" back to snapshot "one"',
  ],
  [['storage', 'add', 'x', '--page-server', 'http://x', '--auth', 'y'], 2, 'VALUE_INVALID', 'the value of --auth'],
  [['config', 'get', 'suspendAftr'], 3, 'SETTING_UNKNOWN', 'did you mean suspendAfter?'],
  [['config', 'get', 'nosuch'], 3, 'SETTING_UNKNOWN', 'there is no setting "nosuch"'],
  [['config', 'set', 'suspendAfter', '5x'], 2, 'VALUE_INVALID', '"5x" is not a duration'],
];

const home = createTestHome();
afterAll(() => home[Symbol.asyncDispose]());

describe('a mistake', () => {
  it.each(MISTAKES)('%j exits with %i and says %s: %s', async (args, exit, code, message) => {
    const [forPeople, forScripts] = await Promise.all([home.run(...args), home.run(...args, '--json')]);
    expect(forPeople).toMatchObject({ code: exit, stdout: '' });
    expect(forPeople.stderr).toMatch(/^Error: /);
    expect(forPeople.stderr).toContain(message);
    expect(forPeople.stderr).toMatch(/^Next: ./m);

    expect(forScripts).toMatchObject({ code: exit, stderr: '' });
    const { error } = JSON.parse(forScripts.stdout) as { error: Record<string, unknown> };
    expect(error).toMatchObject({ code, retryable: false });
    expect(error['message']).toContain(message);
    expect(error['hint']).toBeTypeOf('string');
  });

  it('starts no agent', async () => {
    expect((await home.run('agent', 'status')).code).toBe(3);
  });
});
