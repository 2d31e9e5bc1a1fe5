import type { ReactNode } from 'react';
import classes from './split.module.css';

type Props = { title: string; paneTitle: string; list: ReactNode; pane: ReactNode; isPhone: boolean; isOpen: boolean };

/** A list with what is open of it at its side; on a phone one at a time. */
export function SplitPlace({ title, paneTitle, list, pane, isPhone, isOpen }: Props) {
  return (
    <div className={classes.page}>
      <section className={classes.listColumn} aria-label={title} hidden={isPhone && isOpen}>{list}</section>
      {(!isPhone || isOpen) && <section className={classes.paneColumn} aria-label={paneTitle}>{pane}</section>}
    </div>
  );
}
