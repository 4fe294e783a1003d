import type { Clock, Provider } from '@signalbox/core';
import { createGate, type Gate } from './gate.ts';
import type { LimitStore } from './limit-store.ts';
import type { ProviderLimits } from './limits.ts';
import { createReportedGate } from './reported-gate.ts';
import { createWaitingLine, type WaitingLine } from './waiting-line.ts';

/** Names of models come from callers: so many are kept in mind for one key. */
const MAX_MODELS = 1_000;

/** One provider's gates, and the line before them. */
export interface ProviderGates {
  readonly line: WaitingLine;
  /** Names of its keys; `undefined` for the only one. */
  readonly keys: readonly (string | undefined)[];
  /** What a call to a model by a key has to pass: the connections, the key's limits, the model's, and what is reported of them. */
  pathTo(key: string | undefined, model: string): readonly Gate[];
}

export function createProviderGates(
  { id, keys: names }: Provider,
  limits: ProviderLimits = {},
  store: LimitStore,
  clock: Clock,
): ProviderGates {
  const line = createWaitingLine(clock);
  const keys = names !== undefined && names.length > 1 ? names : [undefined];
  const { connections, models = {}, ...own } = limits;
  const pool = createGate(
    { maxConcurrent: connections },
    { name: `${id} connections`, isShared: true, onFree: line.look },
    store,
  );
  const byKey = new Map<string | undefined, (model: string) => readonly Gate[]>();

  function pathsOf(key: string | undefined): (model: string) => readonly Gate[] {
    const name = key === undefined ? id : `${id} ${key}`;
    const gate = createGate(own, { name, isShared: keys.length === 1, onFree: line.look }, store);
    const ofModels = new Map(
      Object.entries(models).map(([model, one]) => [
        model,
        createGate(one, { name: `${name} ${model}`, isShared: false, onFree: line.look }, store),
      ]),
    );
    const paths = new Map<string, readonly Gate[]>();
    return (model) => {
      let path = paths.get(model);
      if (path === undefined) {
        path = [pool, gate, ofModels.get(model), createReportedGate()].filter((one) => one !== undefined);
        const [oldest] = paths.keys();
        if (paths.size >= MAX_MODELS && oldest !== undefined) paths.delete(oldest);
        paths.set(model, path);
      }
      return path;
    };
  }

  return {
    line,
    keys,
    pathTo(key, model) {
      let paths = byKey.get(key);
      if (paths === undefined) {
        paths = pathsOf(key);
        byKey.set(key, paths);
      }
      return paths(model);
    },
  };
}
