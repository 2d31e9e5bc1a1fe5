import { expect, test } from 'vitest';
import { complete, completeAnew, taken, type Names } from './completion';

const NAMES: Names = {
  leadStatuses: ['Potential', 'Bad Fit', 'Qualified'], opportunityStatuses: ['Active', 'Won'], users: ['Anna Möller', 'Ben "B" Ode'], templates: ['First offer'], views: ['All Leads', 'Mine'],
  custom: { lead: [{ name: 'Source CRM', type: 'choices', choices: ['Fair', 'Cold call'] }, { name: 'Renewal', type: 'date', choices: [] }], contact: [{ name: 'Language', type: 'text', choices: [] }], custom_activity: [{ name: 'Visit outcome', type: 'choices', choices: ['Order', 'No'] }] },
};
/** The text with `|` for the caret. */
const at = (marked: string) => complete(marked.replace('|', ''), marked.indexOf('|'), NAMES);
const labels = (marked: string) => at(marked)?.choices.map(({ label }) => label) ?? [];
const takes = (marked: string, label: string) => {
  const found = at(marked)!;
  const { text, caret } = taken(marked.replace('|', ''), found, found.choices.find((choice) => choice.label === label)!);
  return `${text.slice(0, caret)}|${text.slice(caret)}`;
};

test('fields that begin with what is typed come first, then those with such a word, eight at most', () => {
  expect(labels('lead_st|')).toEqual(['lead_status:', 'lead_status(…)', 'lead_status_change(…)']);
  expect(labels('status|')).toEqual(['status:', 'lead_status:', 'opportunity_status:', 'original_lead_status:', 'last_lead_status_change_date', 'lead_status(…)', 'lead_status_change(…)']);
  expect(labels('e|')).toHaveLength(8);
});

test('nothing is suggested in an empty box, behind a blank, or for a word that begins no name', () => {
  for (const text of ['|', 'acme |', 'qqq|', 'status:Potential|', 'status:"Bad Fit"|', 'statuss:Po|']) expect(at(text)).toBeNull();
});

test('a keyword is taken with its sign, and a sign that is there is not doubled', () => {
  expect(takes('acme lead_st|', 'lead_status:')).toBe('acme lead_status:|');
  expect(takes('lead_st|:Potential', 'lead_status:')).toBe('lead_status:|Potential');
  expect(takes('acm last_emaile|', 'last_emailed')).toBe('acm last_emailed |');
  expect(takes('em|', 'email(…)')).toBe('email(|');
});

test('names with blanks are quoted, and quotes in them escaped', () => {
  expect(labels('lead_status:|')).toEqual(NAMES.leadStatuses);
  expect(takes('lead_status:b|', 'Bad Fit')).toBe('lead_status:"Bad Fit" |');
  expect(takes('status:po|', 'Potential')).toBe('status:Potential |');
  expect(takes('user:ben|', 'Ben "B" Ode')).toBe('user:"Ben \\"B\\" Ode" |');
  expect(labels('user:mol|')).toEqual(['Anna Möller']);
  expect(labels('user:|')[0]).toBe('me');
  expect(labels('status:fit|')).toEqual(['Bad Fit']);
});

test('inside quotes the whole quoted text is replaced, and what follows stays', () => {
  expect(takes('status:"Ba|', 'Bad Fit')).toBe('status:"Bad Fit" |');
  expect(takes('status:"Ba| Fat" acme', 'Bad Fit')).toBe('status:"Bad Fit" |acme');
  expect(takes('status:"Ba| name:"Acme"', 'Bad Fit')).toBe('status:"Bad Fit" |name:"Acme"');
  expect(labels('"status:Po|')).toEqual([]);
});

test('parentheses have the fields of what they are about', () => {
  expect(labels('email(su|')).toEqual(['subject:']);
  expect(labels('email(direction:|')).toEqual(['incoming', 'outgoing']);
  expect(takes('email(direction:in|)', 'incoming')).toBe('email(direction:incoming|)');
  expect(labels('email(direction:incoming) su|')).toEqual(['email_subject:']);
  expect(labels('(acme or lead_sta|')[0]).toBe('lead_status:');
  expect(labels('opportunity(status:|')).toEqual(['Active', 'Won']);
  expect(labels('opportunity(status(status:w|')).toEqual(['Won']);
  expect(labels('status(status:q|')).toEqual(['Qualified']);
  expect(labels('opportunity_status:|')).toEqual(['Active', 'Won']);
  expect(labels('contact(lang|')).toEqual(['custom."Language"']);
});

test('a list takes one value after the other', () => {
  expect(labels('status in (|')).toEqual(NAMES.leadStatuses);
  expect(takes('status in ("Potential", ba|)', 'Bad Fit')).toBe('status in ("Potential", "Bad Fit"|)');
  expect(labels('status in (Potential) lead_sta|')[0]).toBe('lead_status:');
});

test('custom fields are found by name, and have their choices', () => {
  expect(takes('sour|', 'custom."Source CRM"')).toBe('custom."Source CRM":|');
  expect(takes('custom."So|', 'custom."Source CRM"')).toBe('custom."Source CRM":|');
  expect(takes('custom.ren|', 'custom."Renewal"')).toBe('custom."Renewal" |');
  expect(takes('custom."Source CRM":c|', 'Cold call')).toBe('custom."Source CRM":"Cold call" |');
  expect(labels('"Source CRM":f|')).toEqual(['Fair']);
});

test('fields of custom activities are found in their parentheses', () => {
  expect(takes('custom_activity(out|', 'custom."Visit outcome"')).toBe('custom_activity(custom."Visit outcome":|');
  expect(labels('custom_activity(custom."Visit outcome":|')).toEqual(['Order', 'No']);
  expect(labels('out|')).not.toContain('custom."Visit outcome"');
});

test('leads are sorted by fields of their own too, whose names stand in quotes', () => {
  expect(takes('sort:-ren|', '-custom."Renewal"')).toBe('sort:-custom."Renewal" |');
  expect(takes('sort:-created,source|', 'custom."Source CRM"')).toBe('sort:-created,custom."Source CRM" |');
  expect(takes('sort:-custom."Sou|', '-custom."Source CRM"')).toBe('sort:-custom."Source CRM" |');
  expect(takes('sort:custom."Source CRM",-upd|', '-updated')).toBe('sort:custom."Source CRM",-updated |');
  expect(takes('sort:-crm|', '-custom."Source CRM"')).toBe('sort:-custom."Source CRM" |');
  expect(takes('sort:-|', '-name')).toBe('sort:-name |');
  expect(labels('sort:custom.|')).toEqual(['custom."Source CRM"', 'custom."Renewal"']);
});

test('dates and numbers are compared', () => {
  expect(labels('last_email |')).toEqual(['< 30 days ago', '> 30 days ago', '>= this-month']);
  expect(takes('last_email > 4|', '4 weeks ago')).toBe('last_email > 4 weeks ago |');
  expect(takes('last_email > 4 w|', '4 weeks ago')).toBe('last_email > 4 weeks ago |');
  expect(labels('created:this|')).toEqual(['this-week', 'this-month', 'this-year']);
  expect(labels('contacts |')).toEqual(['> 0', '= 0']);
  expect(labels('custom."Renewal" |')).toHaveLength(3);
});

test('in:, sort: and has: have their own values', () => {
  expect(takes('in:all|', 'All Leads')).toBe('in:"All Leads" |');
  expect(takes('sort:-created,-last_ema|', '-last_emailed')).toBe('sort:-created,-last_emailed |');
  expect(labels('sort:|')).toContain('-last_activity');
  expect(labels('has:call|')).toEqual(['calls']);
  expect(labels('email(has:|')).toEqual(['attachments']);
});

test('behind an opening parenthesis stand the fields of what it is about', () => {
  expect(labels('email(|')).toEqual(expect.arrayContaining(['subject:', 'direction:', 'has_reply:', 'has:']));
  expect(labels('contact(name:jo or (|')).toEqual(expect.arrayContaining(['title:', 'email_address:']));
  expect(takes('contact(|)', 'title:')).toBe('contact(title:|)');
  expect(labels('status in (|')).toEqual(NAMES.leadStatuses);
});

test('asked for, everything is offered where a condition may begin: the usual first', () => {
  const asked = (text: string) => completeAnew(text, text.length, NAMES)?.choices.map(({ label }) => label) ?? [];
  expect(asked('').slice(0, 3)).toEqual(['status:', 'name:', 'email_address:']);
  expect(asked('')).toEqual(expect.arrayContaining(['custom."Source CRM"', 'email(…)', 'sort:', 'in:']));
  expect(asked('status:Potential ')[0]).toBe('status:');
  expect(asked('acme ')[0]).toBe('status:');
  expect(asked('email(has_reply:no ')).toContain('subject:');
  expect(asked('created ')).toContain('< 30 days ago');
  expect(asked('custom.Renewal ')).toContain('< 30 days ago');
  expect(asked('status:Potential')).toEqual([]);
});
