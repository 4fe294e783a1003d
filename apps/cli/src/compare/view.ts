import type { Contestant, Entry } from './contestant.ts';

/** How a comparison shows its answers while they come. */
export interface ComparisonView {
  text(place: number, text: string): void;
  over(place: number, entry: Entry): void;
  /** Shows what is still to be shown, for good. */
  end(): Promise<void>;
}

/** Columns that an answer needs to be read beside others. */
const NARROWEST = 38;
/** Columns between two answers. */
export const GAP = 3;

/** The width of each of so many columns in a terminal; undefined where they would be too narrow. */
export function columnWidth(count: number, terminalColumns: number): number | undefined {
  const width = Math.floor((terminalColumns - GAP * (count - 1)) / count);
  return width < NARROWEST ? undefined : width;
}

/** The name that was given, and the model that is meant by it, once that is known. */
export function nameOf({ name, route }: Contestant, entry: Entry | undefined): string {
  const candidate = entry?.candidate ?? (route.candidates.length === 1 ? route.candidates[0]?.id : undefined);
  return candidate === undefined || candidate === name ? name : `${name} (${candidate})`;
}
