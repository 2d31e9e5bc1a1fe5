/** What is typed about an account, and what the server shall get of it. */
import { useState } from 'react';
import type { AccountWrite, Provider, ServerWrite } from '#/shared/api/types';
import { formOf, guessAddress, withAddress, writeServer, type Protocol, type ServerForm } from './serverForm';

export type AccountFormState = {
  email: string; displayName: string; password: string; historyDays: string; receives: boolean; sends: boolean; looksFirst: boolean; hasOwnSmtpLogin: boolean; imap: ServerForm; smtp: ServerForm;
};

const startOf = (provider: Provider, protocol: Protocol, email: string) => {
  const form = formOf(provider[protocol], protocol);
  return form.address ? form : withAddress(form, guessAddress(email, protocol));
};

export function useAccountForm(provider: Provider, startEmail: string) {
  const [form, setForm] = useState<AccountFormState>({
    email: startEmail, displayName: '', password: '', historyDays: 'all', receives: true, sends: true, looksFirst: false, hasOwnSmtpLogin: false, imap: startOf(provider, 'imap', startEmail), smtp: startOf(provider, 'smtp', startEmail),
  });
  const set = (change: Partial<AccountFormState>) => setForm((old) => ({ ...old, ...change }));

  /** Fills in what is still empty once the address is known. */
  const guess = () => setForm((old) => ({
    ...old,
    imap: old.imap.address ? old.imap : withAddress(old.imap, guessAddress(old.email, 'imap')),
    smtp: old.smtp.address ? old.smtp : withAddress(old.smtp, guessAddress(old.email, 'smtp')),
  }));

  const server = (protocol: Protocol): ServerWrite | null => {
    if (!(protocol === 'imap' ? form.receives : form.sends)) return null;
    const shares = protocol === 'imap' || (form.receives && !form.hasOwnSmtpLogin);
    const username = shares ? form.imap.username : form.smtp.username;
    const password = shares || !form.receives ? form.password : form.smtp.password;
    return writeServer({ ...form[protocol], username: form.receives ? username : form.smtp.username || form.imap.username, password }, protocol, form.email);
  };
  const imap = server('imap');
  const smtp = server('smtp');
  const isComplete = /.@./.test(form.email) && (form.receives || form.sends) && form.receives === (imap !== null) && form.sends === (smtp !== null) && form.password !== '';
  const write = (): AccountWrite => ({
    email: form.email.trim(), display_name: form.displayName.trim(), provider: provider.key, imap, smtp, sync_enabled: form.receives && !form.looksFirst, send_enabled: form.sends,
    history_days: form.historyDays === 'all' ? null : Number(form.historyDays),
  });
  return { form, set, guess, isComplete, write, trial: () => ({ email: form.email.trim(), provider: provider.key, imap, smtp }) };
}
