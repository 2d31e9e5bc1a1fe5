/** What a list of leads can show, and by what it can be sorted. */
export const COLUMNS = [
  { id: 'contacts', field: 'contacts', sort: null, width: 'minmax(96px, 1.5fr)' },
  { id: 'email', field: 'primary_email', sort: null, width: 'minmax(120px, 1.5fr)' },
  { id: 'status', field: 'status_label', sort: 'status', width: '130px' },
  { id: 'emails', field: 'num_emails', sort: 'emails', width: '80px' },
  { id: 'lastActivity', field: 'last_activity_date', sort: 'last_activity', width: '110px' },
  { id: 'created', field: 'date_created', sort: 'created', width: '110px' },
  { id: 'updated', field: 'date_updated', sort: 'updated', width: '110px' },
] as const;

export const DEFAULT_COLUMNS: string[] = ['contacts', 'email', 'status', 'lastActivity'];
/** Columns by the names that their values have in the API: so a view keeps them, and other programs read them. */
export const fieldsOf = (ids: string[]): string[] => COLUMNS.filter(({ id }) => ids.includes(id)).map(({ field }) => field);
export const columnsIn = (fields: readonly unknown[]): string[] => COLUMNS.filter(({ field }) => fields.includes(field)).map(({ id }) => id);

export type ColumnId = (typeof COLUMNS)[number]['id'];
export const chosenColumns = (ids: string[]) => COLUMNS.filter(({ id }) => ids.includes(id));
const NAME = 'minmax(160px, 2fr)';
const GAP = 16;
const SIDES = 30;
/** Narrower than this the columns cannot be, in pixels: from there on the list moves sideways in itself. */
export const leastOf = (ids: string[]): number => templateOf(ids).match(/\d+(?=px)/g)!.reduce((sum, least) => sum + Number(least) + GAP, SIDES - GAP);
export const templateOf = (ids: string[]) => ['28px', NAME, ...chosenColumns(ids).map(({ width }) => width)].join(' ');
