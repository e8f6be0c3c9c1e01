import { isoTime, type AgentServices, type PoolView } from '../../api/index.ts';
import type { PoolStatus } from '../../control/index.ts';
import type { AgentCore } from '../running.ts';

/** The warm pool. */
export function createPoolServices(core: AgentCore): AgentServices['pools'] {
  return {
    async list() {
      const { control } = await core.running;
      return control.operations.listPools().map((status) => poolView(core, status));
    },
    async set({ size, image = null }, onProgress) {
      const { control, reconciled } = await core.running;
      await reconciled;
      return poolView(core, await control.operations.setPool({ size, image }, onProgress));
    },
  };
}

function poolView({ clock }: AgentCore, { kind, problem, ...status }: PoolStatus): PoolView {
  return { ...status, runs: kind, problem: problem === null ? null : problemView(clock, problem) };
}

function problemView(
  { wallMs, monotonicMs }: AgentCore['clock'],
  { error, retryAtMs }: NonNullable<PoolStatus['problem']>,
): PoolView['problem'] {
  const { code, message, hint } = error;
  return { code, message, hint: hint ?? null, retryAt: isoTime(wallMs() + retryAtMs - monotonicMs()) };
}
