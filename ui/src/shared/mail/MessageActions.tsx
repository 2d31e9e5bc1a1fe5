import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconArrowBackUpDouble, IconArrowForwardUp, IconCode, IconDots } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { EmailSummary } from '#/shared/api/types';
import { showOriginal } from './askedDialogs';
import { startReply } from './startReply';
import classes from './mail.module.css';

/** Answering one particular email of a conversation. */
export function MessageActions({ email }: { email: EmailSummary }) {
  const { t } = useTranslation();
  return (
    <div className={classes.cardActions}>
      <Tooltip label={t('mail.reply')}>
        <ActionIcon aria-label={t('mail.reply')} onClick={() => void startReply(email.id, 'reply')}><IconArrowBackUp size={17} /></ActionIcon>
      </Tooltip>
      <Menu position="bottom-end">
        <Menu.Target><ActionIcon aria-label={t('mail.moreActions')}><IconDots size={17} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconArrowBackUpDouble size={16} />} onClick={() => void startReply(email.id, 'replyAll')}>{t('mail.replyAll')}</Menu.Item>
          <Menu.Item leftSection={<IconArrowForwardUp size={16} />} onClick={() => void startReply(email.id, 'forward')}>{t('mail.forward')}</Menu.Item>
          <Menu.Item leftSection={<IconCode size={16} />} onClick={() => showOriginal(email.id)}>{t('shell.command.threadOriginal')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
