import { ActionIcon, Button, Text, Tooltip } from '@mantine/core';
import { IconMail, IconPencil, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Contact, Lead } from '#/shared/api/types';
import { openComposing } from '#/shared/mail/composing';
import { Initials } from '#/shared/parts/Initials';
import { ContactForm } from './ContactForm';
import classes from './leads.module.css';

/** The people of a lead; each opens for editing in place. */
export function ContactList({ lead }: { lead: Lead }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState<string | null>(null);
  return (
    <div className={classes.contacts}>
      <div className={classes.contactsHead}>
        <Text component="h2" fw={600} size="sm">{t('inbox.contacts')}</Text>
        <Button size="compact-xs" variant="subtle" leftSection={<IconPlus size={14} />} onClick={() => setEditing('new')}>{t('leads.addContact')}</Button>
      </div>
      {lead.contacts.map((contact) => (editing === contact.id
        ? <ContactForm key={contact.id} leadId={lead.id} contact={contact} onClose={() => setEditing(null)} />
        : <ContactCard key={contact.id} contact={contact} leadId={lead.id} onEdit={() => setEditing(contact.id)} />))}
      {editing === 'new' && <ContactForm leadId={lead.id} onClose={() => setEditing(null)} />}
      {!lead.contacts.length && editing !== 'new' && <Text size="sm" c="var(--text-3)" p="sm">{t('leads.noContacts')}</Text>}
    </div>
  );
}

function ContactCard({ contact, leadId, onEdit }: { contact: Contact; leadId: string; onEdit: () => void }) {
  const { t } = useTranslation();
  const name = contact.name || contact.emails[0]?.email || t('leads.nameless');
  return (
    <div className={classes.contact}>
      <Initials name={name} size={32} />
      <div className={classes.contactText}>
        <Text size="sm" fw={550} truncate>{name}</Text>
        {contact.title && <Text size="xs" c="var(--text-3)" truncate>{contact.title}</Text>}
        {contact.emails.map(({ email }) => (
          <button key={email} type="button" className={classes.address} onClick={() => openComposing({ leadId, to: [{ email, name: contact.name ?? '' }] })} title={t('leads.writeTo', { email })}>
            <IconMail size={13} aria-hidden /><span>{email}</span>
          </button>
        ))}
      </div>
      <Tooltip label={t('general.edit')}><ActionIcon size={28} aria-label={t('leads.editContact', { name })} onClick={onEdit}><IconPencil size={15} /></ActionIcon></Tooltip>
    </div>
  );
}
