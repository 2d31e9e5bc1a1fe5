import { Anchor, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '#/shared/commands/registry';
import { withChips } from '#/shared/editor/tokens';
import { AttachmentTray } from '#/shared/mail/AttachmentTray';
import { useAttachments } from '#/shared/mail/useAttachments';
import { obstacleOf, type Obstacle } from './content';
import { DoubtDialog } from './DoubtDialog';
import { doubtsOf, type Doubts } from './doubts';
import { FromField } from './FromField';
import { GapNote } from './GapNote';
import { OthersNote } from './OthersNote';
import { OwnText } from './OwnText';
import { QuotedText } from './QuotedText';
import { RecipientsField } from './RecipientsField';
import { SendBar } from './SendBar';
import { SignatureBlock } from './SignatureBlock';
import { StandingNote } from './StandingNote';
import { useFilling } from './useFilling';
import { useSenders } from './useSenders';
import { useTemplateInsert } from './useTemplateInsert';
import type { useWriting } from './useWriting';
import classes from './compose.module.css';

export function ComposeForm({ email }: { email: ReturnType<typeof useWriting> }) {
  const { t } = useTranslation();
  const { shown, now, change, settle } = email;
  const [wantsCopies, setWantsCopies] = useState(false);
  const showsCopies = wantsCopies || shown.cc.length + shown.bcc.length > 0;
  const [obstacle, setObstacle] = useState<Obstacle | null>(null);
  const [asked, setAsked] = useState<{ doubts: Doubts; at: Date | null } | null>(null);
  const [startsInText] = useState(shown.to.length > 0);
  const [drawn, setDrawn] = useState(0);
  const [isTemplateOpen, setIsTemplateOpen] = useState(false);
  const toField = useRef<HTMLInputElement>(null);
  const { senders, isLoaded } = useSenders();
  const { uploading, add, addPicture } = useAttachments((file) => change({ attachments: [...now.current.attachments, file] }));
  const { values, gaps } = useFilling(shown, email.tokens);
  const { onReady, editor, insert } = useTemplateInsert({ now, change, onRedraw: () => { email.readTokens(); setDrawn((count) => count + 1); } });

  useEffect(() => {
    const first = senders[0];
    if (!shown.accountId && first) settle({ accountId: first.accountId, from: first.address });
  }); // settles once, as soon as the accounts are known
  useEffect(() => { if (!startsInText) toField.current?.focus(); }, [startsInText]);

  const send = async (at: Date | null, isSure = false) => {
    const found = obstacleOf(now.current, uploading.length > 0);
    setObstacle(found);
    if (found === 'noRecipient') toField.current?.focus();
    if (found) return;
    const doubts = isSure ? null : await doubtsOf(now.current);
    setAsked(doubts ? { doubts, at } : null);
    if (!doubts) void email.send(at);
  };
  useCommands({ composeSend: () => void send(null), composeCc: () => setWantsCopies(true), composeTemplate: () => setIsTemplateOpen(true) });
  const onLead = (leadId: string) => { if (!now.current.leadId) settle({ leadId }); };
  const editSignature = async (html: string) => {
    const { withoutData } = await import('./signaturePictures');
    editor.current?.chain().focus('end').insertContent(withChips(await withoutData(html, addPicture))).run();
    change({ isSigned: false });
  };

  return (
    <div className={classes.form} onDragOver={(event) => event.preventDefault()} onDrop={(event) => { if (!event.defaultPrevented && event.dataTransfer.files.length) { event.preventDefault(); add(event.dataTransfer.files); } }}>
      <FromField senders={senders} isLoaded={isLoaded} writing={shown} onChange={(sender) => change({ accountId: sender.accountId, from: sender.address })} />
      <RecipientsField label={t('mail.to')} value={shown.to} onChange={(to) => { setObstacle(null); change({ to }); }} onLead={onLead} inputRef={toField} takesHeldKeys
        right={!wantsCopies && !(shown.cc.length && shown.bcc.length) && <Anchor component="button" type="button" size="xs" className={classes.copies} onClick={() => setWantsCopies(true)}>{t('compose.copies')}</Anchor>} />
      {showsCopies && <RecipientsField label={t('mail.cc')} value={shown.cc} onChange={(cc) => change({ cc })} onLead={onLead} />}
      {(wantsCopies || shown.bcc.length > 0) && <RecipientsField label={t('mail.bcc')} value={shown.bcc} onChange={(bcc) => change({ bcc })} onLead={onLead} />}
      <StandingNote recipients={[...shown.to, ...shown.cc, ...shown.bcc]} />
      <div className={classes.field}>
        <label className={classes.label} htmlFor="compose-subject">{t('mail.subject')}</label>
        <TextInput id="compose-subject" variant="unstyled" flex={1} value={shown.subject} onChange={(event) => { change({ subject: event.currentTarget.value }); email.readTokens(); }} />
      </div>
      {obstacle && <div className={classes.obstacle} role="alert">{t(`compose.obstacle.${obstacle}`)}</div>}
      <div className={classes.paper}>
        <OwnText key={drawn} html={now.current.html} takesFocus={startsInText || drawn > 0} values={values} onChange={email.changeHtml} onFiles={add} onPicture={addPicture} onReady={onReady} />
      </div>
      <SignatureBlock accountId={shown.accountId} isSigned={shown.isSigned} onSigned={(isSigned) => change({ isSigned })} onEdit={(html) => void editSignature(html)} />
      {shown.quoted && <QuotedText quoted={shown.quoted} onRemove={() => change({ quoted: null })} />}
      <AttachmentTray files={shown.attachments.filter((file) => !file.inline_only)} uploading={uploading} onRemove={(file) => change({ attachments: now.current.attachments.filter((each) => each !== file) })} />
      <OthersNote inReplyToId={shown.inReplyToId} />
      <GapNote gaps={gaps} values={values} hasLead={!!shown.leadId} />
      <SendBar email={email} onSend={() => void send(null)} onSchedule={(at) => void send(at)} onFiles={add} isTemplateOpen={isTemplateOpen} onTemplateOpen={setIsTemplateOpen} onTemplate={insert} />
      {asked && <DoubtDialog doubts={asked.doubts} onBack={() => setAsked(null)} onSure={() => { setAsked(null); void send(asked.at, true); }} />}
    </div>
  );
}
