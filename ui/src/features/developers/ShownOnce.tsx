import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '#/shared/parts/CopyButton';
import classes from './developers.module.css';

type Props = { url: string; signatureKey: string; onDone: () => void };

/** The key that the receiver checks signatures with: it is in the answer that made the webhook, and nowhere else. */
export function ShownOnce({ url, signatureKey, onDone }: Props) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <Text size="sm" className={classes.address}>{t('developers.keyShown', { url })}</Text>
      <code className={classes.secret}>{signatureKey}</code>
      <Text size="xs" c="var(--text-3)">{t('developers.keyGuide')}</Text>
      <Group gap="sm"><CopyButton value={signatureKey} /><Button onClick={onDone}>{t('developers.keyKept')}</Button></Group>
    </Stack>
  );
}
