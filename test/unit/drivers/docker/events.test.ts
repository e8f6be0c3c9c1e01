import { describe, expect, it } from 'vitest';

import { changeOf, readEvent, type DockerEvent, eventTime } from '../../../../src/lib/drivers/docker/events.ts';

const DIE = {
  Type: 'container',
  Action: 'die',
  Actor: { ID: 'abc', Attributes: { 'doze.compute': 'c1', 'doze.home': 'h', exitCode: '137', image: 'i' } },
  time: 1_700_000_000,
  timeNano: 1_700_000_000_123_456_789,
};

function event(changes: Partial<DockerEvent>): DockerEvent {
  return { action: 'die', containerId: 'abc', computeId: 'c1', atMs: 5, code: 0, ...changes };
}

describe("Docker's events", () => {
  it('tell which compute ended, when and how', () => {
    expect(readEvent(DIE)).toEqual({
      action: 'die',
      containerId: 'abc',
      computeId: 'c1',
      atMs: 1_700_000_000_123,
      code: 137,
    });
  });

  it.each([
    ['of another kind', { ...DIE, Action: 'exec_create: ls' }],
    ['of containers that are not computes', { ...DIE, Actor: { ID: 'abc', Attributes: { exitCode: '0' } } }],
    ['without an actor', { Action: 'die' }],
  ])('%s are passed over', (_what, line) => {
    expect(readEvent(line)).toBeNull();
  });

  it('of a death give the exit', () => {
    expect(changeOf(event({ code: 1 }), false)).toEqual({
      computeId: 'c1',
      kind: 'ended',
      exit: { atMs: 5, code: 1, isOutOfMemory: false },
    });
  });

  it.each([
    ["the supervisor's own exit code", 97, false],
    ['an event before it', 137, true],
  ])('of a death by the memory limit are known by %s', (_how, code, isFirstProcessOutOfMemory) => {
    expect(changeOf(event({ code }), isFirstProcessOutOfMemory)?.exit).toEqual({
      atMs: 5,
      code: 137,
      isOutOfMemory: true,
    });
  });

  it.each([
    ['destroy', 'removed'],
    ['pause', 'changed'],
    ['unpause', 'changed'],
    ['start', 'changed'],
  ] as const)('%s means %s', (action, kind) => {
    expect(changeOf(event({ action }), false)).toEqual({ computeId: 'c1', kind, exit: null });
  });

  it('of a memory shortage say nothing by themselves', () => {
    expect(changeOf(event({ action: 'oom' }), true)).toBeNull();
  });
});

describe('an instant of Docker', () => {
  it('is asked for to the nanosecond, in whatever zone it was written', () => {
    expect(eventTime('2026-11-22T20:24:20.284822105Z')).toBe('1795379060.284822105');
    expect(eventTime('2026-11-22T21:24:20.5+01:00')).toBe('1795379060.500000000');
    expect(eventTime('2026-11-22T20:24:20Z')).toBe('1795379060.000000000');
  });
});
