import { addUsage, type Decision, formatUsd, type NanoUsd, type Usage } from '@signalbox/core';
import type { Route } from '@signalbox/router';
import type { LoadedRouter } from '../configuration/load-router.ts';
import { chooseRoute, modeNamed } from '../prompt/choose-route.ts';
import { announceStatus } from '../prompt/send-prompt.ts';
import { reportError } from '../terminal/report-error.ts';
import { say } from '../terminal/say.ts';
import { requestTotals } from '../terminal/status-line.ts';
import { answerTurn, tooLong } from './answer-turn.ts';
import { nextRequest, type RouteChoice, type Turn, type TurnSettings } from './conversation.ts';
import type { ConversationFile } from './conversation-store.ts';

export interface ChatOptions {
  readonly settings: TurnSettings;
  readonly stream: boolean;
  readonly cache: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** A conversation under way. */
export interface ChatSession {
  readonly turns: readonly Turn[];
  readonly choice: RouteChoice;
  readonly lastDecision: Decision | undefined;
  /** How the next answers are routed. Throws RouterError where nobody of that name is there. */
  choose(choice: RouteChoice): void;
  /** How the next answer would be routed. */
  route(): Route;
  /** Asks; the answer goes to stdout. Says whether it came. Aborting it books what was used. */
  ask(prompt: string, signal: AbortSignal, refresh?: boolean): Promise<'answered' | 'stopped' | 'failed'>;
  /** The last question again; undefined where there is none. */
  retry(signal: AbortSignal): Promise<'answered' | 'stopped' | 'failed'> | undefined;
  /** Forgets the oldest turns, all where no count is given; says how many. */
  forget(count?: number): number;
  /** What the conversation has cost since the program began, in a line. */
  cost(): string;
}

/** A conversation that is routed turn by turn; `file` keeps it. */
export function createChatSession(
  ready: LoadedRouter,
  options: ChatOptions,
  begin: {
    readonly turns: readonly Turn[];
    readonly choice: RouteChoice;
    readonly file?: ConversationFile | undefined;
  },
): ChatSession {
  let turns = [...begin.turns];
  let { choice } = begin;
  let lastDecision: Decision | undefined;
  let lastPrompt = turns.at(-1)?.prompt;
  /** The last question failed, so it is not among the turns. */
  let failed = false;
  let usage: Usage | undefined;
  let cost: NanoUsd = 0;
  let last: NanoUsd | undefined;
  let answers = 0;
  let exact = true;
  let simulated = false;

  const routeOf = (wanted: RouteChoice) => {
    const mode = modeNamed(wanted.mode, ready);
    return { mode, route: chooseRoute(ready, mode, { ...wanted, ...FLAGS, ...options }) };
  };

  async function ask(prompt: string, signal: AbortSignal, refresh = !options.cache) {
    lastPrompt = prompt;
    const { mode, route } = routeOf(choice);
    const { temperature = mode?.temperature } = options.settings;
    const request = nextRequest(turns, prompt, choice.model, { ...options.settings, temperature, topP: mode?.topP });
    const answered = await answerTurn(ready, request, route, { signal, refresh, stream: options.stream });
    const { text, decision, attempts, stopped, failure } = answered;
    lastDecision = decision ?? lastDecision;
    count(attempts);
    if (decision !== undefined && (failure === undefined || text !== ''))
      announceStatus(decision, attempts, { ...FLAGS, ...options });
    failed = failure !== undefined || (stopped && text === '');
    if (failure !== undefined) {
      const sentence = tooLong(failure, ready, request, route);
      if (sentence === undefined) reportError(failure, options.verbose);
      else say(`signalbox: ${sentence}`);
      return 'failed' as const;
    }
    if (!failed) {
      const candidate = attempts.at(-1)?.candidate;
      const turn: Turn = { prompt, answer: text, complete: !stopped, candidate, at: Date.now(), choice };
      turns.push(turn);
      begin.file?.append(turn);
    }
    return stopped ? ('stopped' as const) : ('answered' as const);
  }

  function count(attempts: Parameters<typeof requestTotals>[0]): void {
    if (attempts.length === 0) return;
    const totals = requestTotals(attempts);
    answers += 1;
    usage = totals.usage === undefined ? usage : usage === undefined ? totals.usage : addUsage(usage, totals.usage);
    cost += totals.cost ?? 0;
    last = totals.cost;
    exact &&= totals.exact;
    simulated ||= totals.simulated;
  }

  return {
    get turns() {
      return turns;
    },
    get choice() {
      return choice;
    },
    get lastDecision() {
      return lastDecision;
    },
    choose(wanted) {
      routeOf(wanted);
      choice = wanted;
    },
    route: () => routeOf(choice).route,
    ask,
    retry(signal) {
      if (lastPrompt === undefined) return undefined;
      if (!failed && turns.length > 0) {
        turns = turns.slice(0, -1);
        begin.file?.keep(0, turns.length);
      }
      return ask(lastPrompt, signal, true);
    },
    forget(count_) {
      const gone = Math.min(count_ ?? turns.length, turns.length);
      begin.file?.keep(gone, turns.length);
      turns = turns.slice(gone);
      if (turns.length === 0) lastPrompt = undefined;
      return gone;
    },
    cost() {
      if (answers === 0) return 'Nothing was asked yet.';
      const mark = exact ? '' : '~';
      const money = simulated ? 'simulated, $0' : `${mark}${formatUsd(cost)}`;
      const lately = last === undefined || simulated ? '' : `, the last ${formatUsd(last)}`;
      const tokens = usage === undefined ? '' : ` · ${usage.inputTokens} in / ${usage.outputTokens} out`;
      return `${answers} ${answers === 1 ? 'answer' : 'answers'}${tokens} · ${money}${lately}`;
    },
  };
}

const FLAGS = { json: false } as const;
