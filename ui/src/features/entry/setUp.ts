import { post } from '#/shared/api/client';

export type FirstUser = { organization_name: string; first_name: string; last_name: string; email: string; password: string };
export const setUp = (first: FirstUser) => post('/auth/setup/', { body: first });
