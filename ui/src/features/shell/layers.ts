/** Palette and shortcut sheet are fetched after the first rows. Whoever asks for one earlier gets it once they stand. */
import { spotlight } from '@mantine/spotlight';
import { create } from 'zustand';
import { holdKeys } from '#/shared/commands/heldKeys';

export const useLayers = create<{ areWanted: boolean }>(() => ({ areWanted: false }));
export const wantLayers = () => useLayers.setState({ areWanted: true });

let stand: () => void;
const standing = new Promise<void>((resolve) => { stand = resolve; });
export const layersStand = () => stand();

export function withLayers(run: () => void): void {
  wantLayers();
  void standing.then(run);
}
export const openPalette = () => { holdKeys(); withLayers(spotlight.open); };
