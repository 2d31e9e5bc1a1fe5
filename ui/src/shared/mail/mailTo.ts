/** What a mailto link asks to be written (RFC 6068): to whom, about what, and its first words. */
import { splitAddresses } from './addresses';
import type { Writing } from './composing';

const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!);
const decoded = (text: string) => { try { return decodeURIComponent(text); } catch { return text; } };

export function writingTo(href: string): Partial<Writing> {
  const [, people = '', query = ''] = /^mailto:([^?#]*)\??([^#]*)/i.exec(href) ?? [];
  // A plus sign is a plus sign here, as in ann+shop@x.example: this is no form.
  const fields = query.split('&').map((field) => { const [name = '', ...value] = field.split('='); return [name.toLowerCase(), decoded(value.join('='))] as const; });
  const all = (wanted: string) => fields.filter(([name]) => name === wanted).map(([, value]) => value);
  const body = all('body').join('\n');
  return {
    to: splitAddresses([decoded(people), ...all('to')].filter(Boolean).join(',')), cc: splitAddresses(all('cc').join(',')), bcc: splitAddresses(all('bcc').join(',')),
    subject: all('subject')[0] ?? '', html: body.split(/\r?\n/).filter(Boolean).map((line) => `<p>${escape(line)}</p>`).join(''),
  };
}
