/** Requests about one's own sign-in: password, second factor, browsers, API keys. */
import { queryOptions } from '@tanstack/react-query';
import { del, get, post, put } from '#/shared/api/client';

export const securityQuery = queryOptions({ queryKey: ['access', 'security'], queryFn: ({ signal }) => get('/security/', { signal }) });
export const sessionsQuery = queryOptions({ queryKey: ['access', 'sessions'], queryFn: async ({ signal }) => (await get('/session/', { signal })).data });
export const keysQuery = queryOptions({ queryKey: ['access', 'keys'], queryFn: async ({ signal }) => (await get('/api_key/', { signal })).data });

export const confirmPassword = (password: string) => post('/auth/confirm/', { body: { password } });
export const changePassword = (password: string) => put('/security/password/', { body: { password } });
export const beginTwoFactor = () => post('/two_factor/', {});
export const confirmTwoFactor = (code: string) => post('/two_factor/confirm/', { body: { code } });
export const removeTwoFactor = () => del('/two_factor/', {});
export const renewRecoveryCodes = () => post('/two_factor/recovery_codes/', {});
export const requireTwoFactor = (requires: boolean) => put('/security/rules/', { body: { requires_two_factor: requires } });
export const endSession = (id: string) => del('/session/{session_id}/', { at: { session_id: id } });
export const endOtherSessions = () => del('/session/', {});
export const createKey = (name: string) => post('/api_key/', { body: { name } });
export const revokeKey = (id: string) => del('/api_key/{key_id}/', { at: { key_id: id } });
