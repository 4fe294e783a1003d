import cluster, { type Worker } from 'node:cluster';
import { breakLostConnections } from './break-lost-connections.ts';
import { restartDelay, STEADY_MS } from './restart-delay.ts';
import { createSaidOnce } from './said-once.ts';
import { PLACE_VARIABLE } from './worker-link.ts';
import { type FromWorker, isOurs, type ToWorker, type WorkerQuestion } from './worker-messages.ts';

/** The workers of one gateway, as the process that starts them sees them. */
export interface Crew {
  /** Starts one, and the others once it takes requests. Resolves with the address when all do, or with the exit code of a first one that could not. */
  start(): Promise<{ readonly url: string } | { readonly failed: number }>;
  /** Process ids, in the order of their places. */
  readonly pids: readonly number[];
  /** Asks all that are up. Who does not answer within 5 s is left out. */
  askAll(question: WorkerQuestion): Promise<readonly unknown[]>;
  /** Lets running answers end for `graceMs`; called again with less patience, it has less. Resolves when every worker has ended. */
  stop(graceMs: number): Promise<void>;
}

interface Place {
  readonly number: number;
  worker?: Worker | undefined;
  up: boolean;
  startedAt: number;
  /** Ends in a row that came soon after the start. */
  failures: number;
  timer?: NodeJS.Timeout | undefined;
}

interface Question {
  readonly open: Set<number>;
  readonly answers: unknown[];
  readonly done: () => void;
}

const ANSWER_MS = 5_000;
/** Milliseconds beyond its patience after which a worker that was told to stop is killed. */
const OVERTIME_MS = 10_000;

/** Makes a crew of `count`. Workers run this program's own command line with `more` words behind it. `say` writes a line for people. */
export function createCrew(count: number, more: readonly string[], say: (sentence: string) => void): Crew {
  const places: Place[] = Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    up: false,
    startedAt: 0,
    failures: 0,
  }));
  const questions = new Map<number, Question>();
  const saidOnce = createSaidOnce();
  let asked = 0;
  let url = '';
  let complete = false;
  let stopping = false;
  let settleStart: ((outcome: { readonly url: string } | { readonly failed: number }) => void) | undefined;
  let allGone: (() => void) | undefined;
  cluster.setupPrimary({ args: [...process.argv.slice(2), ...more] });

  const tell = (worker: Worker | undefined, message: ToWorker) => {
    if (worker?.isConnected() === true) worker.send(message, () => undefined);
  };

  function tellStanding(): void {
    const standing = { wanted: count, up: places.filter((place) => place.up).length };
    for (const { worker } of places) tell(worker, { signalbox: 'standing', standing });
  }

  function begin(place: Place): void {
    const worker = cluster.fork({ [PLACE_VARIABLE]: String(place.number) });
    breakLostConnections(worker);
    place.worker = worker;
    place.startedAt = Date.now();
    worker.on('message', (message: unknown) => {
      if (isOurs<FromWorker>(message)) hear(place, worker, message);
    });
    worker.on('error', () => undefined);
    worker.on('exit', (code, signal) => ended(place, code, signal));
  }

  function hear(place: Place, worker: Worker, message: FromWorker): void {
    switch (message.signalbox) {
      case 'up':
        place.up = true;
        url = message.url;
        tellStanding();
        if (!stopping) for (const other of places) if (other.startedAt === 0) begin(other);
        if (complete) say(`Worker ${place.number} is up again: ${worker.process.pid}.`);
        if (!complete && places.every((one) => one.up)) {
          complete = true;
          settleStart?.({ url });
        }
        break;
      case 'sentence':
        if (saidOnce(place.number, message.sentence)) say(message.sentence);
        break;
      case 'answer':
        answered(place, message.id, [message.answer]);
        break;
      case 'ask all':
        void askAll(message.question).then((answers) =>
          tell(worker, { signalbox: 'answers', id: message.id, answers }),
        );
        break;
    }
  }

  function answered(place: Place, id: number, answers: readonly unknown[]): void {
    const question = questions.get(id);
    if (question?.open.delete(place.number) !== true) return;
    question.answers.push(...answers);
    if (question.open.size === 0) question.done();
  }

  function askAll(question: WorkerQuestion): Promise<readonly unknown[]> {
    const able = places.filter((place) => place.up);
    asked += 1;
    const id = asked;
    return new Promise((resolve) => {
      const answers: unknown[] = [];
      const done = () => {
        clearTimeout(late);
        questions.delete(id);
        resolve(answers);
      };
      const late = setTimeout(done, ANSWER_MS);
      if (able.length === 0) return done();
      questions.set(id, { open: new Set(able.map((place) => place.number)), answers, done });
      for (const { worker } of able) tell(worker, { signalbox: 'question', id, question });
    });
  }

  function ended(place: Place, code: number | null, signal: string | null): void {
    const neverUp = url === '';
    place.up = false;
    place.worker = undefined;
    for (const id of [...questions.keys()]) answered(place, id, []);
    tellStanding();
    if (neverUp && !stopping) {
      // It has said itself what is wrong, and another would find the same.
      stopping = true;
      settleStart?.({ failed: code ?? 1 });
    }
    if (stopping) {
      if (places.every((one) => one.worker === undefined)) allGone?.();
      return;
    }
    place.failures = Date.now() - place.startedAt >= STEADY_MS ? 1 : place.failures + 1;
    const delay = restartDelay(place.failures);
    say(
      `warning: Worker ${place.number} ended (${signal ?? `exit code ${code}`}); it starts again in ${delay / 1_000} s.`,
    );
    place.timer = setTimeout(() => begin(place), delay);
  }

  return {
    start() {
      return new Promise((resolve) => {
        settleStart = resolve;
        const [first] = places;
        if (first !== undefined) begin(first);
      });
    },
    get pids() {
      return places.flatMap(({ worker }) => worker?.process.pid ?? []);
    },
    askAll,
    stop(graceMs) {
      stopping = true;
      for (const { timer, worker } of places) {
        clearTimeout(timer);
        tell(worker, { signalbox: 'stop', graceMs });
      }
      const overdue = setTimeout(() => {
        for (const { worker } of places) worker?.process.kill('SIGKILL');
      }, graceMs + OVERTIME_MS);
      return new Promise<void>((resolve) => {
        const before = allGone;
        allGone = () => {
          clearTimeout(overdue);
          before?.();
          resolve();
        };
        if (places.every((one) => one.worker === undefined)) allGone();
      });
    },
  };
}
