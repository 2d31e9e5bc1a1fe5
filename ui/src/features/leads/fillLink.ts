/** The address of an integration link, with the values of what it stands on put in. */

export type Holders = { lead?: object; contact?: object; opportunity?: object };

const VARIABLE = /\{\{\s*(lead|contact|opportunity)\.([^{}]+?)\s*\}\}/g;

/** Each value is encoded for an address; what is unknown or empty leaves nothing behind. */
export function fillLink(url: string, holders: Holders): string {
  return url.replace(VARIABLE, (_whole, kind: keyof Holders, name: string) => encodeURIComponent(valueOf(holders[kind] as Record<string, unknown> | undefined, name)));
}

function valueOf(holder: Record<string, unknown> | undefined, name: string): string {
  if (!holder) return '';
  const words = String(holder.name ?? '').trim().split(/\s+/);
  const first = (list: unknown, key: string) => (list as Record<string, string>[] | undefined)?.[0]?.[key];
  const derived: Record<string, unknown> = { first_name: words[0], last_name: words.slice(1).join(' '), email: first(holder.emails, 'email'), primary_email: first(holder.emails, 'email') ?? (holder.primary_email as Record<string, unknown> | null)?.email, phone: first(holder.phones, 'phone') };
  const value = name.startsWith('custom.') ? (holder.custom as Record<string, unknown> | undefined)?.[name.slice(7)] ?? holder[name] : derived[name] ?? holder[name];
  return value === null || value === undefined || (typeof value === 'object' && !Array.isArray(value)) ? '' : String(value);
}
