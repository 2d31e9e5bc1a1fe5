import { expect, test } from 'vitest';
import { settingsPlaceAt, settingsPlacesFor } from './settingsPlaces';

test('an address below a page of the settings belongs to it', () => {
  expect(settingsPlaceAt('/settings/accounts/emailacct_1')?.name).toBe('accounts');
  expect(settingsPlaceAt('/settings/mail')?.name).toBe('preferences');
  expect(settingsPlaceAt('/settings/mailbox')).toBeUndefined();
  expect(settingsPlaceAt('/settings/why')).toBeUndefined();
});

test('only who manages the organization is shown the pages of admins', () => {
  const names = (permissions: string[]) => settingsPlacesFor(permissions).map((place) => place.name);
  expect(names([])).not.toContain('webhooks');
  expect(names([])).toContain('people');
  expect(names(['manage_organization'])).toContain('webhooks');
});
