import { Text } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import classes from './parts.module.css';

type Props = { title: string; before?: ReactNode; after?: ReactNode; hint?: ReactNode; actions?: ReactNode; children: ReactNode; width?: 'narrow' | 'wide' };

/** A page that scrolls as one: a heading, what can be done here, and the content. */
export function ScrollPage({ title, before, after, hint, actions, children, width = 'wide' }: Props) {
  useEffect(() => { document.title = title ? `${title} · Postroom` : 'Postroom'; }, [title]);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keys
    <div className={classes.page} tabIndex={0}>
      <div className={classes.pageInner} data-width={width}>
        <header className={classes.pageHead}>
          <div className={classes.pageTitle}>
            <Text component="h1" fw={650} size="xl" className={classes.pageName}>{before}{title}{after}</Text>
            {hint && <Text size="sm" c="var(--text-3)" mt={2}>{hint}</Text>}
          </div>
          {actions && <div className={classes.pageActions}>{actions}</div>}
        </header>
        {children}
      </div>
    </div>
  );
}

/** A titled block on such a page. */
export function Panel({ title, hint, actions, children, flush }: { title?: ReactNode; hint?: ReactNode; actions?: ReactNode; children: ReactNode; flush?: true }) {
  return (
    <section className={classes.panel}>
      {title && (
        <header className={classes.panelHead}>
          <div>
            <Text component="h2" fw={600} size="md">{title}</Text>
            {hint && <Text size="xs" c="var(--text-3)" mt={2}>{hint}</Text>}
          </div>
          {actions}
        </header>
      )}
      <div className={flush ? undefined : classes.panelBody}>{children}</div>
    </section>
  );
}
