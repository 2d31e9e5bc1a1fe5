/** The parts of an account's page; apart from it, since its address is read before the page is fetched. */
export const ACCOUNT_TABS = ['sync', 'general', 'servers', 'rules', 'remove'] as const;
export type AccountTab = (typeof ACCOUNT_TABS)[number];
