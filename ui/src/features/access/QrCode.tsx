import { useMemo } from 'react';
import classes from './access.module.css';
import { qrModules, qrPath } from './qr';

/** Drawn as one path, dark on white in both themes: many readers do not know the inverse. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { path, size } = useMemo(() => qrPath(qrModules(text)), [text]);
  return <svg className={classes.qr} role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges"><path d={path} fill="#000" /></svg>;
}
