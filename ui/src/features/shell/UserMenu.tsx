import { Menu, Text, UnstyledButton } from '@mantine/core';
import { IconLogout, IconSelector } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '#/shared/api/client';
import type { SignedInUser } from '#/shared/api/types';
import { LANGUAGES, setLanguage, type Language } from '#/shared/i18n';
import { countKept, forgetKept } from '#/shared/mail/keptHere';
import { ConfirmDialog } from '#/shared/parts/ConfirmDialog';
import { notifyError } from '#/shared/parts/notify';
import { userName } from '#/shared/requests/users';
import classes from './shell.module.css';

/** Organization, person, language and the way out. */
export function UserMenu({ user }: { user: SignedInUser }) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const [losing, setLosing] = useState(0); // so many emails would be lost
  const leave = useMutation({
    mutationFn: () => post('/auth/sign_out/', {}),
    // A fresh page: nothing of one person's cache may be seen by the next.
    onSuccess: () => { forgetKept(); queries.clear(); location.assign('/sign-in'); },
    onError: (error) => notifyError(error),
  });
  return (
    <>
      <Menu position="bottom-start" width={220}>
        <Menu.Target>
          <UnstyledButton className={classes.organization} aria-label={t('shell.userMenu')}>
            <img src="/icon.svg" alt="" width={24} height={24} />
            <Text fw={650} size="sm" truncate>{user.organization_name}</Text>
            <IconSelector size={14} className={classes.selector} aria-hidden />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{userName(user)}<br />{user.email}</Menu.Label>
          <Menu.Divider />
          {(Object.keys(LANGUAGES) as Language[]).map((language) => (
            <Menu.Item key={language} lang={language} fw={i18n.language === language ? 600 : undefined} aria-current={i18n.language === language || undefined} onClick={() => void setLanguage(language)}>{LANGUAGES[language]}</Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => { const kept = countKept(); setLosing(kept); if (!kept) leave.mutate(); }}>{t('entry.signOut')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog isOpen={losing > 0} title={t('entry.signOutLosing', { count: losing })} confirmLabel={t('entry.signOut')} isBusy={leave.isPending} onConfirm={() => leave.mutate()} onClose={() => setLosing(0)}>
        <Text size="sm">{t('entry.signOutLosingHint')}</Text>
      </ConfirmDialog>
    </>
  );
}
