import { ActionIcon, Popover, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { IconHelp } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './leadList.module.css';

const EXAMPLES = ['words', 'status', 'lastEmail', 'noReply', 'created', 'contact', 'address', 'either', 'view', 'sort'] as const;
const QUERIES: Record<(typeof EXAMPLES)[number], string> = {
  words: 'acme "heat pump"', status: 'status:Potential', lastEmail: 'last_email > 30 days ago', noReply: 'email(direction:outgoing has_reply:no)', created: 'created >= this-month', contact: 'contact(title:ceo email_address:*)', address: 'email_address:acme.com',
  either: 'status:Potential or status:Qualified', view: 'in:"All Leads" not url:*', sort: 'sort:-last_activity limit:50',
};

/** The query language by example: a click takes one over. */
export function QueryHelp({ onTake }: { onTake: (words: string) => void }) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="bottom-end" width={430} shadow="md" trapFocus>
      <Popover.Target><Tooltip label={t('leadList.help')}><ActionIcon size={30} aria-label={t('leadList.help')} onClick={() => setIsOpen((is) => !is)}><IconHelp size={17} /></ActionIcon></Tooltip></Popover.Target>
      <Popover.Dropdown p={6}>
        <Text size="xs" c="var(--text-3)" px={8} py={4}>{t('leadList.helpHint')}</Text>
        {EXAMPLES.map((name) => (
          <UnstyledButton key={name} className={classes.example} onClick={() => { setIsOpen(false); onTake(QUERIES[name]); }}><code>{QUERIES[name]}</code><span>{t(`leadList.example.${name}`)}</span></UnstyledButton>
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}
