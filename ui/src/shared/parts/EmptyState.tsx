import { Button, Stack, Text } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './parts.module.css';

type Props = { icon: Icon; title: string; hint?: ReactNode; action?: { label: string; run: () => void } };

/** What stands in a place that has nothing to show, and what to do about it. */
export function EmptyState({ icon: Sign, title, hint, action }: Props) {
  return (
    <Stack align="center" justify="center" gap={6} flex={1} p="xl" mih={220}>
      <span className={classes.sign}><Sign size={24} stroke={1.6} /></span>
      <Text fw={600} mt={8}>{title}</Text>
      {hint && <Text size="sm" c="var(--text-3)" ta="center" maw={360}>{hint}</Text>}
      {action && <Button mt="sm" variant="light" onClick={action.run}>{action.label}</Button>}
    </Stack>
  );
}
