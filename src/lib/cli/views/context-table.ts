import type { Self } from '../../api/client/index.ts';
import { LOCAL_CONTEXT, type NamedContext } from '../../config/index.ts';
import { formatInstant } from './format.ts';
import { renderTable } from './table.ts';
import type { TableLook } from './token-table.ts';

/** A context as it is shown: never with its token. */
export interface ContextView {
  readonly name: string;
  readonly url: string | null;
  readonly fingerprint: string | null;
  readonly project: string | null;
  readonly role: string | null;
  readonly tokenName: string | null;
  /** Whether the token is kept here, or comes from DOZE_TOKEN. */
  readonly hasToken: boolean;
  readonly current: boolean;
}

export function contextJson(context: NamedContext, isCurrent: boolean): ContextView {
  const { name, url, fingerprint, project, role, tokenName, token } = context;
  return { name, url, fingerprint, project, role, tokenName, hasToken: token !== null, current: isCurrent };
}

export function localContext(current: string): ContextView {
  return {
    ...{ name: LOCAL_CONTEXT, url: null, fingerprint: null, project: null, role: null, tokenName: null },
    hasToken: false,
    current: current === LOCAL_CONTEXT,
  };
}

export function contextTable(contexts: readonly ContextView[], { paint, width }: TableLook): string {
  return renderTable<ContextView>(
    [
      { title: '', text: ({ current }) => (current ? '*' : '') },
      { title: 'NAME', text: ({ name }) => name },
      { title: 'AGENT', text: ({ url }) => url ?? 'of this machine', spare: 1 },
      { title: 'PROJECT', text: ({ url, project }) => project ?? (url === null ? '-' : 'all') },
      { title: 'ROLE', text: ({ role }) => role ?? '-' },
    ],
    contexts,
    { width, paintTitle: paint.strong },
  );
}

export function contextDetails(
  { name, url, fingerprint, current, hasToken }: ContextView,
  self: Self | null,
  problem: { readonly code: string; readonly message: string; readonly hint: string | null } | null,
): string {
  const title = `${name}${current ? ' (current)' : ''}`;
  if (url === null) return `${title}\nagent    of this machine, by its socket`;
  return [
    title,
    `agent    ${url}${self === null ? '' : `, doze ${self.agent.version}`}`,
    `key      ${fingerprint ?? 'whatever the certificate authorities of this machine vouch for'}`,
    `token    ${hasToken ? 'kept here' : 'from DOZE_TOKEN'}${tokenText(self)}`,
    ...(problem === null
      ? []
      : [`problem  ${problem.message}`, ...(problem.hint === null ? [] : [`next     ${problem.hint}`])]),
  ].join('\n');
}

function tokenText(self: Self | null): string {
  const token = self?.token ?? null;
  if (token === null) return '';
  const { name, role, project, expiresAt } = token;
  const whose = project === null ? 'the whole host' : `project ${project}`;
  return `: "${name}", ${role} on ${whose}, ${expiresAt === null ? 'never expires' : `until ${formatInstant(expiresAt)}`}`;
}
