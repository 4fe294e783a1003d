/** What a model's name says about it: what Google's generations of models take differs. */
export interface ModelGeneration {
  /** `2.5` for `gemini-2.5-flash`; undefined where the name doesn't say. */
  readonly version: number | undefined;
  readonly pro: boolean;
}

/**
 * Reads a model's generation from its name. The names that move along (`gemini-flash-latest`) count as generation 3.
 *
 * @example
 * ```ts
 * modelGeneration('models/gemini-3-pro-preview'); // { version: 3, pro: true }
 * ```
 */
export function modelGeneration(model: string): ModelGeneration {
  const name = model.toLowerCase();
  const pro = /(^|[-.])pro([-.]|$)/.test(name);
  const written = /gemini-(\d+(?:\.\d+)?)/.exec(name)?.[1];
  if (written !== undefined) return { version: Number(written), pro };
  return { version: /gemini-.*latest$/.test(name) ? 3 : undefined, pro };
}

/** Whether the first function call of a step must carry its thought signature (generation 3 on). */
export function wantsThoughtSignatures(model: string): boolean {
  return (modelGeneration(model).version ?? 0) >= 3;
}
