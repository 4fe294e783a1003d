import type { CatalogSlice } from '../../packages/core/src/index.ts';

export interface SliceChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly repriced: readonly string[];
}

/** Which models came, went, or have other prices than before. */
export function sliceChanges(before: CatalogSlice | undefined, after: CatalogSlice): SliceChanges {
  const old = new Map((before?.models ?? []).map((model) => [model.id, JSON.stringify(model.prices)]));
  const fresh = new Map(after.models.map((model) => [model.id, JSON.stringify(model.prices)]));
  return {
    added: [...fresh.keys()].filter((id) => !old.has(id)),
    removed: [...old.keys()].filter((id) => !fresh.has(id)),
    repriced: [...fresh.keys()].filter((id) => old.has(id) && old.get(id) !== fresh.get(id)),
  };
}
