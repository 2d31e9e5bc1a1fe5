import { ActionIcon, Menu, ScrollArea, Text, TextInput } from '@mantine/core';
import { IconTemplate } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Template } from '#/shared/api/types';
import { withWords } from '#/shared/editor/tokens';
import { KeyTip } from '#/shared/parts/KeyTip';
import { useMenuField } from '#/shared/parts/useMenuField';
import { templatesQuery } from '#/shared/requests/templates';
import classes from './compose.module.css';

type Props = { isOpen: boolean; onOpen: (is: boolean) => void; onPick: (template: Template) => void };

const named = (templates: Template[], asked: string) => templates.filter((template) => asked.toLowerCase().split(/\s+/).every((word) => `${template.name} ${template.subject}`.toLowerCase().includes(word)));

/** The templates one may use, by name or subject. */
export function TemplateMenu({ isOpen, onOpen, onPick }: Props) {
  const { t } = useTranslation();
  const [words, setWords] = useState('');
  const queries = useQueryClient();
  const { data: templates = [] } = useQuery({ ...templatesQuery(false), enabled: isOpen });
  const found = named(templates, words);
  const pick = (template: Template) => { setWords(''); onOpen(false); onPick(template); };
  /** Enter may come before the templates have. */
  const pickFirst = async (asked: string) => {
    const [first] = named(await queries.ensureQueryData(templatesQuery(false)), asked);
    if (first) pick(first);
  };
  const field = useMenuField(isOpen, (typed, isEntered) => {
    setWords(typed);
    if (isEntered) void pickFirst(typed);
  });
  return (
    <Menu opened={isOpen} onChange={(is) => { setWords(''); onOpen(is); }} width={330} position="top-start" trapFocus withInitialFocusPlaceholder={false}>
      <KeyTip command="composeTemplate">
        <Menu.Target><ActionIcon size={36} aria-label={t('compose.template')}><IconTemplate size={18} /></ActionIcon></Menu.Target>
      </KeyTip>
      <Menu.Dropdown>
        <TextInput {...field} size="xs" px={8} py={4} value={words} placeholder={t('compose.findTemplate')} aria-label={t('compose.findTemplate')} onChange={(event) => setWords(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') { event.preventDefault(); void pickFirst(words); }
            if (event.key !== 'Escape' && event.key !== 'Tab' && !event.key.startsWith('Arrow')) event.stopPropagation();
          }} />
        <ScrollArea.Autosize mah={280}>
          {found.map((template) => (
            <Menu.Item key={template.id} onClick={() => onPick(template)}>
              <Text size="sm" truncate>{template.name}</Text>
              <Text size="xs" c="var(--text-3)" truncate>{withWords(template.subject) || t('mail.noSubject')}</Text>
            </Menu.Item>
          ))}
        </ScrollArea.Autosize>
        {!found.length && <Text size="sm" c="var(--text-3)" px="sm" py={6}>{t(words ? 'shell.nothingFound' : 'compose.noTemplates')}</Text>}
        <Menu.Divider />
        <Menu.Item className={classes.manage} component={Link} to="/templates">{t('compose.manageTemplates')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
