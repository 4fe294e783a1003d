import type { ClientView } from './client-view.ts';
import type { Check, Observation } from './failure-case.ts';
import type { UpstreamAttempt } from './fault-server.ts';

export const required = (name: string, holds: Check['holds']): Check => ({ name, level: 'required', holds });
export const advisory = (name: string, holds: Check['holds']): Check => ({ name, level: 'advisory', holds });

type Level = (name: string, holds: Check['holds']) => Check;

const within = (attempts: readonly UpstreamAttempt[], seconds: number) => {
  const first = attempts[0]?.at ?? 0;
  return attempts.filter((attempt) => attempt.at - first <= seconds);
};

const onlyAnswer = ({ answers }: Observation): ClientView | undefined => answers.at(-1);
const answered = (seen: Observation) => onlyAnswer(seen)?.outcome === 'complete';

/** At most so many calls to the primary. */
export const primaryAtMost = (level: Level, most: number): Check =>
  level(`at most ${most} primary attempts`, ({ primary }) => primary.length <= most);

export const primaryAtMostWithin = (level: Level, most: number, seconds: number): Check =>
  level(
    `at most ${most} primary attempts in the first ${seconds} s`,
    ({ primary }) => within(primary, seconds).length <= most,
  );

export const primaryExactly = (level: Level, count: number): Check =>
  level(`exactly ${count} primary attempt${count === 1 ? '' : 's'}`, ({ primary }) => primary.length === count);

export const primaryAtLeast = (level: Level, least: number): Check =>
  level(`at least ${least} primary attempts`, ({ primary }) => primary.length >= least);

/** Seconds of the whole request. */
export const totalAtMost = (level: Level, seconds: number): Check =>
  level(`over within ${seconds} s`, ({ answers }) => answers.every((answer) => answer.seconds <= seconds));

/** Where an answer came, counts came with it. */
export const hasUsage = (level: Level): Check =>
  level('usage is there', (seen) => !answered(seen) || onlyAnswer(seen)?.usage !== undefined);

/** No count that the client gets is below zero or missing. Books are another matter: this is what a client would add up. */
export const saneUsage: Check = advisory('counts are numbers of zero or more', (seen) => {
  const usage = onlyAnswer(seen)?.usage;
  if (usage === undefined) return true;
  const counts = [usage.input, usage.output, ...('total' in usage ? [usage.total] : [])];
  return counts.every((count) => typeof count === 'number' && count >= 0);
});

export const modelContains = (level: Level, part: string): Check =>
  level(`the model named is ${part}`, (seen) => !answered(seen) || (onlyAnswer(seen)?.model ?? '').includes(part));

/** What the client gets must be readable to a client that is strict about events. */
export const noMalformedEvents: Check = advisory('every event is JSON', ({ answers }) =>
  answers.every((answer) => answer.malformedEvents === 0),
);
