/** Lists read page by page in the cache, and how one item enters, leaves or changes without reading the list again. */
import type { InfiniteData } from '@tanstack/react-query';
import type { Page } from '#/shared/api/types';

export type Pages<T> = InfiniteData<Page<T>, number>;

export const FIRST_PAGE = 50;
export const NEXT_PAGES = 200;
export const pageSize = (skip: number) => (skip ? NEXT_PAGES : FIRST_PAGE);
/** Counted by what is there: an item that left by hand has left on the server, too. */
export const nextSkip = <T>(last: Page<T>, pages: Page<T>[]) => (last.has_more ? pages.reduce((sum, page) => sum + page.data.length, 0) : undefined);

export const withoutItem = <T extends { id: string }>(pages: Pages<T>, id: string): Pages<T> => 
  ({ ...pages, pages: pages.pages.map((page) => ({ ...page, data: page.data.filter((item) => item.id !== id) })) });

export const withChangedItem = <T extends { id: string }>(pages: Pages<T>, id: string, change: Partial<T>): Pages<T> => 
  ({ ...pages, pages: pages.pages.map((page) => ({ ...page, data: page.data.map((item) => (item.id === id ? { ...item, ...change } : item)) })) });

/** Where an item belongs among others: after all that come before it. */
export function withItem<T>(pages: Pages<T>, item: T, comesBefore: (other: T) => boolean): Pages<T> {
  const at = pages.pages.findIndex((page) => page.data.some((other) => !comesBefore(other)));
  const isEnd = at < 0;
  const last = pages.pages.length - 1;
  // Behind everything loaded while more waits on the server: it will come with its own page.
  if (isEnd && pages.pages[last]?.has_more) return pages;
  return {
    ...pages,
    pages: pages.pages.map((page, index) => {
      if (index !== (isEnd ? last : at)) return page;
      const place = page.data.findIndex((other) => !comesBefore(other));
      return { ...page, data: page.data.toSpliced(place < 0 ? page.data.length : place, 0, item) };
    }),
  };
}
