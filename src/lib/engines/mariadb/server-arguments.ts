import { memoryBytes } from '../../domain/index.ts';

/** What shapes the files of a data directory: the template is made with the same, else a start would remake them. */
export const FORMAT_ARGUMENTS = ['--innodb-log-file-size=16M', '--innodb-undo-tablespaces=0'] as const;

export function serverArguments(cu: number): readonly string[] {
  return [
    '--no-defaults',
    ...FORMAT_ARGUMENTS,
    `--innodb-buffer-pool-size=${memoryBytes(cu) / 2}`,
    '--skip-name-resolve',
    '--skip-log-bin',
  ];
}
