export { leaseChange, leaseFlags, leaseRequest } from './lease-flags.ts';
export {
  computeArgument,
  optionalComputeArgument,
  optionalProjectArgument,
  parseChoice,
  parseCount,
  rateCardArgument,
  projectArgument,
  settingArgument,
  optionalSnapshotArgument,
  snapshotArgument,
  storageArgument,
} from './arguments.ts';
export { BaseCommand } from './base-command.ts';
export { checkNode } from './check-node.ts';
export { confirmName, confirmYes } from './confirm.ts';
export { findToken } from './find-token.ts';
export type { Output } from './output.ts';
export type { Progress, Report } from './progress.ts';
export { readRateFile } from './read-rate-file.ts';
export { projectFlags, projectRequest } from './project-flags.ts';
export { promptSecret } from './prompt-secret.ts';
export { readSecret } from './read-secret.ts';
export { createTextWriter } from './text-writer.ts';
export { writeFileOrStdout } from './write-file.ts';
