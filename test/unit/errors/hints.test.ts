import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';
import { describe, expect, it } from 'vitest';

import { catalogue, type ErrorCode } from '../../../src/lib/errors/index.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Errors of the gateway go to MySQL clients, which have no place for a hint. */
const SOURCES = { all: 'src/**/*.ts', without: 'src/lib/gateway/' };
/** So do these, with the server's own words; and who pressed Ctrl-C needs no hint. */
const WITHOUT_HINT: ReadonlySet<ErrorCode> = new Set([
  'INTERRUPTED',
  'PROTOCOL_ERROR',
  'BACKEND_LOST',
  'ACCESS_DENIED',
  'SQL_FAILED',
]);

interface Made {
  readonly where: string;
  readonly code: ErrorCode;
  readonly hasHint: boolean;
}

/** Every `new DozeError('CODE', message, options)` in the sources whose code is written out. */
function errorsMade(): Made[] {
  const paths = globSync(SOURCES.all, { cwd: root }).filter((path) => !path.startsWith(SOURCES.without));
  return paths.flatMap((path) => {
    const file = ts.createSourceFile(path, readFileSync(`${root}/${path}`, 'utf8'), ts.ScriptTarget.Latest, true);
    return errorsIn(file, path);
  });
}

function errorsIn(file: ts.SourceFile, path: string): Made[] {
  const made: Made[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText(file) === 'DozeError') {
      const [code, , options] = node.arguments ?? [];
      const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
      if (code !== undefined && ts.isStringLiteral(code))
        made.push({ where: `${path}:${String(line)}`, code: code.text as ErrorCode, hasHint: givesHint(options) });
    }
    node.forEachChild(visit);
  };
  visit(file);
  return made;
}

/** Options that are not written out as an object are taken to have one. */
function givesHint(options: ts.Expression | undefined): boolean {
  if (options === undefined) return false;
  if (!ts.isObjectLiteralExpression(options)) return true;
  return options.properties.some((property) => ts.isSpreadAssignment(property) || property.name.getText() === 'hint');
}

describe('an error that a person or the machine causes', () => {
  const made = errorsMade();

  it('is found in the sources by this test', () => {
    expect(made.length).toBeGreaterThan(10);
  });

  it('says the next command to type, where it is made or in the catalogue', () => {
    const silent = made.filter(
      ({ code, hasHint }) => !hasHint && !WITHOUT_HINT.has(code) && catalogue[code].hint === undefined,
    );
    expect(silent.map(({ where, code }) => `${where} ${code}`)).toEqual([]);
  });
});
