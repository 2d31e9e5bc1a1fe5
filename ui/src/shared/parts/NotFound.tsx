import { Center } from '@mantine/core';
import { IconMapQuestion } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from './EmptyState';

/** An address that leads nowhere. */
export function NotFound() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  useEffect(() => { document.title = `${t('shell.notFound.title')} · Postroom`; }, [t]);
  return <Center h="100%"><EmptyState icon={IconMapQuestion} title={t('shell.notFound.title')} hint={t('shell.notFound.hint')} action={{ label: t('entry.goToInbox'), run: () => void navigate({ to: '/' }) }} /></Center>;
}
