import { isoTime, isoTimeOrNull } from '../../iso-time.ts';
import type { OperationView } from '../../contract.ts';
import { problemOf } from '../problem.ts';
import type { Operation } from './operation.ts';

export function operationView(operation: Operation): OperationView {
  const { id, route, project, target, startedAtMs, endedAtMs, progress, outcome } = operation;
  return {
    id,
    operation: route,
    project,
    target: { ...target },
    state: outcome === null ? 'running' : outcome.kind === 'result' ? 'succeeded' : 'failed',
    startedAt: isoTime(startedAtMs),
    endedAt: isoTimeOrNull(endedAtMs),
    progress: progress.map(({ message, elapsedMs }) => ({ message, elapsedMs })),
    result: outcome?.kind === 'result' ? outcome.result : null,
    problem: outcome?.kind === 'error' ? problemOf(outcome.error) : null,
  };
}
