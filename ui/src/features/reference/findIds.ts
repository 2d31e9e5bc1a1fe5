/** Ids that are there, for examples that can be run as they stand. */
import { queryOptions } from '@tanstack/react-query';
import type { Needed } from './examples';

type Listed = { data?: { id: string }[]; organizations?: { id: string }[] };

/** The first thing of each list that is needed; what cannot be found is left out. */
export const idsQuery = (needed: Needed[]) => queryOptions({
  queryKey: ['apiExampleIds', ...needed.map(({ name, list }) => `${name} ${list}`)],
  queryFn: async ({ signal }) => Object.fromEntries((await Promise.all(needed.map(async ({ name, list }) => {
    const answer = await fetch(`${list}?_limit=1`, { signal, headers: { Accept: 'application/json' } });
    const told = answer.ok ? await answer.json() as Listed : {};
    const id = (told.data ?? told.organizations)?.[0]?.id;
    return id ? [[name, id]] : [];
  }))).flat() as [string, string][]),
  enabled: needed.length > 0, staleTime: 60_000, retry: false,
});

export type Ran = { status: number; ms: number; text: string };
const MOST_SHOWN = 30_000;

/** Asks as the person who reads; the answer as it came, indented where it is JSON. */
export async function run(address: string): Promise<Ran> {
  const from = performance.now();
  const answer = await fetch(address, { headers: { Accept: 'application/json' } });
  const text = await answer.text();
  return { status: answer.status, ms: Math.round(performance.now() - from), text: indented(text).slice(0, MOST_SHOWN) };
}

function indented(text: string): string {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}
