/** What a list of leads can show, and by what it can be sorted. */
export const COLUMNS = [
  { id: 'contacts', sort: null, width: 'minmax(140px, 1.5fr)' },
  { id: 'email', sort: null, width: 'minmax(160px, 1.5fr)' },
  { id: 'status', sort: 'status', width: '130px' },
  { id: 'emails', sort: 'emails', width: '80px' },
  { id: 'lastActivity', sort: 'last_activity', width: '110px' },
  { id: 'created', sort: 'created', width: '110px' },
  { id: 'updated', sort: 'updated', width: '110px' },
] as const;

export type ColumnId = (typeof COLUMNS)[number]['id'];
export const chosenColumns = (ids: string[]) => COLUMNS.filter(({ id }) => ids.includes(id));
export const templateOf = (ids: string[]) => ['28px', 'minmax(190px, 2fr)', ...chosenColumns(ids).map(({ width }) => width)].join(' ');
