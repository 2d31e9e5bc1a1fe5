import { Group, Text } from '@mantine/core';
import { IconClock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { shortDay } from '#/shared/time/format';
import classes from './mail.module.css';

/** Until when the sender of an automatic reply is away, as the reply says. */
export function AwayNote({ day }: { day: string }) {
  const { t } = useTranslation();
  return (
    <Group className={classes.note} data-status="scheduled" gap={8} wrap="nowrap">
      <IconClock size={15} aria-hidden />
      <Text size="xs"><time dateTime={day}>{t('mail.awayUntil', { day: shortDay(day) })}</time></Text>
    </Group>
  );
}
