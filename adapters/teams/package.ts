import { zipSync } from 'fflate';

/** The app package that Teams takes under "Upload an app": these files and no folder. The same files give the same bytes. */
export function teamsPackage(files: Readonly<Record<string, Uint8Array>>): Buffer {
  // Local time, as ZIP writes it: the same date in every time zone.
  return Buffer.from(zipSync({ ...files }, { level: 9, mtime: new Date(2026, 0, 1) }));
}
