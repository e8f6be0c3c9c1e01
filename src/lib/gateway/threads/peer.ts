import { abortReason, untilAborted } from '../../clock.ts';
import { DozeError, hasCode, toDozeError } from '../../errors/index.ts';
import { readError, writeError, type ErrorData } from './error-data.ts';

/** Where messages go to, and come from in the order in which they were sent. */
export interface MessageEnd {
  postMessage(message: unknown): void;
  on(event: 'message', receive: (message: Message) => void): unknown;
}

/** One thread as the other one has it: asked for answers, or told something. */
export interface Peer<Theirs extends Calls<Theirs>> {
  /** @throws what the other side threw; THREAD_LOST when it has gone; the signal's reason, which the other side gets too */
  ask<Name extends NameOf<Theirs>>(
    name: Name,
    args: Parameters<Theirs[Name]>,
    signal?: AbortSignal,
  ): Promise<ReturnType<Theirs[Name]>>;
  /** Without an answer; nothing happens when it has gone. */
  tell<Name extends NameOf<Theirs>>(name: Name, args: Parameters<Theirs[Name]>): void;
  /** The other side has gone: who waits for it is told, and what it had asked for is called off. */
  close(): void;
}

/** What one side does when it is asked; the signal aborts when nobody waits for the answer any more. */
export type Handlers<Mine extends Calls<Mine>> = {
  readonly [Name in NameOf<Mine>]: (
    ...args: [...Parameters<Mine[Name]>, AbortSignal]
  ) => ReturnType<Mine[Name]> | Promise<ReturnType<Mine[Name]>>;
};

type Calls<Table> = { [Name in keyof Table]: (...args: never[]) => unknown };
type NameOf<Table> = keyof Table & string;

export type Message =
  | { readonly kind: 'ask'; readonly id: number; readonly name: string; readonly args: readonly unknown[] }
  | { readonly kind: 'tell'; readonly name: string; readonly args: readonly unknown[] }
  | { readonly kind: 'callOff'; readonly id: number }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: ErrorData };

export function createPeer<Mine extends Calls<Mine>, Theirs extends Calls<Theirs>>(
  end: MessageEnd,
  handlers: Handlers<Mine>,
): Peer<Theirs> {
  const asked = new Map<number, PromiseWithResolvers<unknown>>();
  const answering = new Map<number, AbortController>();
  let lastId = 0;
  let isClosed = false;

  const post = (message: Message): void => {
    if (!isClosed) end.postMessage(message);
  };
  const run = async (name: string, args: readonly unknown[], signal: AbortSignal): Promise<unknown> => {
    const handle = handlers[name as NameOf<Mine>] as (...args: readonly unknown[]) => unknown;
    return await handle(...args, signal);
  };
  const answer = async (id: number, name: string, args: readonly unknown[]): Promise<void> => {
    const calledOff = new AbortController();
    answering.set(id, calledOff);
    try {
      post({ kind: 'answer', id, value: await run(name, args, calledOff.signal) });
    } catch (error) {
      post({ kind: 'failure', id, error: writeError(toDozeError(error)) });
    } finally {
      answering.delete(id);
    }
  };
  const settle = (id: number, how: (waiter: PromiseWithResolvers<unknown>) => void): void => {
    const waiter = asked.get(id);
    asked.delete(id);
    if (waiter !== undefined) how(waiter);
  };

  end.on('message', (message) => {
    switch (message.kind) {
      case 'ask':
        void answer(message.id, message.name, message.args);
        return;
      case 'tell':
        // Who is told something says nothing back, and neither does a failure of it: the same facts are asked for anyway.
        run(message.name, message.args, new AbortController().signal).catch(() => undefined);
        return;
      case 'callOff':
        answering.get(message.id)?.abort(new DozeError('INTERRUPTED', 'the operation was interrupted'));
        return;
      case 'answer':
        settle(message.id, ({ resolve }) => resolve(message.value));
        return;
      case 'failure':
        settle(message.id, ({ reject }) => reject(readError(message.error)));
    }
  });

  return {
    ask: async (name, args, signal) => {
      if (isClosed) throw lost();
      if (signal?.aborted === true) throw abortReason(signal);
      const id = (lastId += 1);
      const waiter = Promise.withResolvers<unknown>();
      asked.set(id, waiter);
      post({ kind: 'ask', id, name, args });
      type Answer = ReturnType<Theirs[typeof name]>;
      if (signal === undefined) return (await waiter.promise) as Answer;
      try {
        return (await untilAborted(waiter.promise, signal)) as Answer;
      } finally {
        if (asked.delete(id)) post({ kind: 'callOff', id });
      }
    },
    tell: (name, args) => post({ kind: 'tell', name, args }),
    close: () => {
      isClosed = true;
      for (const { reject } of asked.values()) reject(lost());
      asked.clear();
      for (const calledOff of answering.values()) calledOff.abort(lost());
    },
  };
}

function lost(): DozeError {
  return new DozeError('THREAD_LOST', 'a thread of the gateway has ended');
}

export function isLost(error: unknown): boolean {
  return hasCode(error, 'THREAD_LOST');
}
