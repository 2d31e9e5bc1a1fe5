import { Button } from '@mantine/core';
import { IconBrandGoogle, IconBrandWindows, IconLogin2, type Icon } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { notifyError } from '#/shared/parts/notify';
import { leaveFor, type SignInWish } from './signIns';

const SIGNS: Record<string, Icon> = { google: IconBrandGoogle, microsoft: IconBrandWindows };

/** Leaves for the provider's page. It stays busy until the browser is gone. */
export function SignInButton({ wish, size = 'sm', isSecond = false, children }: { wish: SignInWish; size?: string; isSecond?: boolean; children: ReactNode }) {
  const Sign = SIGNS[wish.provider] ?? IconLogin2;
  const leave = useMutation({ mutationFn: () => leaveFor(wish), onError: (error) => notifyError(error) });
  return <Button size={size} variant={isSecond ? 'default' : 'filled'} leftSection={<Sign size={16} />} disabled={wish.features.length === 0} loading={leave.isPending || leave.isSuccess} onClick={() => leave.mutate()}>{children}</Button>;
}
