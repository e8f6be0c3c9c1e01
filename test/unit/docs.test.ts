import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { replaceSection } from '../../scripts/doc-section.ts';
import { lifecycleDiagram } from '../../src/lib/domain/index.ts';

const architecture = readFileSync(fileURLToPath(new URL('../../ARCHITECTURE.md', import.meta.url)), 'utf8');

describe('ARCHITECTURE.md', () => {
  it('shows the state diagram of the lifecycle table; if not: npm run docs', () => {
    const diagram = ['```mermaid', lifecycleDiagram(), '```'].join('\n');
    expect(replaceSection(architecture, 'lifecycle', diagram)).toBe(architecture);
  });
});

describe('a generated section', () => {
  it('replaces what is between its markers and nothing else', () => {
    const text = 'a\n<!-- x -->\nold\n<!-- /x -->\nb\n';
    expect(replaceSection(text, 'x', 'new')).toBe('a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb\n');
  });

  it.each([
    'no markers',
    '<!-- x --> only the first',
    '<!-- x --><!-- x --><!-- /x -->',
    '<!-- x --><!-- /x --><!-- /x -->',
  ])('is refused in a text with other markers: %s', (text) => {
    expect(() => replaceSection(text, 'x', 'new')).toThrow('<!-- x -->');
  });
});
