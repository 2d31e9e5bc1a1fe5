import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AccessLink } from '#/shared/api/types';
import { Notice } from '#/shared/parts/Notice';
import { fullDate } from '#/shared/time/format';
import classes from './access.module.css';
import { CopyButton } from '#/shared/parts/CopyButton';

/** A link that lets somebody in, shown this once. */
export function LinkDialog({ link, onClose }: { link: AccessLink | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal opened={link !== null} onClose={onClose} size="lg" centered title={link ? t(`access.people.linkReady.${link.purpose}`, { email: link.membership.user_email }) : ''} closeButtonProps={{ 'aria-label': t('general.close') }}>
      {link && (
        <Stack gap="md">
          <code className={classes.secret}>{link.link}</code>
          <Text size="sm" c="var(--text-2)">{t('access.people.linkHint', { date: fullDate(link.date_expires) })}</Text>
          <Notice tone={link.mailed_from ? 'calm' : 'warn'}>{link.mailed_from ? t('access.people.linkMailed', { from: link.mailed_from }) : t('access.people.linkNotMailed')}</Notice>
          <Group justify="flex-end"><CopyButton value={link.link} /><Button onClick={onClose}>{t('access.people.done')}</Button></Group>
        </Stack>
      )}
    </Modal>
  );
}
