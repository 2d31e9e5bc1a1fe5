import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './parts.module.css';

/** Lines to be copied whole. `isTall`: scrolls when it is long. */
export function CodeBlock({ label, children, isTall }: { label: string; children: string; isTall?: true }) {
  const { t } = useTranslation();
  return (
    <div className={classes.code}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keys */}
      <pre role="region" aria-label={label} tabIndex={0} data-tall={isTall}>{children}</pre>
      <CopyButton value={children}>
        {({ copied, copy }) => <Tooltip label={t(copied ? 'access.copied' : 'access.copy')}><ActionIcon className={classes.codeCopy} size={30} aria-label={`${t(copied ? 'access.copied' : 'access.copy')}: ${label}`} onClick={copy}>{copied ? <IconCheck size={16} /> : <IconCopy size={16} />}</ActionIcon></Tooltip>}
      </CopyButton>
    </div>
  );
}
