import type { TrafficDelta } from '../store/index.ts';
import type { ComputeGate } from './compute-gate.ts';
import type { Core } from './core.ts';

/** What clients did since the last time it was taken; what was taken is not told again. */
export function takeTraffic(core: Core): readonly TrafficDelta[] {
  const deltas = core.leftTraffic.splice(0);
  for (const gate of core.gates.values()) deltas.push(...takeFrom(gate));
  return deltas;
}

/** Before a gate goes. */
export function leaveTraffic(core: Core, gate: ComputeGate): void {
  core.leftTraffic.push(...takeFrom(gate));
}

function takeFrom(gate: ComputeGate): TrafficDelta[] {
  const { computeId, taken } = gate;
  const bytesIn = gate.bytesIn - taken.bytesIn;
  const bytesOut = gate.bytesOut - taken.bytesOut;
  const queries = gate.commands - taken.commands;
  if (bytesIn === 0 && bytesOut === 0 && queries === 0) return [];
  gate.taken = { bytesIn: gate.bytesIn, bytesOut: gate.bytesOut, commands: gate.commands };
  return [{ computeId, bytesIn, bytesOut, queries }];
}
