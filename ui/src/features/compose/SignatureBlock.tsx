import { ActionIcon, Button, Text, Tooltip } from '@mantine/core';
import { IconPencil, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { SafeFrame } from '#/shared/editor/SafeFrame';
import { signaturePreviewQuery, signatureQuery } from '#/shared/requests/signature';
import classes from './compose.module.css';

type Props = { accountId: string | null; isSigned: boolean; onSigned: (is: boolean) => void; onEdit: (html: string) => void };

/** What will stand under the text: the signature of the chosen account. "Edit here" makes it part of this one email. */
export function SignatureBlock({ accountId, isSigned, onSigned, onEdit }: Props) {
  const { t } = useTranslation();
  const { data: kept } = useQuery({ ...signatureQuery(accountId), enabled: accountId !== null });
  const { data: shown } = useQuery(signaturePreviewQuery(kept?.html ?? '', accountId));
  if (!kept?.html || !shown) return null;
  if (!isSigned) return <div className={classes.signed}><Button size="compact-xs" variant="subtle" color="gray" onClick={() => onSigned(true)}>{t('compose.sign')}</Button></div>;
  return (
    <div className={classes.signed} role="group" aria-label={t('editor.signature')}>
      <div className={classes.signature}><SafeFrame html={shown.html} title={t('editor.signature')} /></div>
      <div className={classes.signatureActions}>
        <Text size="xs" c="var(--text-3)">{t('editor.signature')}</Text>
        <Tooltip label={t('compose.editSignature')}><ActionIcon size={26} aria-label={t('compose.editSignature')} onClick={() => onEdit(shown.html)}><IconPencil size={14} /></ActionIcon></Tooltip>
        <Tooltip label={t('compose.unsign')}><ActionIcon size={26} aria-label={t('compose.unsign')} onClick={() => onSigned(false)}><IconX size={14} /></ActionIcon></Tooltip>
      </div>
    </div>
  );
}
