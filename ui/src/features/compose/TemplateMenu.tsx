import { ActionIcon, Menu, ScrollArea, Text, TextInput } from '@mantine/core';
import { IconTemplate } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
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

/** The templates one may use, by name or subject. */
export function TemplateMenu({ isOpen, onOpen, onPick }: Props) {
  const { t } = useTranslation();
  const [words, setWords] = useState('');
  const { data: templates = [] } = useQuery({ ...templatesQuery(false), enabled: isOpen });
  const named = (asked: string) => templates.filter((template) => asked.toLowerCase().split(/\s+/).every((word) => `${template.name} ${template.subject}`.toLowerCase().includes(word)));
  const found = named(words);
  const pick = (template: Template) => { setWords(''); onOpen(false); onPick(template); };
  const field = useMenuField(isOpen, (typed, isEntered) => {
    const [first] = isEntered ? named(typed) : [];
    if (first) pick(first);
    else setWords(typed);
  });
  return (
    <Menu opened={isOpen} onChange={(is) => { setWords(''); onOpen(is); }} width={330} position="top-start" trapFocus withInitialFocusPlaceholder={false}>
      <KeyTip command="composeTemplate">
        <Menu.Target><ActionIcon size={36} aria-label={t('compose.template')}><IconTemplate size={18} /></ActionIcon></Menu.Target>
      </KeyTip>
      <Menu.Dropdown>
        <TextInput {...field} size="xs" px={8} py={4} value={words} placeholder={t('compose.findTemplate')} aria-label={t('compose.findTemplate')} onChange={(event) => setWords(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && found[0]) { event.preventDefault(); pick(found[0]); }
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
