import type { TokenView } from '../../api/client/index.ts';
import type { Paint } from '../colour.ts';
import { formatInstant } from './format.ts';
import { renderTable } from './table.ts';

export interface TableLook {
  readonly width: number | null;
  readonly paint: Paint;
}

export function tokenTable(tokens: readonly TokenView[], { width, paint }: TableLook): string {
  return renderTable<TokenView>(
    [
      { title: 'ID', text: ({ id }) => id },
      { title: 'NAME', text: ({ name }) => name },
      { title: 'PROJECT', text: ({ project }) => project ?? 'all' },
      { title: 'ROLE', text: ({ role }) => role },
      {
        title: 'STATE',
        text: ({ state }) => state,
        paint: (text, { state }) => (state === 'valid' ? text : paint.faint(text)),
      },
      {
        title: 'EXPIRES',
        text: ({ expiresAt }) => (expiresAt === null ? 'never' : formatInstant(expiresAt)),
        spare: 1,
      },
      {
        title: 'LAST USED',
        text: ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : formatInstant(lastUsedAt)),
        spare: 2,
      },
      { title: 'FROM', text: ({ lastUsedFrom }) => lastUsedFrom ?? '-', spare: 3 },
    ],
    tokens,
    { width, paintTitle: paint.strong },
  );
}

export function tokenDetails(token: TokenView): string {
  const { id, name, role, project, state, createdAt, createdBy, expiresAt, revokedAt, lastUsedAt, lastUsedFrom } =
    token;
  const used = lastUsedAt === null ? 'never' : `${formatInstant(lastUsedAt)} from ${lastUsedFrom ?? 'somewhere'}`;
  return [
    `${name} (${id})`,
    `state      ${state}${revokedAt === null ? '' : ` at ${formatInstant(revokedAt)}`}`,
    `may        ${role} ${project === null ? 'on the whole host' : `in project ${project}`}`,
    `created    ${formatInstant(createdAt)} by ${createdBy}`,
    `expires    ${expiresAt === null ? 'never' : formatInstant(expiresAt)}`,
    `last used  ${used}`,
  ].join('\n');
}
