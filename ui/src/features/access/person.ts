import type { Person } from '#/shared/api/types';

/** What a person is called in lists. */
export const nameOf = (person: Pick<Person, 'user_full_name' | 'user_email'>) => person.user_full_name || person.user_email;
