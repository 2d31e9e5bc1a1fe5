import { ActionIcon, Button, FileButton, Indicator, Menu, Text } from '@mantine/core';
import { IconBell, IconBellOff, IconChevronDown, IconPaperclip, IconSend, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Template } from '#/shared/api/types';
import { useCommands } from '#/shared/commands/registry';
import { KeyTip } from '#/shared/parts/KeyTip';
import { LaterMenu } from '#/shared/parts/LaterMenu';
import { exactDate, timeOfDay } from '#/shared/time/format';
import { TemplateMenu } from './TemplateMenu';
import { theirZoneQuery } from './theirZone';
import { TrackingMenu } from './TrackingMenu';
import type { useWriting } from './useWriting';
import classes from './compose.module.css';

type Props = {
  email: ReturnType<typeof useWriting>; onSend: () => void; onSchedule: (at: Date) => void; onFiles: (files: File[]) => void;
  isTemplateOpen: boolean; onTemplateOpen: (is: boolean) => void; onTemplate: (template: Template) => void;
};

export function SendBar({ email, onSend, onSchedule, onFiles, isTemplateOpen, onTemplateOpen, onTemplate }: Props) {
  const { t } = useTranslation();
  const { shown: { inReplyToId, leadId, to, followUpAt }, saved, change, discard } = email;
  const [isLaterOpen, setIsLaterOpen] = useState(false);
  const [isReminderOpen, setIsReminderOpen] = useState(false);
  const attach = useRef<HTMLButtonElement>(null);
  useCommands({ composeLater: () => setIsLaterOpen(true), composeReminder: () => setIsReminderOpen(true), composeAttach: () => attach.current?.click(), composeDiscard: () => void discard() });
  const asked = theirZoneQuery({ inReplyToId, leadId, to });
  const { data: theirs } = useQuery({ ...asked, enabled: asked.enabled === true && isLaterOpen });
  const reminder = followUpAt ? t('compose.reminderAt', { when: exactDate(new Date(followUpAt)) }) : t('compose.reminder');
  return (
    <footer className={classes.foot}>
      <Button.Group>
        <KeyTip command="composeSend"><Button leftSection={<IconSend size={15} />} onClick={onSend}>{t('shell.command.composeSend')}</Button></KeyTip>
        <LaterMenu title={t('compose.later')} isOpen={isLaterOpen} onOpen={setIsLaterOpen} onPick={onSchedule} position="top-start" thereMinutes={theirs?.minutes} more={theirs && <Menu.Label fw={400}>{t('compose.theirZone', { who: theirs.who })}</Menu.Label>}>
          <Button px={9} aria-label={t('compose.later')} className={classes.laterButton}><IconChevronDown size={15} /></Button>
        </LaterMenu>
      </Button.Group>
      <FileButton multiple onChange={onFiles}>
        {(props) => <KeyTip command="composeAttach" label={t('compose.attach')}><ActionIcon {...props} ref={attach} size={36} aria-label={t('compose.attach')}><IconPaperclip size={18} /></ActionIcon></KeyTip>}
      </FileButton>
      <TemplateMenu isOpen={isTemplateOpen} onOpen={onTemplateOpen} onPick={onTemplate} />
      <LaterMenu title={t('compose.reminderTitle')} isOpen={isReminderOpen} onOpen={setIsReminderOpen} onPick={(at) => change({ followUpAt: at.toISOString() })} position="top-start"
        more={followUpAt && <Menu.Item leftSection={<IconBellOff size={15} />} onClick={() => change({ followUpAt: null })}>{t('compose.noReminder')}</Menu.Item>}>
        <ActionIcon size={36} aria-label={reminder} title={reminder}><Indicator disabled={!followUpAt} size={7} offset={2}><IconBell size={18} /></Indicator></ActionIcon>
      </LaterMenu>
      <TrackingMenu writing={email.shown} onChange={change} />
      <Text size="xs" c="var(--text-3)" ml="auto" role="status" truncate>
        {saved.is === 'saving' && t('compose.saving')}
        {saved.is === 'saved' && saved.at && t('compose.savedAt', { time: timeOfDay(saved.at) })}
        {saved.is === 'kept' && t('compose.keptHere')}
      </Text>
      <KeyTip command="composeDiscard" label={t('compose.discard')}><ActionIcon size={36} aria-label={t('compose.discard')} onClick={() => void discard()}><IconTrash size={17} /></ActionIcon></KeyTip>
    </footer>
  );
}
