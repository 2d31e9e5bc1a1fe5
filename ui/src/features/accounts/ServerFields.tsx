import { PasswordInput, Select, SimpleGrid, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Encryption } from '#/shared/api/types';
import { readAddress, withAddress, type Protocol, type ServerForm } from './serverForm';

const ENCRYPTIONS: Encryption[] = ['tls', 'starttls', 'none'];

type Props = { protocol: Protocol; email: string; value: ServerForm; onChange: (value: ServerForm) => void; hasLogin?: boolean; hasPassword?: boolean; keptPassword?: boolean; error?: string | undefined };

/** One server: host and port in one field, encryption, and the sign-in where it is its own. */
export function ServerFields({ protocol, email, value, onChange, hasLogin = true, hasPassword = false, keptPassword = false, error }: Props) {
  const { t } = useTranslation();
  const isBad = value.address !== '' && !readAddress(value.address);
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      <TextInput label={t('accounts.server')} required placeholder={`${protocol}.example.com:${protocol === 'imap' ? 993 : 587}`} value={value.address} onChange={(event) => onChange(withAddress(value, event.currentTarget.value))} error={isBad ? t('accounts.badServer') : error} spellCheck={false} />
      <Select label={t('accounts.encryption')} data={ENCRYPTIONS.map((each) => ({ value: each, label: t(`accounts.encryptionChoice.${each}`) }))} value={value.encryption} onChange={(encryption) => onChange({ ...value, encryption: (encryption ?? 'tls') as Encryption })} error={value.encryption === 'none' && t('accounts.unencrypted')} />
      {hasLogin && <TextInput label={t('accounts.username')} placeholder={email || t('accounts.usernameExample')} value={value.username} onChange={(event) => onChange({ ...value, username: event.currentTarget.value })} autoComplete="off" spellCheck={false} />}
      {hasPassword && <PasswordInput label={t('entry.password')} placeholder={keptPassword ? t('accounts.passwordKept') : ''} value={value.password} onChange={(event) => onChange({ ...value, password: event.currentTarget.value })} autoComplete="new-password" />}
    </SimpleGrid>
  );
}
