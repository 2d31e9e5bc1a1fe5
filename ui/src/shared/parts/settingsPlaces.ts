/** Every page of the settings, in the order of their column; the command palette knows them, too. */
export const SETTINGS_PLACES = [
  { group: 'personal', name: 'preferences', to: '/settings/mail' },
  { group: 'personal', name: 'signature', to: '/settings/signature' },
  { group: 'personal', name: 'shortcuts', to: '/settings/shortcuts' },
  { group: 'personal', name: 'security', to: '/settings/security' },
  { group: 'personal', name: 'keys', to: '/settings/keys' },
  { group: 'email', name: 'accounts', to: '/settings/accounts' },
  { group: 'email', name: 'proposals', to: '/settings/proposals' },
  { group: 'email', name: 'suppression', to: '/settings/suppression' },
  { group: 'email', name: 'health', to: '/settings/health', isForAdmins: true },
  { group: 'email', name: 'signIns', to: '/settings/sign-ins', isForAdmins: true },
  { group: 'email', name: 'domains', to: '/settings/domains', isForAdmins: true },
  { group: 'organization', name: 'people', to: '/settings/people' },
  { group: 'organization', name: 'roles', to: '/settings/roles' },
  { group: 'organization', name: 'groups', to: '/settings/groups' },
  { group: 'organization', name: 'fields', to: '/settings/fields' },
  { group: 'organization', name: 'activities', to: '/settings/activities' },
  { group: 'organization', name: 'links', to: '/settings/links' },
  { group: 'organization', name: 'webhooks', to: '/settings/webhooks', isForAdmins: true },
  { group: 'organization', name: 'reference', to: '/reference' },
  { group: 'organization', name: 'log', to: '/settings/access-log', isForAdmins: true },
] as const satisfies readonly Place[];

export const SETTINGS_GROUPS = ['personal', 'email', 'organization'] as const;
export type SettingsPlace = (typeof SETTINGS_PLACES)[number];
type Place = { group: (typeof SETTINGS_GROUPS)[number]; name: string; to: string; isForAdmins?: true };

/** What this person may open. */
export function settingsPlacesFor(permissions: readonly string[]): SettingsPlace[] {
  const isAdmin = permissions.includes('manage_organization');
  return SETTINGS_PLACES.filter((place) => isAdmin || !('isForAdmins' in place));
}

/** The page of the settings that an address belongs to: itself, or what lies below it. */
export function settingsPlaceAt(path: string): SettingsPlace | undefined {
  return SETTINGS_PLACES.find((place) => path === place.to || path.startsWith(`${place.to}/`));
}
