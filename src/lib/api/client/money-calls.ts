import type { ExportFormat } from '../../domain/index.ts';
import type {
  BillView,
  PushRequest,
  PushResult,
  RateCardRequest,
  RateCardView,
  UsageGroup,
  UsagePeriod,
  UsageReport,
} from '../contract.ts';
import type { OnProgress } from './stream.ts';
import type { CallOptions, Transport } from './transport.ts';

export interface UsageQuery {
  readonly project?: string;
  readonly compute?: string;
  /** ISO 8601. */
  readonly since?: string;
  readonly until?: string;
  /** Default `compute`. */
  readonly by?: UsageGroup;
  /** Also when computes were awake, in each of these. */
  readonly activity?: UsagePeriod;
}

export interface UsageCalls {
  report(query?: UsageQuery, options?: CallOptions): Promise<UsageReport>;
  /** @param query month as `2026-11` */
  bill(query: BillQuery, options?: CallOptions): Promise<BillView>;
  /** Line by line. */
  export(query: ExportQuery, options?: CallOptions): AsyncIterable<string>;
  push(request: PushRequest, onProgress?: OnProgress, options?: CallOptions): Promise<PushResult>;
}

export interface BillQuery {
  readonly project: string;
  readonly month: string;
  readonly alwaysOn?: boolean;
}

export interface ExportQuery extends Pick<UsageQuery, 'project' | 'since' | 'until'> {
  readonly format: ExportFormat;
}

export interface RateCalls {
  list(query?: { readonly project?: string }, options?: CallOptions): Promise<RateCardView[]>;
  /** As the next version of the name. */
  add(name: string, request: RateCardRequest, options?: CallOptions): Promise<RateCardView>;
}

/** A receiver that is down is tried for some minutes for each batch, and there may be many. */
const PUSH_TIMEOUT_MS = 24 * 3_600_000;

export function createUsageCalls(transport: Transport): UsageCalls {
  return {
    report: (query = {}, call) => transport.get('/usage', { ...query }, call),
    bill: (query, call) => transport.get('/usage/bill', { ...query }, call),
    export: (query, call) => transport.lines('/usage/export', { ...query }, true, call),
    push: (request, onProgress, call) =>
      transport.stream('/usage/push', request, onProgress, { timeoutMs: PUSH_TIMEOUT_MS, ...call }),
  };
}

export function createRateCalls(transport: Transport): RateCalls {
  return {
    list: (query = {}, call) => transport.get('/rates', { ...query }, call),
    add: (name, request, call) => transport.post(`/rates/${encodeURIComponent(name)}`, request, call),
  };
}
