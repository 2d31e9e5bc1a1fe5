/** Leads as a file for a spreadsheet: one line for each contact. */
import type { Lead } from '#/shared/api/types';

const HEAD = ['Lead', 'Status', 'Contact', 'Title', 'Email', 'Phone', 'Emails', 'Last activity'];

/** Quotes where they are needed; a value that a spreadsheet would run as a formula is made text (OWASP, CSV injection). */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvOf(leads: Lead[]): string {
  const lines = leads.flatMap((lead) => (lead.contacts.length ? lead.contacts : [undefined]).map((contact) => [
    lead.display_name, lead.status_label ?? '', contact?.name ?? '', contact?.title ?? '', contact?.emails[0]?.email ?? '', contact?.phones[0]?.phone ?? '', String(lead.num_emails ?? ''), lead.last_activity_date ?? '',
  ]));
  return [HEAD, ...lines].map((line) => line.map(cell).join(',')).join('\r\n');
}

export function saveCsv(leads: Lead[]): void {
  const url = URL.createObjectURL(new Blob(['\ufeff', csvOf(leads)], { type: 'text/csv;charset=utf-8' })); // the mark makes Excel read it as UTF-8
  const link = document.createElement('a');
  link.href = url;
  link.download = 'leads.csv';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
