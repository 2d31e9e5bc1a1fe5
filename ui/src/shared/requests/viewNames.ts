/** What Smart Views are called on the page: those that every organization begins with have names in its language. */
import type { TFunction } from 'i18next';
import type { SmartView } from '#/shared/api/types';

/** Stored with Close's names, which queries say too (`in:"Never Emailed"`); one that was changed is its owner's. */
const FIRST = {
  'All Leads': ['all', '*'],
  'Has Notifications': ['notified', 'notifications > 0'],
  'Recently Created': ['created', 'created <= 30 days ago sort:-created'],
  'Recently Updated': ['updated', 'updated <= 30 days ago sort:-updated'],
  'Recently Emailed': ['emailed', 'last_email <= 30 days ago'],
  'Never Emailed': ['neverEmailed', 'emails = 0'],
} as const;

export function shownViewName(view: Pick<SmartView, 'name' | 'query'>, t: TFunction): string {
  const [key, query] = FIRST[view.name as keyof typeof FIRST] ?? [];
  return key && view.query === query ? t(`leadList.firstView.${key}`) : view.name;
}
