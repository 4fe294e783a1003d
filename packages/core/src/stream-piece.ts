import type { WireFrame } from './wire-frame.ts';

/** What one read of a stream brought, as text of one character a byte. */
export interface StreamPiece {
  readonly bytes: string;
  /** The text between two places, as UTF-8; asked for from left to right. */
  slice(start: number, end: number): string;
  /** The bytes between two places, as they came. */
  raw(start: number, end: number): Uint8Array;
}

/** Gets a stream frame by frame, as it is cut. */
export interface FrameVisitor {
  frame(frame: WireFrame): void;
  /**
   * Asked before frames are cut out of a piece: reads as many whole ones as it can from `from` on by itself, and gives the place behind them; `from`: none. `head`: the
   * lines before the data of the one that begins there, and `data: `.
   */
  skim?(piece: StreamPiece, from: number, head: string, event: string | undefined): number;
}
