import { Anchor, Button, Group, Modal, Text, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '#/shared/commands/registry';
import { AttachmentTray } from './AttachmentTray';
import { doubtOf, obstacleOf, type Doubt, type Obstacle } from './content';
import { Editor } from './Editor';
import { FromField } from './FromField';
import { QuotedText } from './QuotedText';
import { RecipientsField } from './RecipientsField';
import { SendBar } from './SendBar';
import { useAttachments } from './useAttachments';
import { useSenders } from './useSenders';
import type { useWriting } from './useWriting';
import classes from './compose.module.css';

export function ComposeForm({ email }: { email: ReturnType<typeof useWriting> }) {
  const { t } = useTranslation();
  const { shown, now, change, settle } = email;
  const [showsCopies, setShowsCopies] = useState(shown.cc.length + shown.bcc.length > 0);
  const [obstacle, setObstacle] = useState<Obstacle | null>(null);
  const [asked, setAsked] = useState<{ doubt: Doubt; at: Date | null } | null>(null);
  const [startsInText] = useState(shown.to.length > 0);
  const toField = useRef<HTMLInputElement>(null);
  const { senders, isLoaded } = useSenders();
  const { uploading, add } = useAttachments((file) => change({ attachments: [...now.current.attachments, file] }));

  useEffect(() => {
    const first = senders[0];
    if (!shown.accountId && first) settle({ accountId: first.accountId, from: first.address });
  }); // settles once, as soon as the accounts are known
  useEffect(() => { if (!startsInText) toField.current?.focus(); }, [startsInText]);

  const send = (at: Date | null, isSure = false) => {
    const found = obstacleOf(now.current, uploading.length > 0);
    setObstacle(found);
    if (found === 'noRecipient') toField.current?.focus();
    if (found) return;
    const doubt = isSure ? null : doubtOf(now.current);
    setAsked(doubt ? { doubt, at } : null);
    if (!doubt) void email.send(at);
  };
  useCommands({ composeSend: () => send(null), composeCc: () => setShowsCopies(true) });
  const onLead = (leadId: string) => { if (!now.current.leadId) settle({ leadId }); };

  return (
    <div className={classes.form} onDragOver={(event) => event.preventDefault()} onDrop={(event) => { if (!event.defaultPrevented && event.dataTransfer.files.length) { event.preventDefault(); add(event.dataTransfer.files); } }}>
      <FromField senders={senders} isLoaded={isLoaded} writing={shown} onChange={(sender) => change({ accountId: sender.accountId, from: sender.address })} />
      <RecipientsField label={t('mail.to')} value={shown.to} onChange={(to) => { setObstacle(null); change({ to }); }} onLead={onLead} inputRef={toField} takesHeldKeys
        right={!showsCopies && <Anchor component="button" type="button" size="xs" className={classes.copies} onClick={() => setShowsCopies(true)}>{t('compose.copies')}</Anchor>} />
      {showsCopies && <RecipientsField label={t('mail.cc')} value={shown.cc} onChange={(cc) => change({ cc })} onLead={onLead} />}
      {showsCopies && <RecipientsField label={t('mail.bcc')} value={shown.bcc} onChange={(bcc) => change({ bcc })} onLead={onLead} />}
      <div className={classes.field}>
        <label className={classes.label} htmlFor="compose-subject">{t('mail.subject')}</label>
        <TextInput id="compose-subject" variant="unstyled" flex={1} value={shown.subject} onChange={(event) => change({ subject: event.currentTarget.value })} />
      </div>
      {obstacle && <div className={classes.obstacle} role="alert">{t(`compose.obstacle.${obstacle}`)}</div>}
      <Editor html={shown.html} takesFocus={startsInText} onChange={email.changeHtml} onFiles={add} />
      {shown.quoted && <QuotedText quoted={shown.quoted} onRemove={() => change({ quoted: null })} />}
      <AttachmentTray files={shown.attachments} uploading={uploading} onRemove={(file) => change({ attachments: now.current.attachments.filter((each) => each !== file) })} />
      <SendBar saved={email.saved} onSend={() => send(null)} onSchedule={(at) => send(at)} onFiles={add} onDiscard={() => void email.discard()} />
      {asked && (
        <Modal opened onClose={() => setAsked(null)} title={t(`compose.doubt.${asked.doubt}`)} size="sm" centered closeButtonProps={{ 'aria-label': t('general.close') }}>
          <Text size="sm">{t('compose.doubt.question')}</Text>
          <Group justify="flex-end" mt="md"><Button variant="default" onClick={() => setAsked(null)}>{t('compose.doubt.back')}</Button><Button data-autofocus onClick={() => { setAsked(null); send(asked.at, true); }}>{t('compose.doubt.send')}</Button></Group>
        </Modal>
      )}
    </div>
  );
}
