import { Text, UnstyledButton } from '@mantine/core';
import { IconPaperclip } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EmailSummary } from '#/shared/api/types';
import { Initials } from '#/shared/parts/Initials';
import { fullDate, shortDate, shortMoment } from '#/shared/time/format';
import { parseAddress, shownName } from './addresses';
import { AttachmentList } from './AttachmentList';
import { AwayNote } from './AwayNote';
import { BounceNote } from './BounceNote';
import { DeliveryNote } from './DeliveryNote';
import { isCalendar } from './invitation';
import { InvitationNote } from './InvitationNote';
import { MailBody } from './MailBody';
import { MessageActions } from './MessageActions';
import { natureOf } from './nature';
import { NatureNote } from './NatureNote';
import { shownPreview } from './reply';
import classes from './mail.module.css';

/** One email of a conversation: closed a line, open its people, text and files. */
export function MessageCard({ email, startsOpen, hasNote = true }: { email: EmailSummary; startsOpen: boolean; hasNote?: boolean }) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(startsOpen);
  const sender = email.sender ? parseAddress(email.sender) : { email: '', name: email.user_name ?? '' }; // a draft may not know yet from where it leaves
  const date = email.activity_at ?? email.date_sent ?? email.date_scheduled ?? email.date_created;
  const files = email.attachments.filter((file) => !file.inline_only || (!file.content_id && file.content_type.startsWith('application/')));
  const nature = natureOf(email.attachments, email.body_preview);
  const invitation = email.attachments.find(isCalendar);

  return (
    <article className={classes.card} data-open={isOpen || undefined} data-email={email.id}>
      <div className={classes.cardHead}>
        <UnstyledButton className={classes.cardToggle} onClick={() => setIsOpen((is) => !is)} aria-expanded={isOpen}>
          <Initials name={shownName(sender)} />
          <div className={classes.who}>
            <Text size="sm" fw={600} truncate>
              {shownName(sender) || t('mail.noSender')}
              {isOpen && sender.name && <Text span size="xs" c="var(--text-3)" fw={400} ml={6}>{sender.email}</Text>}
            </Text>
            <Text size="xs" c="var(--text-3)" truncate>{isOpen ? <Recipients email={email} /> : shownPreview(email.body_preview)}</Text>
          </div>
          {!isOpen && files.length > 0 && <IconPaperclip size={14} className={classes.clip} aria-label={t('mail.attachments')} />}
          <Text component="time" dateTime={date} size="xs" c="var(--text-3)" title={fullDate(date)} className={classes.when}>
            {isOpen ? shortMoment(date) : shortDate(date)}
          </Text>
        </UnstyledButton>
        {isOpen && email.status !== 'draft' && <MessageActions email={email} />}
      </div>
      {hasNote && <DeliveryNote email={email} />}
      {email.bounces.length > 0 && <BounceNote bounces={email.bounces} />}
      {email.returns_on && <AwayNote day={email.returns_on} />}
      {isOpen && (
        <>
          {nature && <NatureNote nature={nature} />}
          {invitation && <InvitationNote file={invitation} />}
          <MailBody emailId={email.id} sender={sender.email} hidesEmpty={nature !== null || invitation !== undefined} />
          <AttachmentList files={files} emailId={email.id} />
        </>
      )}
    </article>
  );
}

function Recipients({ email }: { email: EmailSummary }) {
  const { t } = useTranslation();
  const names = (list: string[]) => list.map((text) => shownName(parseAddress(text))).join(', ');
  return (
    <span title={[...email.to, ...email.cc, ...email.bcc].join(', ')}>
      {t('mail.toPeople', { people: names(email.to) })}
      {email.cc.length > 0 && ` · ${t('mail.cc')}: ${names(email.cc)}`}
      {email.bcc.length > 0 && ` · ${t('mail.bcc')}: ${names(email.bcc)}`}
    </span>
  );
}
