import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ErrorState } from '#/shared/parts/ErrorState';
import { bulkQuery } from './bulkRequests';
import { ConfirmBulk } from './ConfirmBulk';
import { RunningBulk } from './RunningBulk';
import type { Start } from './NewBulkPage';

type Props = { bulkId: string; onAgain: (start: Start) => void };

/** One bulk email: what is to be confirmed while it is a draft, and how it goes from then on. */
export function BulkPage({ bulkId, onAgain }: Props) {
  const { data: batch, error, refetch } = useQuery(bulkQuery(bulkId));
  if (error && !batch) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!batch) return <Skeleton h={240} m="xl" radius={12} />;
  return batch.status === 'draft' ? <ConfirmBulk batch={batch} onAgain={onAgain} /> : <RunningBulk batch={batch} />;
}
