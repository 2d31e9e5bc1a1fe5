/** A server as it is typed: one field for host and port, the encryption that usually goes with it. Pure. */
import type { Encryption, Server, ServerWrite } from '#/shared/api/types';

export type Protocol = 'imap' | 'smtp';
export type ServerForm = { address: string; encryption: Encryption; username: string; password: string };

const USUAL_PORT: Record<Protocol, Record<Encryption, number>> = { imap: { tls: 993, starttls: 143, none: 143 }, smtp: { tls: 465, starttls: 587, none: 25 } };
const ENCRYPTION_OF: Record<number, Encryption> = { 993: 'tls', 143: 'starttls', 465: 'tls', 587: 'starttls', 25: 'starttls' };

export type HostPort = { host: string; port: number | null };
/** "mail.x.example:993", "[::1]:993" or a host alone; null when the port is no port. */
export function readAddress(text: string): HostPort | null {
  const match = /^\s*(?:imaps?:\/\/|smtps?:\/\/)?(\[[^\]]+\]|[^:/\s]+)(?::(\d+))?\/?\s*$/i.exec(text);
  if (!match) return null;
  const port = match[2] === undefined ? null : Number(match[2]);
  return port === null || (port > 0 && port < 65_536) ? { host: match[1]!, port } : null;
}

export const printServer = ({ host, port }: Pick<Server, 'host' | 'port'>) => `${host}:${port}`;
export const formOf = (server: Server | null, protocol: Protocol): ServerForm =>
  ({ address: server ? printServer(server) : '', encryption: server?.encryption ?? (protocol === 'imap' ? 'tls' : 'starttls'), username: server?.username ?? '', password: '' });

/** Typing a port chooses what usually runs on it. */
export function withAddress(form: ServerForm, address: string): ServerForm {
  const port = readAddress(address)?.port;
  return { ...form, address, encryption: (port && ENCRYPTION_OF[port]) || form.encryption };
}

/** The first guess for an unknown domain. */
export const guessAddress = (email: string, protocol: Protocol) => {
  const domain = email.split('@')[1]?.trim();
  return domain ? `${protocol}.${domain}:${USUAL_PORT[protocol][protocol === 'imap' ? 'tls' : 'starttls']}` : '';
};

/** Null while the address cannot be right. An empty user name means the email address; an empty password, the kept one. */
export function writeServer(form: ServerForm, protocol: Protocol, email: string): ServerWrite | null {
  const read = readAddress(form.address);
  if (!read) return null;
  return {
    host: read.host, port: read.port ?? USUAL_PORT[protocol][form.encryption], encryption: form.encryption,
    username: form.username.trim() || email.trim(), ...(form.password ? { password: form.password } : {}),
  };
}
