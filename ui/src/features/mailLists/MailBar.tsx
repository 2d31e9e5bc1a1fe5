import { ActionIcon, Button, Text } from '@mantine/core';
import { IconArrowBackUp, IconArrowBackUpDouble, IconArrowForwardUp, IconArrowLeft, IconClock, IconPencil, IconRefresh, IconSend, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Mail } from '#/shared/api/types';
import { editEmail, scheduleEmail, sendEmailNow } from '#/shared/mail/moveEmail';
import { startReply } from '#/shared/mail/startReply';
import { KeyTip } from '#/shared/parts/KeyTip';
import { LaterMenu } from '#/shared/parts/LaterMenu';
import classes from '#/shared/parts/split.module.css';

type Props = { mail: Mail; canAct: boolean; isPhone: boolean; onBack: () => void; onDiscard: () => void };

/** What can be done with the open email: answers for what is out, the next step for what is not. */
export function MailBar({ mail, canAct, isPhone, onBack, onDiscard }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isLaterOpen, setIsLaterOpen] = useState(false);
  const size = isPhone ? 'md' : 'xs';
  const isOut = mail.status === 'sent' || mail.status === 'inbox';
  const waits = mail.status === 'scheduled' || mail.status === 'error';
  return (
    <header className={classes.bar}>
      {isPhone && <ActionIcon size={44} aria-label={t('shell.command.threadBack')} onClick={onBack}><IconArrowLeft size={20} /></ActionIcon>}
      {isOut && (
        <>
          <KeyTip command="threadReply"><Button size={size} variant="default" leftSection={<IconArrowBackUp size={16} />} onClick={() => void startReply(mail.id, 'reply')}>{t('mail.reply')}</Button></KeyTip>
          <KeyTip command="threadReplyAll"><Button size={size} variant="default" px={isPhone ? 12 : undefined} aria-label={t('mail.replyAll')} onClick={() => void startReply(mail.id, 'replyAll')}><IconArrowBackUpDouble size={16} />{!isPhone && <span className={classes.word}>{t('mail.replyAll')}</span>}</Button></KeyTip>
          <KeyTip command="threadForward"><Button size={size} variant="default" px={isPhone ? 12 : undefined} aria-label={t('mail.forward')} onClick={() => void startReply(mail.id, 'forward')}><IconArrowForwardUp size={16} />{!isPhone && <span className={classes.word}>{t('mail.forward')}</span>}</Button></KeyTip>
        </>
      )}
      {!isOut && !canAct && <Text size="xs" c="var(--text-3)">{t('lists.readOnlyShort')}</Text>}
      {!isOut && canAct && (
        <>
          {waits && <KeyTip command="mailSendNow"><Button size={size} leftSection={mail.status === 'error' ? <IconRefresh size={15} /> : <IconSend size={15} />} onClick={() => void sendEmailNow(queries, mail)}>{t(mail.status === 'error' ? 'general.tryAgain' : 'mail.sendNow')}</Button></KeyTip>}
          <KeyTip command="mailEdit" label={t(mail.status === 'draft' ? 'shell.command.mailEdit' : 'mail.cancelAndEdit')}><Button size={size} variant={mail.status === 'draft' ? 'filled' : 'default'} leftSection={<IconPencil size={15} />} onClick={() => void editEmail(queries, mail)}>{t('general.edit')}</Button></KeyTip>
          {mail.status === 'scheduled' && (
            <LaterMenu title={t('lists.reschedule')} isOpen={isLaterOpen} onOpen={setIsLaterOpen} onPick={(at) => void scheduleEmail(queries, mail, at)}>
              <Button size={size} variant="default" px={isPhone ? 12 : undefined} aria-label={t('lists.reschedule')}><IconClock size={16} />{!isPhone && <span className={classes.word}>{t('lists.reschedule')}</span>}</Button>
            </LaterMenu>
          )}
          <KeyTip command="mailDiscard"><ActionIcon ml="auto" size={isPhone ? 44 : 34} aria-label={t('shell.command.mailDiscard')} onClick={onDiscard}><IconTrash size={18} /></ActionIcon></KeyTip>
        </>
      )}
    </header>
  );
}
