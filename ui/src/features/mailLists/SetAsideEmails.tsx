import { Button, CloseButton, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { shownName } from '#/shared/mail/addresses';
import { forgetSetAside, takeUp } from '#/shared/mail/setAside';
import { useSetAside, type SetAside } from '#/shared/mail/setAsideList';
import { offerUndo } from '#/shared/parts/undo';
import classes from '#/shared/parts/split.module.css';

/** Above the drafts: what was begun and put away before anybody stood in To. */
export function SetAsideEmails() {
  const { t } = useTranslation();
  const emails = useSetAside((state) => state.emails);
  if (!emails.length) return null;
  const discard = (email: SetAside) => {
    forgetSetAside(email.id);
    offerUndo(t('compose.discarded'), () => useSetAside.setState((state) => ({ emails: [email, ...state.emails] })));
  };
  return (
    <ul className={classes.aside} aria-label={t('lists.setAside')}>
      {emails.map((email) => (
        <li key={email.id}>
          <Text size="sm" truncate flex={1}>
            {email.writing.subject || t('mail.noSubject')}
            <Text span size="xs" c="var(--text-3)"> · {email.writing.to.map(shownName).join(', ') || t('lists.nobody')} · {t('compose.keptHere')}</Text>
          </Text>
          <Button size="compact-xs" variant="default" onClick={() => takeUp(email.id)}>{t('lists.goOn')}</Button>
          <CloseButton size="sm" aria-label={t('compose.discard')} onClick={() => discard(email)} />
        </li>
      ))}
    </ul>
  );
}
