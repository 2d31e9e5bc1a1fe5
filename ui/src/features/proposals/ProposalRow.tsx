import { Button, Menu, Text } from '@mantine/core';
import { IconCheck, IconChevronDown, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Proposal } from '#/shared/api/types';
import { fullDate } from '#/shared/time/format';
import classes from './proposals.module.css';

export type Say = (accept: boolean, bySender: boolean) => void;

/** Whose email it is, why it may belong to the lead, and the two answers. */
export function ProposalRow({ proposal, say }: { proposal: Proposal; say: Say }) {
  const { t } = useTranslation();
  return (
    <li className={classes.row}>
      <div className={classes.text}>
        <Text size="sm" fw={600} truncate>{proposal.subject || t('mend.noSubject')}</Text>
        <Text size="xs" c="var(--text-2)" truncate>{t(proposal.is_outgoing ? 'links.to' : 'links.from', { who: proposal.sender })}{proposal.date && ` · ${fullDate(proposal.date)}`}</Text>
        <Text size="xs" mt={4}><Link to="/leads/$leadId" params={{ leadId: proposal.lead_id }}>{proposal.lead_name}</Link> <Text span size="xs" c="var(--text-3)">{proposal.sign}</Text></Text>
      </div>
      <div className={classes.answers}>
        <Button size="xs" leftSection={<IconCheck size={14} />} onClick={() => say(true, false)}>{t('links.accept')}</Button>
        <Button size="xs" variant="default" leftSection={<IconX size={14} />} onClick={() => say(false, false)}>{t('links.refuse')}</Button>
        <Menu position="bottom-end">
          <Menu.Target><Button size="xs" variant="subtle" rightSection={<IconChevronDown size={14} />}>{t('links.sender', { count: proposal.of_sender })}</Button></Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconCheck size={14} />} onClick={() => say(true, true)}>{t('links.acceptSender')}</Menu.Item>
            <Menu.Item leftSection={<IconX size={14} />} onClick={() => say(false, true)}>{t('links.refuseSender')}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
    </li>
  );
}
