import { ActionIcon, Button, Text, Tooltip } from '@mantine/core';
import { IconLink, IconMail, IconPencil, IconPhone, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Contact, Lead } from '#/shared/api/types';
import { FieldValues } from '#/shared/fields/FieldValues';
import { openComposing } from '#/shared/mail/composing';
import { Initials } from '#/shared/parts/Initials';
import { shownFieldsQuery } from '#/shared/requests/setup';
import { ContactForm } from './ContactForm';
import { LinkRow } from './LinkRow';
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
        ? <ContactForm key={contact.id} leadId={lead.id} contact={contact} others={lead.contacts} onClose={() => setEditing(null)} />
        : <ContactCard key={contact.id} contact={contact} lead={lead} onEdit={() => setEditing(contact.id)} />))}
      {editing === 'new' && <ContactForm leadId={lead.id} others={lead.contacts} onClose={() => setEditing(null)} />}
      {!lead.contacts.length && editing !== 'new' && <Text size="sm" c="var(--text-3)" p="sm">{t('leads.noContacts')}</Text>}
    </div>
  );
}

function ContactCard({ contact, lead, onEdit }: { contact: Contact; lead: Lead; onEdit: () => void }) {
  const { t } = useTranslation();
  const { data: fields = [] } = useQuery(shownFieldsQuery('contact'));
  const leadId = lead.id;
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
        {contact.phones.map(({ phone, phone_formatted: shown }) => (
          <a key={phone} className={classes.address} href={`tel:${phone.replace(/[^+\d]/g, '')}`} title={t('leads.call', { phone: shown })}><IconPhone size={13} aria-hidden /><span>{shown}</span></a>
        ))}
        {contact.urls.map(({ url }) => (
          <a key={url} className={classes.address} href={webAddress(url)} target="_blank" rel="noreferrer"><IconLink size={13} aria-hidden /><span>{url.replace(/^https?:\/\//i, '')}</span></a>
        ))}
        <FieldValues holder={contact} fields={fields} contacts={lead.contacts} only="filled" />
        <LinkRow on="contact" lead={lead} contact={contact} />
      </div>
      <Tooltip label={t('general.edit')}><ActionIcon className={classes.contactEdit} size={28} aria-label={t('leads.editContact', { name })} onClick={onEdit}><IconPencil size={15} /></ActionIcon></Tooltip>
    </div>
  );
}

/** A link of the web and of nothing else, whatever somebody wrote: `acme.example` is meant as one, too. */
const webAddress = (url: string) => (/^https?:\/\//i.test(url) ? url : `https://${url}`);
