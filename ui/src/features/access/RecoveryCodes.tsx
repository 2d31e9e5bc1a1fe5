import { Button, Group, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './access.module.css';
import { CopyButton } from '#/shared/parts/CopyButton';

/** Shown this once, until the person says that they are kept. */
export function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const { t } = useTranslation();
  const text = codes.join('\n');
  const download = () => {
    const address = URL.createObjectURL(new Blob([`Postroom\n${location.origin}\n\n${text}\n`], { type: 'text/plain' }));
    const link = Object.assign(document.createElement('a'), { href: address, download: 'postroom-recovery-codes.txt' });
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <Stack gap="md">
      <div><Text fw={600}>{t('access.twoFactor.codesTitle')}</Text><Text size="sm" c="var(--text-2)">{t('access.twoFactor.codesHint')}</Text></div>
      <ul className={classes.codes}>{codes.map((code) => <li key={code}>{code}</li>)}</ul>
      <Group gap="sm">
        <Button onClick={onKept}>{t('access.twoFactor.codesKept')}</Button>
        <CopyButton value={text} />
        <Button variant="default" leftSection={<IconDownload size={16} />} onClick={download}>{t('access.twoFactor.codesDownload')}</Button>
      </Group>
    </Stack>
  );
}
