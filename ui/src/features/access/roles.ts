/** Requests about the roles that a company makes, and what these can be made of. */
import { del, post, put } from '#/shared/api/client';

/** In the groups in which the form asks for them; the server's names are Close's. */
export const PERMISSIONS = {
  leads: ['delete_leads', 'import', 'export', 'bulk_edit', 'bulk_delete'],
  mail: ['bulk_email', 'bulk_sequence_subscriptions', 'view_coworkers_inboxes'],
  activities: ['delete_own_activities', 'manage_others_activities'],
  company: ['manage_team_smart_views', 'manage_customizations', 'manage_organization'],
} as const;
export type Permission = (typeof PERMISSIONS)[keyof typeof PERMISSIONS][number];

export type Sight = 'all' | 'require_assignment' | 'allow_unassigned';
export type RoleWrite = { name: string; permissions: string[]; sight: Sight; fieldIds: string[] };

/** Who may hand out roles sees all leads anyway. */
export function asBody({ name, permissions, sight, fieldIds }: RoleWrite) {
  const seesAll = sight === 'all' || permissions.includes('manage_organization');
  const held = permissions.filter((one) => one !== 'view_all_leads');
  return { name: name.trim(), permissions: seesAll ? [...held, 'view_all_leads'] : held, ...(seesAll ? {} : { visibility_user_lcf_ids: fieldIds, visibility_user_lcf_behavior: sight }) };
}

export const createRole = (written: RoleWrite) => post('/role/', { body: asBody(written) });
export const changeRole = (id: string, written: RoleWrite) => put('/role/{role_id}/', { at: { role_id: id }, body: asBody(written) });
export const deleteRole = (id: string) => del('/role/{role_id}/', { at: { role_id: id } });
