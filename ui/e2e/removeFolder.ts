import { rmSync } from 'node:fs';

/** The servers' data of this run. */
export default function removeFolder(): void {
  const folder = process.env.E2E_FOLDER;
  if (folder) rmSync(folder, { recursive: true, force: true });
}
