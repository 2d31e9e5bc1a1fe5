import { ActionIcon, Badge, Menu, Text } from '@mantine/core';
import { IconArchive, IconCopy, IconDots, IconPaperclip, IconPencil, IconRestore, IconTrash, IconUsers } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Template } from '#/shared/api/types';
import { withWords } from '#/shared/editor/tokens';
import { relativeTime } from '#/shared/time/format';
import { useTemplateActions } from './useTemplateActions';
import { useOwner } from './useOwner';
import classes from './templates.module.css';

/** A template as a line: its name, how it begins, whose it is, when it was last used. */
export function TemplateRow({ template, isCurrent }: { template: Template; isCurrent: boolean }) {
  const { t } = useTranslation();
  const row = useRef<HTMLLIElement>(null);
  const { canChange, ownerName, isMine } = useOwner(template);
  const actions = useTemplateActions();
  useEffect(() => { if (isCurrent) row.current?.scrollIntoView({ block: 'nearest' }); }, [isCurrent]);
  return (
    <li ref={row} className={classes.row} data-current={isCurrent || undefined}>
      <Link to="/templates/$templateId" params={{ templateId: template.id }} className={classes.rowLink}>
        <span className={classes.rowText}>
          <span className={classes.rowName}>{template.name}{template.attachments.length > 0 && <IconPaperclip size={13} aria-label={t('mail.attachments')} />}</span>
          <Text span size="xs" c="var(--text-2)" truncate>{withWords(template.subject) || t('mail.noSubject')}</Text>
          <Text span size="xs" c="var(--text-3)" truncate>{withWords(beginning(template.body))}</Text>
        </span>
        <span className={classes.rowOwner}>
          {template.is_shared ? <Badge variant="light" size="sm" tt="none" leftSection={<IconUsers size={11} />}>{t('templates.shared')}</Badge> : <Badge variant="light" color="gray" size="sm" tt="none">{t('templates.personal')}</Badge>}
          {!isMine && <Text span size="xs" c="var(--text-3)" truncate>{ownerName}</Text>}
        </span>
        <Text span size="xs" c="var(--text-3)" className={classes.rowUsed}>{template.last_used_at ? t('templates.used', { when: relativeTime(template.last_used_at) }) : t('templates.neverUsed')}</Text>
      </Link>
      <Menu position="bottom-end" width={210}>
        <Menu.Target><ActionIcon size={36} aria-label={t('templates.actionsOf', { name: template.name })}><IconDots size={18} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          {!template.is_archived && <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => actions.use(template)}>{t('templates.use')}</Menu.Item>}
          <Menu.Item leftSection={<IconCopy size={16} />} onClick={() => actions.duplicate(template)}>{t('templates.duplicate')}</Menu.Item>
          {canChange && <Menu.Item leftSection={<IconUsers size={16} />} onClick={() => actions.share(template)}>{t(template.is_shared ? 'templates.makePersonal' : 'templates.share')}</Menu.Item>}
          {canChange && <Menu.Item leftSection={template.is_archived ? <IconRestore size={16} /> : <IconArchive size={16} />} onClick={() => actions.archive(template)}>{t(template.is_archived ? 'templates.restore' : 'templates.archive')}</Menu.Item>}
          {canChange && template.is_archived && <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => actions.remove(template)}>{t('templates.delete')}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}

const LONGEST = 140;
const beginning = (html: string) => (new DOMParser().parseFromString(html.replace(/<\/(p|div|li|h\d)>|<br\s*\/?>/gi, ' $&'), 'text/html').body.textContent ?? '').replace(/\s+/g, ' ').trim().slice(0, LONGEST);
