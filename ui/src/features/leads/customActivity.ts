import { del, post, put } from '#/shared/api/client';
import type { CustomValues } from '#/shared/api/types';

/** Custom values have keys that no description declares. */
export const writeActivity = (leadId: string, typeId: string, values: CustomValues) =>
  post('/activity/custom/', { body: { lead_id: leadId, custom_activity_type_id: typeId, ...values } as object });
export const changeActivity = (id: string, values: CustomValues) => put('/activity/custom/{activity_id}/', { at: { activity_id: id }, body: { status: 'published', ...values } as object });
export const deleteActivity = (id: string) => del('/activity/custom/{activity_id}/', { at: { activity_id: id } });
