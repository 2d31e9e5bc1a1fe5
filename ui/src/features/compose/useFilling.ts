import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Writing } from '#/shared/mail/composing';
import { readerOf, valuesOf } from './filling';

/** Values for the chips of the open window, anew with each other recipient, sender or variable. */
export function useFilling(writing: Writing, tokens: string[]) {
  const asked = useMemo(() => ({
    tokens, leadId: writing.leadId, accountId: writing.accountId, from: writing.from?.email, to: [...writing.to, ...writing.cc].map(({ email }) => email),
  }), [tokens, writing.leadId, writing.accountId, writing.from?.email, writing.to, writing.cc]);
  const [settled] = useDebouncedValue(asked, 300);
  const { data } = useQuery({
    queryKey: ['filling', settled],
    queryFn: async () => valuesOf(settled.tokens, await readerOf(writing, settled.leadId)),
    enabled: settled.tokens.length > 0, placeholderData: keepPreviousData, staleTime: 60_000,
  });
  const gaps = tokens.filter((token) => data?.get(token)?.problem);
  return { values: data, gaps };
}
