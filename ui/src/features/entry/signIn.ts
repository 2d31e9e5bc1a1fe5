/** Requests of everybody who is not in yet. */
import { post } from '#/shared/api/client';

export const signIn = (email: string, password: string) => post('/auth/sign_in/', { body: { email, password } });
export const giveCode = (step: string, code: string) => post('/auth/code/', { body: { step, code } });
export const forgot = (email: string) => post('/auth/forgot/', { body: { email } });
export const openLink = (token: string) => post('/auth/link/', { body: { token } });
export type Chosen = { token: string; password: string; first_name?: string; last_name?: string };
export const takeLink = (chosen: Chosen) => post('/auth/link/use/', { body: chosen });
