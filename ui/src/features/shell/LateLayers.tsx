import { useEffect } from 'react';
import { MailDialogs } from '#/shared/mail/MailDialogs';
import { layersStand } from './layers';
import { Palette } from './Palette';
import { ShortcutHelp } from './ShortcutHelp';

/** What opens over the page on every page. */
export default function LateLayers({ isHelpOpen, onHelpClose }: { isHelpOpen: boolean; onHelpClose: () => void }) {
  useEffect(layersStand, []);
  return <><Palette /><ShortcutHelp isOpen={isHelpOpen} onClose={onHelpClose} /><MailDialogs /></>;
}
