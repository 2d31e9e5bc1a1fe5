import { Group, Text } from '@mantine/core';
import { IconLock, IconPackage } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Nature } from './nature';
import classes from './mail.module.css';

/** Why an email cannot be read here, and where it can. */
export function NatureNote({ nature }: { nature: Nature }) {
  const { t } = useTranslation();
  const Sign = nature === 'winmail' ? IconPackage : IconLock;
  return (
    <Group className={classes.note} gap={8} wrap="nowrap" align="flex-start" role="note">
      <Sign size={16} aria-hidden className={classes.noteSign} />
      <Text size="sm">{t(`mail.nature.${nature}`)}</Text>
    </Group>
  );
}
