/** A head before it is rounded. */
export interface FittedHead {
  readonly bias: number;
  readonly weights: Float64Array;
}
