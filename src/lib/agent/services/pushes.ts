import { createHash } from 'node:crypto';

import { isoTime, type AgentServices } from '../../api/index.ts';
import { DozeError } from '../../errors/index.ts';
import { deliver } from '../push/delivery.ts';
import { pushUsage } from '../push/push-usage.ts';
import { sendBatch } from '../push/send-batch.ts';
import type { AgentCore } from '../running.ts';
import { usageHours } from './usage-hours.ts';

const HOUR_MS = 3_600_000;
const ATTEMPT_TIMEOUT_MS = 30_000;
const DEFAULT_BATCH = 500;

/** Sends usage for as long as somebody waits for it: what is left goes with the next push. */
export function createPushService(core: AgentCore): AgentServices['usage']['push'] {
  const { store, clock } = core;
  const underWay = new Set<string>();
  return async ({ to, secret = null, since, batchSize = DEFAULT_BATCH }, onProgress, gone) => {
    const { reconciled } = await core.running;
    // Before that an hour may be on record as longer than it was.
    await reconciled;
    const url = parseReceiver(to, secret);
    const receiver = nameOf(url);
    if (underWay.has(receiver)) throw alreadyPushing(url);
    underWay.add(receiver);
    try {
      const pushed = await pushUsage(
        {
          store,
          clock,
          hours: (window) => usageHours(core, window),
          deliver: (body, signal) =>
            deliver(body, { clock, random: Math.random, receiver: describe(url), onProgress, send }, signal),
          onProgress,
        },
        { receiver, sinceMs: sinceMs(since), batchSize },
        gone,
      );
      const { sinceMs: fromMs, untilMs, ...counts } = pushed;
      return { to: describe(url), since: isoTime(fromMs), until: isoTime(untilMs), ...counts };
    } finally {
      underWay.delete(receiver);
    }

    function send(body: string, signal: AbortSignal): ReturnType<typeof sendBatch> {
      return sendBatch(body, { url, secret, timeoutMs: ATTEMPT_TIMEOUT_MS }, signal);
    }
  };

  function sinceMs(since: string | undefined): number {
    const firstMs = since === undefined ? beginningMs() : Date.parse(since);
    return Math.floor(firstMs / HOUR_MS) * HOUR_MS;
  }

  /** Of the records. */
  function beginningMs(): number {
    return store
      .listComputes({ includeDestroyed: true })
      .reduce((firstMs, { createdAtMs }) => Math.min(firstMs, createdAtMs), clock.wallMs());
  }
}

/** @throws VALUE_INVALID */
function parseReceiver(to: string, secret: string | null): URL {
  const url = URL.canParse(to) ? new URL(to) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new DozeError('VALUE_INVALID', 'the receiver is not an http or https URL', {
      hint: 'doze usage push --to https://HOST/PATH',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new DozeError('VALUE_INVALID', 'the URL of a receiver has no place for a password', {
      hint: `doze usage push --to ${describe(url)} --secret-file FILE`,
    });
  }
  if (secret !== null && url.protocol === 'http:' && !isHere(url.hostname)) {
    throw new DozeError(
      'VALUE_INVALID',
      `a secret is not sent to ${describe(url)}, where all on the way could read it`,
      {
        hint: 'use https',
      },
    );
  }
  return url;
}

function isHere(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

/** As it is on record: a query may have a secret in it. */
function nameOf(url: URL): string {
  return createHash('sha256').update(url.href).digest('hex').slice(0, 32);
}

/** For people. */
function describe(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

function alreadyPushing(url: URL): DozeError {
  return new DozeError('STATE_CONFLICT', `usage is being pushed to ${describe(url)} already`, {
    hint: 'wait until that push has ended',
  });
}
