import { createHeads, type Heads, type HeadWeights } from './heads.ts';
import weights from './weights.json' with { type: 'json' };

let made: Heads | undefined;

/** The weights that ship with the package. */
export function builtInWeights(): HeadWeights {
  return weights;
}

/** The heads that ship with the package; made at the first call. */
export function builtInHeads(): Heads {
  made ??= createHeads(weights);
  return made;
}
