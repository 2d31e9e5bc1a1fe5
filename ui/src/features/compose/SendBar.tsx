import { ActionIcon, Button, FileButton, Text, Tooltip } from '@mantine/core';
import { IconChevronDown, IconPaperclip, IconSend, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { KeyTip } from '#/shared/parts/KeyTip';
import { LaterMenu } from '#/shared/parts/LaterMenu';
import { timeOfDay } from '#/shared/time/format';
import type { SaveState } from './draftSaver';
import classes from './compose.module.css';

type Props = { saved: SaveState; onSend: () => void; onSchedule: (at: Date) => void; onFiles: (files: File[]) => void; onDiscard: () => void };

export function SendBar({ saved, onSend, onSchedule, onFiles, onDiscard }: Props) {
  const { t } = useTranslation();
  const [isLaterOpen, setIsLaterOpen] = useState(false);
  return (
    <footer className={classes.foot}>
      <Button.Group>
        <KeyTip command="composeSend"><Button leftSection={<IconSend size={15} />} onClick={onSend}>{t('shell.command.composeSend')}</Button></KeyTip>
        <LaterMenu title={t('compose.later')} isOpen={isLaterOpen} onOpen={setIsLaterOpen} onPick={onSchedule} position="top-start">
          <Button px={9} aria-label={t('compose.later')} className={classes.laterButton}><IconChevronDown size={15} /></Button>
        </LaterMenu>
      </Button.Group>
      <FileButton multiple onChange={onFiles}>
        {(props) => <Tooltip label={t('compose.attach')}><ActionIcon {...props} size={36} aria-label={t('compose.attach')}><IconPaperclip size={18} /></ActionIcon></Tooltip>}
      </FileButton>
      <Text size="xs" c="var(--text-3)" ml="auto" role="status">
        {saved.is === 'saving' && t('compose.saving')}
        {saved.is === 'saved' && saved.at && t('compose.savedAt', { time: timeOfDay(saved.at) })}
        {saved.is === 'kept' && t('compose.keptHere')}
      </Text>
      <Tooltip label={t('compose.discard')}><ActionIcon size={36} aria-label={t('compose.discard')} onClick={onDiscard}><IconTrash size={17} /></ActionIcon></Tooltip>
    </footer>
  );
}
