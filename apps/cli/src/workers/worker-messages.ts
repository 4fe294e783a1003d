/** What the first process may ask of each worker, and what a worker may have asked of all. */
export type WorkerQuestion = 'metrics' | 'running' | 'reload';

/** How many workers there are to be, and how many take requests. */
export interface CrewStanding {
  readonly wanted: number;
  readonly up: number;
}

/** From the first process to a worker. */
export type ToWorker =
  | { readonly signalbox: 'standing'; readonly standing: CrewStanding }
  /** An answer to it goes back under the same id. */
  | { readonly signalbox: 'question'; readonly id: number; readonly question: WorkerQuestion }
  /** What all have answered. */
  | { readonly signalbox: 'answers'; readonly id: number; readonly answers: readonly unknown[] }
  /** Running answers may still end for `graceMs`; a second order shortens that. */
  | { readonly signalbox: 'stop'; readonly graceMs: number };

/** From a worker to the first process. */
export type FromWorker =
  | { readonly signalbox: 'up'; readonly url: string }
  /** For people: written to stderr once, although each worker says it. */
  | { readonly signalbox: 'sentence'; readonly sentence: string }
  | { readonly signalbox: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly signalbox: 'ask all'; readonly id: number; readonly question: WorkerQuestion };

/** Whether a message between processes is one of ours. */
export function isOurs<Message extends ToWorker | FromWorker>(message: unknown): message is Message {
  return typeof message === 'object' && message !== null && 'signalbox' in message;
}
