import { Skeleton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { LeadImport } from '#/shared/api/types';
import { ErrorState } from '#/shared/parts/ErrorState';
import { notifyError } from '#/shared/parts/notify';
import { Choosing } from './Choosing';
import { Ended } from './Ended';
import { importQuery } from './importRequests';
import { isAtWork, isOpen } from './steps';
import { Working } from './Working';

type Props = { importId: string; onLeave: () => void };
export type Act = (work: () => Promise<LeadImport>) => Promise<void>;

/** One import, in whichever step it is: choosing, at work, or over. */
export function ImportPage({ importId, onLeave }: Props) {
  const queries = useQueryClient();
  const { data: one, error, refetch } = useQuery(importQuery(importId));
  const [isBusy, setIsBusy] = useState(false);
  const act: Act = async (work) => {
    setIsBusy(true);
    try { queries.setQueryData(importQuery(importId).queryKey, await work()); } catch (problem) { notifyError(problem); } finally { setIsBusy(false); }
    void queries.invalidateQueries({ queryKey: ['imports'] });
    void queries.invalidateQueries({ queryKey: ['importRows', importId] });
  };
  if (error && !one) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!one) return <Skeleton h={240} m="xl" radius={12} />;
  if (isOpen(one.status)) return <Choosing one={one} isBusy={isBusy} act={act} onLeave={onLeave} />;
  return isAtWork(one.status) ? <Working one={one} /> : <Ended one={one} isBusy={isBusy} act={act} onLeave={onLeave} />;
}
