import type { TFunction } from 'i18next';

/** Why an account does not work, in a few words: those of its remedy, else the server's own. */
export const troubleWords = (t: TFunction, remedy: string, error: string): string => (remedy ? t(`shell.trouble.${remedy as 'password'}`, { defaultValue: error }) : error);
