import { EventEmitter } from 'node:events';

import { describe, expect, it } from 'vitest';

import { listenForSignals } from '../../../src/lib/agent/stop-signals.ts';

describe('signals to stop', () => {
  it('end in order at the first and at once at the second, whichever they are', () => {
    const source = new EventEmitter();
    const signals = listenForSignals(source);
    expect([signals.stop.aborted, signals.hurry.aborted]).toEqual([false, false]);
    source.emit('SIGTERM');
    expect([signals.stop.aborted, signals.hurry.aborted]).toEqual([true, false]);
    source.emit('SIGINT');
    expect(signals.hurry.aborted).toBe(true);
    expect(signals.hurry.reason).toMatchObject({ code: 'AGENT_STOPPING' });
  });

  it('make a stop that was asked for otherwise faster', () => {
    const source = new EventEmitter();
    const signals = listenForSignals(source);
    signals.request();
    expect([signals.stop.aborted, signals.hurry.aborted]).toEqual([true, false]);
    source.emit('SIGTERM');
    expect(signals.hurry.aborted).toBe(true);
  });

  it('are not listened to afterwards', () => {
    const source = new EventEmitter();
    listenForSignals(source)[Symbol.dispose]();
    expect(source.eventNames()).toEqual([]);
  });
});
