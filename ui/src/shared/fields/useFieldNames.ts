import { useQuery } from '@tanstack/react-query';
import { userName, usersQuery } from '#/shared/requests/users';
import { fullDate, shortDate } from '#/shared/time/format';
import type { Named } from './FieldInputs';
import type { Names } from './fieldValues';

/** How ids and dates among custom values are called on the page. */
export function useFieldNames(contacts: Named[]): Names {
  const { data: users = [] } = useQuery(usersQuery);
  return {
    user: (id) => { const user = users.find((each) => each.id === id); return user ? userName(user) : id; },
    contact: (id) => contacts.find((each) => each.id === id)?.display_name ?? id,
    date: (iso) => (iso.length > 10 ? fullDate(iso) : shortDate(`${iso}T12:00:00`)),
  };
}
