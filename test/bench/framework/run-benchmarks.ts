import type { BenchContext, Benchmark } from './benchmark.ts';
import { describeMachine, findVersions } from './machine.ts';
import type { Result } from './results.ts';

/**
 * One after the other: two at once would measure each other. What fails is reported and does not cost the others
 * their results.
 */
export async function runBenchmarks(
  benchmarks: readonly Benchmark[],
  context: BenchContext,
  onResult: (result: Result) => void,
): Promise<readonly { readonly name: string; readonly error: unknown }[]> {
  const failures: { name: string; error: unknown }[] = [];
  for (const benchmark of benchmarks) {
    if (context.signal.aborted) break;
    const { name, what, dividedBy, target } = benchmark;
    context.progress(`${name}: ${what}, against ${dividedBy}`);
    try {
      const measurement = await benchmark.measure(context);
      const date = new Date().toISOString();
      onResult({
        name,
        what,
        dividedBy,
        target,
        date,
        machine: describeMachine(),
        versions: findVersions(),
        ...measurement,
      });
    } catch (error) {
      failures.push({ name, error });
      context.progress(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  return failures;
}
