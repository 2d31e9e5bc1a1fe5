import { UnstyledButton } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useImperativeHandle, useRef, type ReactNode, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '#/shared/preferences';
import { count } from '#/shared/time/format';
import { firstRowsStand } from './afterFirstRows';
import { useAnchor } from './useAnchor';
import classes from './split.module.css';

export type LongListHandle = { reveal: (index: number) => void };
const HEIGHTS = { comfortable: 76, compact: 54 }; // pixels; a fixed height keeps flung lists free of blanks

type Props<T extends { id: string }> = {
  items: T[]; isPending: boolean; hasMore: boolean; onMore: () => void; openId: string | undefined; label: string; row: (item: T, index: number) => ReactNode; ref: Ref<LongListHandle>;
};

/** A list of any length of which only the rows in view exist. What comes in above is told of, and moves nothing. */
export function LongList<T extends { id: string }>({ items, isPending, hasMore, onMore, openId, label, row, ref }: Props<T>) {
  const { t } = useTranslation();
  const density = usePreferences((state) => state.density);
  const height = HEIGHTS[density];
  const scroller = useRef<HTMLDivElement>(null);
  const total = isPending ? 12 : items.length + (hasMore ? 8 : 0); // skeleton rows of the final height while more is coming
  const virtual = useVirtualizer({ count: total, getScrollElement: () => scroller.current, estimateSize: () => height, overscan: 8 });
  const { newAbove, onScroll } = useAnchor(scroller, items, height);
  useEffect(() => virtual.measure(), [virtual, height]);
  const rows = virtual.getVirtualItems();
  const lastShown = rows.at(-1)?.index ?? 0;
  useEffect(() => { if (!isPending) firstRowsStand(); }, [isPending]);
  useEffect(() => { if (hasMore && lastShown >= items.length - 20) onMore(); }, [hasMore, lastShown, items.length, onMore]);

  useImperativeHandle(ref, () => ({
    reveal: (index) => {
      const element = scroller.current;
      // In view already: scrollToIndex would still force a layout of the page with every key press.
      if (element && index * height >= element.scrollTop && (index + 1) * height <= element.scrollTop + element.clientHeight) return;
      virtual.scrollToIndex(index, { align: 'auto' });
    },
  }));

  return (
    <div className={classes.listFrame}>
      {newAbove > 0 && (
        <UnstyledButton className={classes.newPill} onClick={() => scroller.current?.scrollTo({ top: 0 })}>
          <IconArrowUp size={14} aria-hidden />{t('general.newAbove', { count: newAbove, shown: count(newAbove) })}
        </UnstyledButton>
      )}
      <div ref={scroller} onScroll={onScroll} className={classes.scroller} data-density={density} role="listbox" tabIndex={0} aria-label={label} aria-busy={isPending} aria-activedescendant={openId ? `row-${openId}` : undefined}>
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {rows.map((place) => {
            const item = items[place.index];
            return (
              <div key={item?.id ?? place.key} className={classes.slot} style={{ transform: `translateY(${place.start}px)`, height }} role="presentation">
                {item ? row(item, place.index) : <div className={classes.skeleton} aria-hidden />}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
