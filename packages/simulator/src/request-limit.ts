/** So many requests in a window of so many milliseconds, which begins with the first of them. */
export interface RequestLimit {
  readonly limit: number;
  readonly windowMs: number;
}

/** How a limit stands when a request has been counted. */
export interface LimitState {
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds until the window ends. */
  readonly resetMs: number;
  /** The request is one too many. */
  readonly exceeded: boolean;
}

/** `3/2s`, `60/500ms` as a limit; undefined for anything else. */
export function parseRequestLimit(text: string): RequestLimit | undefined {
  const [, limit, amount, unit] = /^([1-9]\d*)\/([1-9]\d*)(ms|s)$/.exec(text) ?? [];
  if (limit === undefined) return undefined;
  return { limit: Number(limit), windowMs: Number(amount) * (unit === 's' ? 1_000 : 1) };
}

/** Counts requests by key and model, as the vendors do. */
export interface RequestCounter {
  count(limit: RequestLimit, key: string | undefined, model: string | undefined, now: number): LimitState;
  clear(): void;
}

export function createRequestCounter(): RequestCounter {
  const windows = new Map<string, { endsAt: number; used: number }>();
  return {
    count({ limit, windowMs }, key, model, now) {
      const name = JSON.stringify([key, model, limit, windowMs]);
      let window = windows.get(name);
      if (window === undefined || window.endsAt <= now) {
        window = { endsAt: now + windowMs, used: 0 };
        windows.set(name, window);
      }
      window.used += 1;
      const exceeded = window.used > limit;
      return { limit, remaining: Math.max(0, limit - window.used), resetMs: window.endsAt - now, exceeded };
    },
    clear: () => windows.clear(),
  };
}
