/** The `sort:` of a query, read and changed in its text: what is sorted can be saved, shared and typed. Pure. */
const SORT = /(^|\s)sort:("[^"]*"|\S+)/;

export type Sorting = { field: string; isDescending: boolean } | null;

export function sortingOf(words: string): Sorting {
  const first = SORT.exec(words)?.[2]?.replace(/^"|"$/g, '').split(',')[0]?.trim();
  if (!first) return null;
  return { field: first.replace(/^-/, ''), isDescending: first.startsWith('-') };
}

/** Once by this field, the other way round, and no more. */
export function toggled(words: string, field: string, isDescendingFirst: boolean): string {
  const now = sortingOf(words);
  const rest = words.replace(SORT, '').trim();
  const isSame = now?.field === field;
  if (isSame && now.isDescending !== isDescendingFirst) return rest;
  const isDescending = isSame ? !now.isDescending : isDescendingFirst;
  return `${rest} sort:${isDescending ? '-' : ''}${field}`.trim();
}
