import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './entry.module.css';

/** The one card on the pages before the shell. */
export function EntryCard({ title, hint, children }: { title: string; hint?: ReactNode; children: ReactNode }) {
  return (
    <main className={classes.page}>
      <div className={classes.column}>
        <div className={classes.brand}><img src="/icon.svg" alt="" width={30} height={30} /><span>Postroom</span></div>
        <div className={classes.card}>
          <Text component="h1" fw={650} size="xl">{title}</Text>
          {hint && <Text size="sm" c="var(--text-3)" mt={4}>{hint}</Text>}
          <div className={classes.content}>{children}</div>
        </div>
      </div>
    </main>
  );
}
