import { describe, expect, it } from 'vitest';
import type { OwnDomain } from '#/shared/api/types';
import { answersFor } from './domains';

const domain = (said: Partial<OwnDomain>): OwnDomain => ({ domain: 'acme.example', is_ours: false, why: 'accounts', users: [], accounts: [], said_by: '', said_on: null, ...said });

describe('what an admin can say of a domain', () => {
  it('offers the other answer where nobody has said anything', () => {
    expect(answersFor(domain({ why: 'accounts' }))).toEqual(['ours']);
    expect(answersFor(domain({ why: 'users', is_ours: true, users: ['a@acme.example'] }))).toEqual(['notOurs']);
  });
  it('lets a word be taken back', () => {
    expect(answersFor(domain({ why: 'listed', is_ours: true }))).toEqual(['automatic']);
    expect(answersFor(domain({ why: 'listed', is_ours: true, users: ['a@acme.example'] }))).toEqual(['notOurs', 'automatic']);
    expect(answersFor(domain({ why: 'refused', users: ['a@acme.example'] }))).toEqual(['automatic']);
    expect(answersFor(domain({ why: 'refused' }))).toEqual(['ours', 'automatic']);
  });
  it('offers nothing for a public domain', () => {
    expect(answersFor(domain({ why: 'public' }))).toEqual([]);
  });
});
