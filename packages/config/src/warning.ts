import { dotted } from './document.ts';
import { type FilePlace, pathInFile } from './file-place.ts';
import { maskSecrets } from './secrets.ts';

/** Something to know about a file that can be used. */
export interface Warning {
  readonly line: number;
  readonly text: string;
}

/** A warning about a value, with its place. */
export function warning(path: readonly (string | number)[], text: string, place: FilePlace): Warning {
  const here = pathInFile(path, place);
  const { line, column } = place.document.positionOf(here);
  return { line, text: `${place.label}:${line}:${column} ${maskSecrets(dotted(here))}: ${text}` };
}
