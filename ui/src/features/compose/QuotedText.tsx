import { Button } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Writing } from '#/shared/mail/composing';
import { MailBody } from '#/shared/mail/MailBody';
import classes from './compose.module.css';

/** The answered email below ours: folded, and removable. Shown from the server's safe copy, never from its raw text. */
export function QuotedText({ quoted, onRemove }: { quoted: NonNullable<Writing['quoted']>; onRemove: () => void }) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(quoted.kind === 'forward');
  return (
    <div className={classes.quoted}>
      <Button size="compact-xs" variant="default" leftSection={<IconDots size={14} />} aria-expanded={isOpen} onClick={() => setIsOpen((is) => !is)}>{t('compose.quoted')}</Button>
      <Button size="compact-xs" variant="subtle" color="gray" onClick={onRemove}>{t('compose.removeQuoted')}</Button>
      {isOpen && quoted.emailId && <div className={classes.quotedBody}><MailBody emailId={quoted.emailId} sender="" /></div>}
    </div>
  );
}
