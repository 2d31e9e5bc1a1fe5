import { ActionIcon, Text, UnstyledButton } from '@mantine/core';
import { IconMinus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { setComposingSmall, useComposing, type Writing } from '#/shared/mail/composing';
import { ComposeForm } from './ComposeForm';
import { useWriting } from './useWriting';
import classes from './compose.module.css';

/** The window for writing: it stands in the corner, over the list's foot and not over the conversation's head. */
export function ComposeDock() {
  const { isOpen, isSmall, writing, seq } = useComposing();
  return isOpen ? <ComposeWindow key={seq} start={writing} isSmall={isSmall} /> : null;
}

function ComposeWindow({ start, isSmall }: { start: Writing; isSmall: boolean }) {
  const { t } = useTranslation();
  const email = useWriting(start);
  const title = email.shown.subject || t('compose.title');
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape closes a dialog from anywhere inside it
    <div className={classes.dock} role="dialog" data-small={isSmall || undefined} aria-label={t('compose.title')}
      onKeyDown={(event) => { if (event.key === 'Escape' && !event.defaultPrevented) { event.stopPropagation(); void email.close(); } }}>
      <header className={classes.head}>
        <UnstyledButton className={classes.title} onClick={() => setComposingSmall(!isSmall)} aria-expanded={!isSmall}><Text fw={600} size="sm" truncate>{title}</Text></UnstyledButton>
        <ActionIcon className={classes.smaller} size={32} aria-label={t(isSmall ? 'compose.larger' : 'compose.smaller')} onClick={() => setComposingSmall(!isSmall)}><IconMinus size={16} /></ActionIcon>
        <ActionIcon size={32} aria-label={t('compose.close')} onClick={() => void email.close()}><IconX size={16} /></ActionIcon>
      </header>
      <div className={classes.body} hidden={isSmall}><ComposeForm email={email} /></div>
    </div>
  );
}
