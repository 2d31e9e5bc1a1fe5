import { post } from '#/shared/api/client';

export const signIn = (email: string, password: string) => post('/auth/sign_in/', { body: { email, password } });
