import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take a minute and more. Begun last, one of them would run alone at the end while other workers idle. */
const LONG = [
  'integration/recovery/kill-at-every-step',
  'contract/docker',
  'contract/process',
  'e2e/docker',
  'integration/agent/ensure-agent',
  'e2e/lifecycle',
  'e2e/without-computes',
];

/** On a clean checkout nothing is known of earlier runs, and vitest would go by the size of the files. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => groupOf(a) - groupOf(b) || rankOf(a) - rankOf(b));
  }
}

function groupOf({ project }: TestSpecification): number {
  return project.config.sequence.groupOrder;
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = LONG.findIndex((name) => moduleId.includes(`test/${name}`));
  return rank === -1 ? LONG.length : rank;
}
