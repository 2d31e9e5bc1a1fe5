import { expect, test } from 'vitest';
import { isSignature, needsSource, pathOf, tokensIn, tokensInHtml, withChips, withTokens } from './tokens';

test.each([
  '<p>Hi {{ contact.first_name | default: "there" }},</p>',
  '<p>Dear {contact.first_name}, about <b>{lead.display_name}</b></p>',
  '<p>{{signature}}</p><p>{signature}</p>',
  '<p>Nothing here, not even { this } or {file.txt}</p>',
  '<p>{contact.custom.Favourite colour}</p>',
])('what is saved comes back letter by letter: %s', (html) => {
  expect(withTokens(withChips(html))).toBe(html);
});

test('a chip holds the whole token, with its filter', () => {
  const page = new DOMParser().parseFromString(withChips('<p>Hi {{ contact.first_name | default: "there" }}!</p>'), 'text/html');
  expect(page.querySelector('[data-variable]')?.getAttribute('data-variable')).toBe('{{ contact.first_name | default: "there" }}');
  expect(page.body.textContent).toBe('Hi !');
});

test('braces that mean no variable stay text', () => {
  expect(tokensIn('{ x: 1 } {file.txt} {{ anything.goes }} {user.name}')).toEqual(['{{ anything.goes }}', '{user.name}']);
  expect(withChips('<p>{file.txt}</p>')).toBe('<p>{file.txt}</p>');
});

test('tokens are found as a person reads them', () => {
  expect(tokensInHtml('<p>{{ contact.name | default: &quot;you&quot; }}</p>')).toEqual(['{{ contact.name | default: "you" }}']);
  expect(pathOf('{{ contact.name | default: "you" }}')).toBe('contact.name');
  expect([isSignature('{signature}'), isSignature('{{ user.signature }}'), isSignature('{user.name}')]).toEqual([true, true, false]);
});

test('what the simple editor would change is kept as source', () => {
  expect(needsSource('<table><tr><td>x</td></tr></table>')).toBe(true);
  expect(needsSource('<p style="color:red">x</p>')).toBe(true);
  expect(needsSource('<p>Hi <b>you</b> <a href="https://x.example">link</a></p><ul><li>one</li></ul>')).toBe(false);
});
