import { Text } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './parts.module.css';

type Props = { tone: 'bad' | 'warn' | 'calm'; title?: string; children: ReactNode };

/** Something to know before going on. What is bad is also read out. */
export function Notice({ tone, title, children }: Props) {
  const Sign = tone === 'calm' ? IconInfoCircle : IconAlertTriangle;
  return (
    <div className={classes.notice} data-tone={tone} role={tone === 'bad' ? 'alert' : 'note'}>
      <Sign size={17} aria-hidden />
      <div className={classes.noticeText}>
        {title && <Text size="sm" fw={600}>{title}</Text>}
        <Text component="div" size="sm">{children}</Text>
      </div>
    </div>
  );
}
