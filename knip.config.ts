import type { KnipConfig } from 'knip';

/** Dead code: files nobody reaches, exports and types nobody else uses, dependencies nobody loads. */
const config: KnipConfig = {
  entry: [
    'bin/*.js',
    'src/commands/**/*.ts',
    'src/lib/cli/start.ts',
    'src/lib/gateway/threads/worker.ts',
    'scripts/*.ts',
    'test/{unit,contract,integration,e2e}/**/*.test.ts',
    'test/support/environment/{setup,build}.ts',
    // Run by hand, to record fixtures anew.
    'test/support/capture-*.ts',
    'test/fixtures/**/*.{ts,js,mjs}',
  ],
  project: ['src/**/*.ts', 'bin/*.js', 'scripts/**/*.ts', 'test/**/*.ts', '*.{ts,js}'],
  // `oclif` is run by the build; the programs are Debian's.
  ignoreDependencies: ['oclif'],
  ignoreBinaries: [
    'apt-get',
    'cgroupfs-mount',
    'dockerd',
    'haproxy',
    'mariadbd',
    'mmdebstrap',
    'mount',
    'php',
    'script',
    'umount',
  ],
  // A door names the types of what it hands out, whether or not somebody writes them down.
  ignoreIssues: { 'src/lib/**/index.ts': ['types'] },
  ignoreExportsUsedInFile: { interface: true, type: true },
};

export default config;
