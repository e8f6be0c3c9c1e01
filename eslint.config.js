import tseslint from 'typescript-eslint';

/**
 * What has one owner, and what everybody else uses instead. `bans` leaves out what a room owns; the lists are built
 * for each block because ESLint replaces a rule's options instead of merging them.
 */
function bans(...owned) {
  const isBanned = (ban) => !owned.includes(ban.owner);
  return {
    'no-restricted-globals': ['error', ...GLOBALS.filter(isBanned).map(({ name, message }) => ({ name, message }))],
    'no-restricted-properties': [
      'error',
      ...PROPERTIES.filter(isBanned).map(({ object, property, message }) => ({ object, property, message })),
    ],
    'no-restricted-syntax': [
      'error',
      ...SYNTAX.filter(isBanned).map(({ selector, message }) => ({ selector, message })),
    ],
    'no-restricted-imports': [
      'error',
      { paths: IMPORTS.filter(isBanned).map(({ name, message }) => ({ name, message })) },
    ],
  };
}

const TIME = 'Time belongs to src/lib/clock.ts: take a Clock, or a deadline from createDeadline.';
const ENVIRONMENT = 'The environment belongs to src/lib/config: take the setting as an option.';
const TERMINAL =
  'The process and its terminal belong to commands and cli: return data, throw a DozeError, take a logger.';
const ERRORS = 'DozeError is the only error: new DozeError(code, message, { hint }).';

const GLOBALS = [
  { owner: 'time', name: 'setTimeout', message: TIME },
  { owner: 'time', name: 'setInterval', message: TIME },
  { owner: 'time', name: 'performance', message: TIME },
  { owner: 'terminal', name: 'console', message: TERMINAL },
];

const PROPERTIES = [
  { owner: 'time', object: 'Date', property: 'now', message: TIME },
  { owner: 'time', object: 'process', property: 'hrtime', message: TIME },
  { owner: 'time', object: 'process', property: 'uptime', message: TIME },
  { owner: 'time', object: 'AbortSignal', property: 'timeout', message: TIME },
  { owner: 'environment', object: 'process', property: 'env', message: ENVIRONMENT },
  { owner: 'terminal', object: 'process', property: 'exit', message: TERMINAL },
  { owner: 'terminal', object: 'process', property: 'exitCode', message: TERMINAL },
  { owner: 'terminal', object: 'process', property: 'stdout', message: TERMINAL },
  { owner: 'terminal', object: 'process', property: 'stderr', message: TERMINAL },
  { owner: 'terminal', object: 'process', property: 'stdin', message: TERMINAL },
];

const SYNTAX = [
  { owner: 'time', selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: TIME },
  {
    owner: 'errors',
    selector: ':matches(NewExpression, CallExpression)[callee.name=/^(Type|Range|Syntax|Aggregate)?Error$/]',
    message: ERRORS,
  },
  {
    owner: 'errors',
    selector: 'ClassDeclaration[superClass.name=/Error$/]',
    message: ERRORS,
  },
];

const IMPORTS = [
  { owner: 'time', name: 'node:timers', message: TIME },
  { owner: 'time', name: 'node:timers/promises', message: TIME },
  { owner: 'time', name: 'node:perf_hooks', message: TIME },
  { owner: 'environment', name: 'node:process', message: ENVIRONMENT },
];

/** A test that is left out, repeated until it passes, or left alone in its file is a lie. */
const TEST_SYNTAX = [
  {
    selector:
      'MemberExpression[property.name=/^(skip|only|todo|skipIf|runIf|fails)$/][object.name=/^(describe|it|test|suite|bench|context|ctx)$/]',
    message: 'No test is skipped, singled out or expected to fail.',
  },
  {
    selector:
      'CallExpression[callee.name=/^(describe|it|test)$/] Property[key.name=/^(retry|repeats|skip|only|fails|todo)$/]',
    message: 'No test is repeated, skipped or singled out.',
  },
];

const STYLE = {
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  // Objects come from createX, not from classes: their methods never look at `this`.
  '@typescript-eslint/unbound-method': 'off',
  // `void | Promise<void>` is what a listener may return.
  '@typescript-eslint/no-invalid-void-type': 'off',
  // Docker's client types its streams as the interface, and they are instances all the same.
  '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all' },
  ],
  eqeqeq: 'error',
  'prefer-const': 'error',
  'object-shorthand': 'error',
};

export default tseslint.config(
  { ignores: ['dist/**', 'dist.*/**', 'coverage/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: STYLE,
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      ...bans(),
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
      'max-depth': ['error', 4],
    },
  },
  // Bytes within bounds that were checked, on the hot path.
  { files: ['src/lib/mysql/**/*.ts'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  { files: ['src/lib/clock.ts'], rules: bans('time') },
  { files: ['src/lib/errors/**/*.ts'], rules: bans('errors') },
  { files: ['src/lib/config/**/*.ts'], rules: bans('environment') },
  { files: ['src/lib/cli/**/*.ts', 'src/commands/**/*.ts'], rules: bans('terminal') },
  {
    files: ['test/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...TEST_SYNTAX],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
);
