import { Badge, Button, Group, Skeleton, Tabs, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { apiUrl, get } from '#/shared/api/client';
import { CopyButton } from '#/shared/parts/CopyButton';
import { ErrorState } from '#/shared/parts/ErrorState';
import { Notice } from '#/shared/parts/Notice';
import { ShownModal } from '#/shared/parts/ShownModal';
import { bytes } from '#/shared/time/format';
import { checksIn } from './authentication';
import classes from './original.module.css';

type Source = 'mailbox' | 'sent' | 'header' | 'rebuilt';
type Props = { emailId: string; onClose: () => void };

const originalQuery = (emailId: string) => ({
  queryKey: ['original', emailId],
  queryFn: ({ signal }: { signal: AbortSignal }) => get('/activity/email/{email_id}/original/', { at: { email_id: emailId }, signal }),
});

/** An email as the message that it is: where these bytes are from, its header, its source, and the file. */
export function OriginalDialog({ emailId, onClose }: Props) {
  const { t } = useTranslation();
  const isPhone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const { data, error, refetch } = useQuery(originalQuery(emailId));
  const source = data?.source as Source | undefined;
  const checks = data ? checksIn(data.headers) : [];
  return (
    <ShownModal onClose={onClose} title={t('original.title')} size={860} fullScreen={isPhone} centered closeButtonProps={{ 'aria-label': t('general.close') }}>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton h={320} radius={10} />}
      {data && source && (
        <>
          <Notice tone={source === 'mailbox' || source === 'sent' ? 'calm' : 'warn'} title={t(`original.from.${source}`)}>
            {t(`original.about.${source}`)}
            {data.lost_files.length > 0 && <Text size="sm" mt={4}>{t('original.lost', { files: data.lost_files.join(', ') })}</Text>}
          </Notice>
          <Group mt="sm" gap="xs">
            <Button component="a" href={apiUrl(`/activity/email/${emailId}/eml/`)} download leftSection={<IconDownload size={16} />}>{t('original.download')}</Button>
            <CopyButton value={data.text} />
            <Text size="xs" c="var(--text-3)">{bytes(data.size)}</Text>
            {checks.map(({ method, result }) => (
              <Badge key={method} variant="light" tt="none" color={result === 'pass' ? 'teal' : result === 'fail' ? 'red' : 'gray'} title={t('original.saidByServer')}>{method}: {result}</Badge>
            ))}
          </Group>
          <Tabs defaultValue="header" mt="sm" keepMounted={false}>
            <Tabs.List><Tabs.Tab value="header">{t('original.header')}</Tabs.Tab><Tabs.Tab value="source">{t('original.source')}</Tabs.Tab></Tabs.List>
            <Tabs.Panel value="header">
              <dl className={classes.fields}>
                {data.headers.map((field, index) => <div key={index}><dt>{field.name}</dt><dd>{field.value}</dd></div>)}
              </dl>
            </Tabs.Panel>
            <Tabs.Panel value="source">
              {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keys */}
              <pre className={classes.source} tabIndex={0} aria-label={t('original.source')}>{data.text}</pre>
              {data.is_cut && <Text size="xs" c="var(--text-3)" mt={6}>{t('original.cut', { size: bytes(data.size) })}</Text>}
            </Tabs.Panel>
          </Tabs>
        </>
      )}
    </ShownModal>
  );
}
