import { expect, test } from 'vitest';
import { toApiError } from './errors';

test('field errors keep their path and become the message when there is no other', () => {
  const error = toApiError(400, { errors: [], 'field-errors': { imap: { host: 'This field is required.' } } });
  expect(error.fields).toEqual({ 'imap.host': 'This field is required.' });
  expect(error.message).toBe('This field is required.');
});

test('field errors inside lists name the place', () => {
  const error = toApiError(400, { errors: [], 'field-errors': { emails: { errors: { 0: { email: 'Not an address.' } } } } });
  expect(error.fields).toEqual({ 'emails.errors.0.email': 'Not an address.' });
});

test('the plain error shape is read as it is', () => {
  expect(toApiError(404, { error: 'Not found.' }).message).toBe('Not found.');
});

test('a body that is not JSON gives an empty message, never an exception', () => {
  expect(toApiError(502, null).message).toBe('');
  expect(toApiError(0, null).isOffline).toBe(true);
});
