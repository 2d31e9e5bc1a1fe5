import { ActionIcon, Button, Menu, Text } from '@mantine/core';
import { IconArrowBackUp, IconArrowBackUpDouble, IconArrowForwardUp, IconArrowLeft, IconArrowsExchange, IconCheck, IconClock, IconCode, IconDots, IconEye, IconInbox, IconMailOpened } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboxTask } from '#/shared/api/types';
import { askWhereTo, showOriginal } from '#/shared/mail/askedDialogs';
import { startReply, type Answer } from '#/shared/mail/startReply';
import { WhoSees } from '#/shared/mail/WhoSees';
import { KeyMark } from '#/shared/parts/KeyMark';
import { KeyTip } from '#/shared/parts/KeyTip';
import { LaterMenu } from '#/shared/parts/LaterMenu';
import { isForEveryone } from './forEveryone';
import classes from '#/shared/parts/split.module.css';

type Props = {
  task: InboxTask; latestEmailId: string | undefined; canAct: boolean; isPhone: boolean; isSnoozeOpen: boolean; onSnoozeOpen: (is: boolean) => void;
  onBack: () => void; onDone: () => void; onReopen: () => void; onSnooze: (until: Date) => void; onUnread: () => void;
};

/** What can be done with the open conversation. */
export function ReadingBar({ task, latestEmailId, canAct, isPhone, isSnoozeOpen, onSnoozeOpen, onBack, onDone, onReopen, onSnooze, onUnread }: Props) {
  const { t } = useTranslation();
  const [isAsking, setIsAsking] = useState(false);
  const answer = (how: Answer) => () => { if (latestEmailId) void startReply(latestEmailId, how); };
  const size = isPhone ? 'md' : 'xs';
  return (
    <header className={classes.bar}>
      {isPhone && <ActionIcon size={44} aria-label={t('shell.command.threadBack')} onClick={onBack}><IconArrowLeft size={20} /></ActionIcon>}
      {canAct && task.view !== 'archive' && (
        <>
          <KeyTip command="threadDone"><Button size={size} className={classes.done} variant="light" color="green" leftSection={<IconCheck size={15} />} onClick={onDone}>{t(isForEveryone(task) ? 'inbox.doneForEveryone' : 'shell.command.threadDone')}</Button></KeyTip>
          <LaterMenu title={t('inbox.snoozeUntil')} isOpen={isSnoozeOpen} onOpen={onSnoozeOpen} onPick={onSnooze}>
            <Button size={size} px={isPhone ? 12 : undefined} variant="default" aria-label={t('shell.command.threadSnooze')}>
              <IconClock size={16} />{!isPhone && <span className={classes.word}>{t('shell.command.threadSnooze')}</span>}
            </Button>
          </LaterMenu>
        </>
      )}
      {canAct && task.view !== 'inbox' && <Button size={size} variant="default" leftSection={<IconInbox size={15} />} onClick={onReopen}>{t('inbox.toInbox')}</Button>}
      {!canAct && <Text size="xs" c="var(--text-3)">{t('inbox.readOnlyShort')}</Text>}
      <KeyTip command="threadReply">
        <Button size={size} px={isPhone ? 12 : undefined} variant="default" aria-label={t('mail.reply')} onClick={answer('reply')}>
          <IconArrowBackUp size={16} />{!isPhone && <span className={classes.word}>{t('mail.reply')}</span>}
        </Button>
      </KeyTip>
      <Menu position="bottom-end" width={220}>
        <Menu.Target><ActionIcon ml="auto" size={isPhone ? 44 : 34} aria-label={t('mail.moreActions')}><IconDots size={18} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconArrowBackUpDouble size={16} />} rightSection={<KeyMark command="threadReplyAll" />} onClick={answer('replyAll')}>{t('mail.replyAll')}</Menu.Item>
          <Menu.Item leftSection={<IconArrowForwardUp size={16} />} rightSection={<KeyMark command="threadForward" />} onClick={answer('forward')}>{t('mail.forward')}</Menu.Item>
          {canAct && <Menu.Item leftSection={<IconMailOpened size={16} />} rightSection={<KeyMark command="threadUnread" />} onClick={onUnread}>{t('shell.command.threadUnread')}</Menu.Item>}
          {canAct && task.object_id && task.lead_id && <Menu.Item leftSection={<IconArrowsExchange size={16} />} rightSection={<KeyMark command="threadMove" />} onClick={() => askWhereTo(task.object_id!, task.lead_id!)}>{t('shell.command.threadMove')}</Menu.Item>}
          {latestEmailId && <Menu.Item leftSection={<IconCode size={16} />} rightSection={<KeyMark command="threadOriginal" />} onClick={() => showOriginal(latestEmailId)}>{t('shell.command.threadOriginal')}</Menu.Item>}
          {task.object_id && <Menu.Item leftSection={<IconEye size={16} />} onClick={() => setIsAsking(true)}>{t('privacy.whoSees')}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {isAsking && task.object_id && <WhoSees threadId={task.object_id} onClose={() => setIsAsking(false)} />}
    </header>
  );
}
