import type { ReactNode } from 'react';
import classes from './parts.module.css';

export type Health = 'good' | 'warn' | 'bad' | 'off';
const SIGNS: Record<Health, string> = { good: '✓', warn: '!', bad: '✕', off: '–' };

/** State by sign, colour and word; never by colour alone. */
export function StatusDot({ health, children }: { health: Health; children: ReactNode }) {
  return <span className={classes.status} data-health={health}><span className={classes.dot} aria-hidden>{SIGNS[health]}</span>{children}</span>;
}
