import { IconAlertTriangle, IconClock, IconCornerUpLeft, IconPaperclip, IconPencil, IconRefresh } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Mail } from '#/shared/api/types';
import { parseAddress, shownName } from '#/shared/mail/addresses';
import { Marked } from '#/shared/mail/Marked';
import { shownPreview } from '#/shared/mail/reply';
import classes from '#/shared/parts/split.module.css';
import { exactDate, fullDate, shortDate } from '#/shared/time/format';

type Props = { mail: Mail; isOpen: boolean; showsOwner: boolean; index: number; total: number; onOpen: (id: string) => void };

export const MailRow = memo(function MailRow({ mail, isOpen, showsOwner, index, total, onOpen }: Props) {
  const { t } = useTranslation();
  return (
    <div id={`row-${mail.id}`} role="option" aria-selected={isOpen} aria-setsize={total} aria-posinset={index + 1} tabIndex={-1} className={classes.row} onClick={() => onOpen(mail.id)} onKeyDown={(event) => { if (event.key === ' ') onOpen(mail.id); }}>
      <div className={classes.line}>
        <span className={classes.from}>{peopleOf(mail, t('lists.nobody'))}</span>
        <span className={classes.lead}>{mail.lead_name}{showsOwner && mail.user_name ? ` · ${mail.user_name}` : ''}</span>
        <State mail={mail} />
      </div>
      <div className={classes.line}>
        <span className={classes.subject}>{mail.subject || t('mail.noSubject')}</span>
        {mail.has_attachments && <IconPaperclip size={13} className={classes.clip} aria-label={t('mail.attachments')} />}
      </div>
      {mail.error && (mail.status === 'error' || mail.status === 'outbox')
        ? <div className={classes.preview} data-tone={mail.status === 'error' ? 'bad' : 'warn'}>{mail.error}</div>
        : <div className={classes.preview}>{mail.snippet ? <Marked text={mail.snippet} /> : shownPreview(mail.body_preview) || t('lists.empty')}</div>}
    </div>
  );
});

/** Whom it is with: the sender of what came, the first two of those it goes to. */
function peopleOf(mail: Mail, nobody: string): string {
  if (mail.direction === 'incoming') return shownName(parseAddress(mail.sender));
  const names = mail.to.map((text) => shownName(parseAddress(text)));
  const rest = mail.n_recipients - Math.min(names.length, 2);
  return names.length ? names.slice(0, 2).join(', ') + (rest > 0 ? ` +${rest}` : '') : nobody;
}

function State({ mail }: { mail: Mail }) {
  const { t } = useTranslation();
  if (mail.status === 'error') return <span className={classes.state} data-tone="bad"><IconAlertTriangle size={13} aria-hidden />{t('lists.state.failed')}</span>;
  if (mail.status === 'outbox') return <span className={classes.state} data-tone="warn"><IconRefresh size={13} aria-hidden />{t(mail.attempts ? 'lists.state.retrying' : 'lists.state.leaving')}</span>;
  if (mail.status === 'scheduled') return <time className={classes.until} dateTime={mail.date}><IconClock size={12} aria-hidden />{exactDate(new Date(mail.date))}</time>;
  return (
    <>
      {mail.status === 'draft' && <span className={classes.state}><IconPencil size={13} aria-label={t('lists.state.draft')} /></span>}
      {mail.status === 'sent' && mail.has_reply && <span className={classes.state} title={t('lists.state.answered')}><IconCornerUpLeft size={14} aria-label={t('lists.state.answered')} /></span>}
      <time className={classes.date} dateTime={mail.date} title={fullDate(mail.date)}>{shortDate(mail.date)}</time>
    </>
  );
}
