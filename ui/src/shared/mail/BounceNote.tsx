import { Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconClock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { EmailSummary } from '#/shared/api/types';
import classes from './mail.module.css';

type Bounce = EmailSummary['bounces'][number];
const KINDS = ['hard', 'soft', 'delayed', 'complaint'] as const;

/** Whom an email of ours did not reach, and why, in the words of the server. */
export function BounceNote({ bounces }: { bounces: Bounce[] }) {
  return <>{bounces.slice(0, 5).map((bounce) => <Note key={`${bounce.email} ${bounce.kind} ${bounce.date}`} bounce={bounce} />)}</>;
}

function Note({ bounce }: { bounce: Bounce }) {
  const { t } = useTranslation();
  const kind = KINDS.find((each) => each === bounce.kind) ?? 'hard';
  const Sign = kind === 'delayed' ? IconClock : IconAlertTriangle;
  return (
    <Group className={classes.note} data-status={kind === 'delayed' ? 'scheduled' : 'error'} gap={8} wrap="nowrap">
      <Sign size={15} aria-hidden />
      <Text size="xs" flex={1} title={bounce.reason}>{t(`mail.bounce.${kind}`, { email: bounce.email })}{bounce.reason && ` ${bounce.reason.slice(0, 200)}`}</Text>
    </Group>
  );
}
