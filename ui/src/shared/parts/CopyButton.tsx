import { Button, CopyButton as Copier } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

export function CopyButton({ value }: { value: string }) {
  const { t } = useTranslation();
  return (
    <Copier value={value}>
      {({ copied, copy }) => <Button variant="default" leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />} onClick={copy}>{t(copied ? 'access.copied' : 'access.copy')}</Button>}
    </Copier>
  );
}
