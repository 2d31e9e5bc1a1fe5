import { useQuery } from '@tanstack/react-query';
import type { Template } from '#/shared/api/types';
import { useUser } from '#/shared/requests/authState';
import { userName, usersQuery } from '#/shared/requests/users';

/** Whose a template is, and whether it may be changed: by its owner, a shared one by admins too. */
export function useOwner(template: Pick<Template, 'user_id' | 'is_shared'> | undefined) {
  const me = useUser();
  const { data: users = [] } = useQuery(usersQuery);
  const owner = users.find((user) => user.id === template?.user_id);
  const isMine = !template || template.user_id === me.id;
  return { isMine, canChange: isMine || (!!template.is_shared && me.role === 'admin'), ownerName: owner ? userName(owner) : '' };
}
