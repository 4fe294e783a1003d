/** Ctrl-C in a conversation: the first stops the answer that is being given, or warns; the next leaves. */
export interface Interrupts {
  /** The next Ctrl-C leaves. */
  isArmed: boolean;
  /** Somebody has left. */
  readonly isLeaving: boolean;
  /** Resolves when somebody leaves while nothing is answered. */
  readonly left: Promise<{ readonly kind: 'interrupt' }>;
  /** Does some work that Ctrl-C stops. */
  during<Result>(work: (signal: AbortSignal) => Promise<Result> | Result): Promise<Result>;
  /** Ctrl-C ends the program again. */
  close(): void;
}

/** Listens to signals, and to whoever reads stdout: where nobody reads any more, there is nobody to talk to. */
export function watchInterrupts(): Interrupts {
  let running: AbortController | undefined;
  let isLeaving = false;
  const { promise: left, resolve: leave } = Promise.withResolvers<{ readonly kind: 'interrupt' }>();
  const interrupt = () => {
    if (running !== undefined && !running.signal.aborted) {
      running.abort();
      interrupts.isArmed = true;
      return;
    }
    isLeaving = true;
    leave({ kind: 'interrupt' });
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  process.stdout.on('error', interrupt);
  const interrupts: Interrupts = {
    isArmed: false,
    get isLeaving() {
      return isLeaving;
    },
    left,
    async during(work) {
      running = new AbortController();
      try {
        return await work(running.signal);
      } finally {
        running = undefined;
      }
    },
    close() {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    },
  };
  return interrupts;
}
