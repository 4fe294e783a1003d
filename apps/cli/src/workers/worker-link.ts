import cluster from 'node:cluster';
import { type CrewStanding, type FromWorker, isOurs, type ToWorker, type WorkerQuestion } from './worker-messages.ts';

/** A worker's line to the process that started it. */
export interface WorkerLink {
  /** 1, 2, ...: its place among the workers; who takes the place of one that ended has the same. */
  readonly place: number;
  /** As it was told last. */
  readonly standing: CrewStanding;
  /** The worker takes requests. */
  up(url: string): void;
  /** A sentence for people, on stderr. */
  say(sentence: string): void;
  /** What all workers that are up answer, this one among them. Who does not answer within 5 s is left out. */
  askAll(question: WorkerQuestion): Promise<readonly unknown[]>;
  /** The next order to stop: milliseconds that running answers may still take. */
  nextStop(): Promise<number>;
}

/** Set for each worker by the process that starts it. */
export const PLACE_VARIABLE = 'SIGNALBOX_WORKER';

type Answers = { readonly [Question in WorkerQuestion]: () => unknown };

/**
 * Opens the line; undefined in a process that is no worker. The worker leaves signals to the process that started it: a terminal and systemd send
 * them to all, and one drain is enough. Where that process dies, the worker lets its answers end and goes too.
 */
export function openWorkerLink(answers: Answers): WorkerLink | undefined {
  const { worker } = cluster;
  const place = Number(process.env[PLACE_VARIABLE]);
  if (worker === undefined || !Number.isInteger(place)) return undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

  const waiting = new Map<number, (answers: readonly unknown[]) => void>();
  const stops: number[] = [];
  let wakeUp: (() => void) | undefined;
  let standing: CrewStanding = { wanted: place, up: 0 };
  let asked = 0;

  const send = (message: FromWorker) => {
    // The other side may be gone: then there is nobody to tell.
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  };
  const stop = (graceMs: number) => {
    stops.push(graceMs);
    wakeUp?.();
  };
  async function answer(id: number, question: WorkerQuestion): Promise<void> {
    send({ signalbox: 'answer', id, answer: await answers[question]() });
  }

  process.on('message', (message: unknown) => {
    if (!isOurs<ToWorker>(message)) return;
    switch (message.signalbox) {
      case 'standing':
        standing = message.standing;
        break;
      case 'question':
        void answer(message.id, message.question);
        break;
      case 'answers':
        waiting.get(message.id)?.(message.answers);
        waiting.delete(message.id);
        break;
      case 'stop':
        stop(message.graceMs);
        break;
    }
  });
  // Without this, node ends a worker whose first process is gone at once, in the middle of its answers.
  worker.exitedAfterDisconnect = true;
  worker.on('disconnect', () => stop(ORPHAN_GRACE_MS));

  return {
    place,
    get standing() {
      return standing;
    },
    up: (url) => send({ signalbox: 'up', url }),
    say: (sentence) => send({ signalbox: 'sentence', sentence }),
    askAll(question) {
      asked += 1;
      const id = asked;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        send({ signalbox: 'ask all', id, question });
      });
    },
    async nextStop() {
      while (stops.length === 0) {
        await new Promise<void>((resolve) => {
          wakeUp = resolve;
        });
      }
      return stops.shift() ?? 0;
    },
  };
}

/** Milliseconds for running answers where nobody is left to say how long they may take. */
const ORPHAN_GRACE_MS = 30_000;
