import { Button, Code, CopyButton, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './accounts.module.css';

/** A text to be taken elsewhere. */
export function Copied({ text }: { text: string }) {
  const { t } = useTranslation();
  return (
    <Group gap="sm" wrap="nowrap" align="center">
      <Code className={classes.copied}>{text}</Code>
      <CopyButton value={text}>{({ copied, copy }) => <Button size="xs" variant="default" onClick={copy}>{t(copied ? 'connect.copied' : 'connect.copy')}</Button>}</CopyButton>
    </Group>
  );
}
