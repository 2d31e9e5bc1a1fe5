import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';

/** The variables that the server understands, with what each means. */
export const variablesQuery = queryOptions({
  queryKey: ['templateVariables'],
  queryFn: ({ signal }) => get('/email_template/variable/', { signal }),
  staleTime: 60 * 60_000,
});

type Variable = { variable: string; meaning: string };
const LIKED = ['contact.first_name', 'contact.name', 'lead.display_name', 'user.first_name', 'user.name', 'signature'];

/** Those that fit what is typed, of these roots where some are named; the most used first, lists and other people's fields last. */
export function fitting<T extends Variable>(all: T[], typed: string, roots: readonly string[] | null = null): T[] {
  const words = typed.toLowerCase().split(/[\s.]+/).filter(Boolean);
  const fits = all.filter(({ variable, meaning }) => !/\bN\b|\*|^user\.signature$/.test(variable) && (!roots || roots.includes(variable.split('.')[0]!)) && words.every((word) => `${variable} ${meaning}`.toLowerCase().includes(word)));
  const rank = ({ variable }: T) => { const at = LIKED.indexOf(variable); return at < 0 ? LIKED.length : at; };
  return fits.toSorted((a, b) => rank(a) - rank(b));
}
