import { useCallback, useEffect, useRef, useState } from 'react';

const REST_MS = 150;
type State = { open: string | undefined; address: string | undefined; place: string; sent: string | undefined | null };

/**
 * Which item of a list is open. It shows at once; the address follows when the keys rest, since a change of it costs the
 * router more than the row costs the list. `place` is which list it is: another one begins with what its address says.
 */
export function useOpenId(address: string | undefined, place: string, write: (id: string | undefined, isNewPlace: boolean) => void) {
  const [state, setState] = useState<State>({ open: address, address, place, sent: null });
  if (state.address !== address || state.place !== place) {
    // What was written here comes back as an address; meanwhile the keys may have gone further.
    const isOwn = state.place === place && state.sent === address;
    setState({ open: isOwn ? state.open : address, address, place, sent: null });
  }
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef({ address, write });
  useEffect(() => { latest.current = { address, write }; });
  useEffect(() => () => clearTimeout(timer.current), [place]);

  const open = useCallback((id: string | undefined, isNewPlace: boolean) => {
    clearTimeout(timer.current);
    const put = () => {
      if (latest.current.address === id) return;
      setState((old) => ({ ...old, sent: id }));
      latest.current.write(id, isNewPlace);
    };
    setState((old) => ({ ...old, open: id }));
    if (isNewPlace) put(); else timer.current = setTimeout(put, REST_MS);
  }, []);
  return [state.open, open] as const;
}
