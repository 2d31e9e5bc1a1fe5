import { expect, test } from 'vitest';
import type { Lead } from '#/shared/api/types';
import { csvOf } from './saveCsv';

const lead = (change: Partial<Lead>) => ({ display_name: 'Acme', status_label: 'Potential', contacts: [], num_emails: 2, last_activity_date: null, ...change }) as Lead;

test('each contact is a line, and a lead without one stays', () => {
  const contacts = [{ name: 'Ann', title: 'CEO', emails: [{ email: 'ann@x.example' }], phones: [] }, { name: 'Bob', title: '', emails: [], phones: [] }] as unknown as Lead['contacts'];
  expect(csvOf([lead({ contacts }), lead({ display_name: 'B, "C"' })]).split('\r\n')).toEqual([
    'Lead,Status,Contact,Title,Email,Phone,Emails,Last activity', 'Acme,Potential,Ann,CEO,ann@x.example,,2,', 'Acme,Potential,Bob,,,,2,', '"B, ""C""",Potential,,,,,2,',
  ]);
});

test('nothing in a file runs as a formula', () => {
  expect(csvOf([lead({ display_name: '=HYPERLINK("x")' })])).toContain(`"'=HYPERLINK(""x"")"`);
});
