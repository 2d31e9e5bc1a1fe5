import { useMutation, useQueryClient } from '@tanstack/react-query';
import { notifyError } from '#/shared/parts/notify';

/** Runs a change of what is set up; everything of it is read again, whether it went well or not. */
export function useSetup(): { run: (change: () => Promise<unknown>) => void; isBusy: boolean } {
  const queries = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: (change: () => Promise<unknown>) => change(),
    onSettled: () => { void queries.invalidateQueries({ queryKey: ['setup'] }); void queries.invalidateQueries({ queryKey: ['lead'] }); },
    onError: (error) => notifyError(error),
  });
  return { run: mutate, isBusy: isPending };
}
