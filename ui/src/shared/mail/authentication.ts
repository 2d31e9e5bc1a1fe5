/** What the server that took an email in says of its sender (RFC 8601): "mx.example; spf=pass …; dkim=fail …". */
export type Check = { method: string; result: string };
const METHODS = ['spf', 'dkim', 'dmarc'];

/** The first such field alone: it is the nearest server's, and the ones below it came with the email. */
export function checksIn(headers: { name: string; value: string }[]): Check[] {
  const said = headers.find((field) => field.name.toLowerCase() === 'authentication-results')?.value ?? '';
  const found = new Map<string, string>();
  for (const part of said.replace(/\([^()]*\)/g, ' ').split(';').slice(1)) {
    const [, method = '', result = ''] = /^\s*([a-z-]+)(?:\/\d+)?\s*=\s*([a-z]+)/i.exec(part) ?? [];
    const name = method.toLowerCase();
    // Of two signatures one that holds is enough.
    if (METHODS.includes(name) && found.get(name) !== 'pass') found.set(name, result.toLowerCase());
  }
  return METHODS.flatMap((method) => { const result = found.get(method); return result ? [{ method: method.toUpperCase(), result }] : []; });
}
