/** Which templates are shown; apart from the page, since its address is read before the page is fetched. */
export const SHELVES = ['all', 'mine', 'shared', 'archived'] as const;
export type Shelf = (typeof SHELVES)[number];
