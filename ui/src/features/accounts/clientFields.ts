/** A registered client as it is typed. Pure. */
import type { OauthClient, OauthClientWrite } from '#/shared/api/types';
import { readAddress, type Protocol } from './serverForm';

const TEXTS = ['name', 'tenant', 'authorize_url', 'token_url', 'revoke_url', 'sync_scope', 'send_scope'] as const;
export type ClientFields = Record<'provider' | 'client_id' | 'client_secret' | Protocol | (typeof TEXTS)[number], string>;

type Shown = OauthClient['imap'];
const printed = (server: Shown) => (server ? `${server.host}:${server.port}` : '');

export const formOfClient = (provider: string, client: OauthClient | null): ClientFields => ({
  provider, client_id: client?.client_id ?? '', client_secret: '', imap: printed(client?.imap ?? null), smtp: printed(client?.smtp ?? null),
  ...(Object.fromEntries(TEXTS.map((name) => [name, client?.[name] ?? ''])) as Record<(typeof TEXTS)[number], string>),
});

/** A server on this very machine is reached without encryption, as the form for passwords allows too. */
function server(text: string, kept: string): OauthClientWrite['imap'] {
  if (!text.trim()) return null;
  const read = readAddress(text);
  const local = read && /^(127\.|localhost$|\[::1\])/.test(read.host);
  return { host: read?.host ?? text.trim(), port: read?.port ?? null, encryption: local ? 'none' : kept };
}

/** An empty secret keeps the one that is set. */
export const clientOf = (form: ClientFields): OauthClientWrite => ({
  client_id: form.client_id.trim(), ...(form.client_secret ? { client_secret: form.client_secret } : {}),
  ...(Object.fromEntries(TEXTS.map((name) => [name, form[name].trim()])) as Record<(typeof TEXTS)[number], string>),
  imap: server(form.imap, form.imap.trim().endsWith(':143') ? 'starttls' : 'tls'), smtp: server(form.smtp, form.smtp.trim().endsWith(':587') ? 'starttls' : 'tls'),
});
