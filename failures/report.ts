import type { ClientView } from './client-view.ts';
import type { UpstreamAttempt } from './fault-server.ts';
import type { CaseResult } from './run-case.ts';

const HEADINGS = ['case', 'failure', 'what the client saw', 'upstream', 'verdict', 'seconds'] as const;
const WIDTHS = [17, 44, 46, 44, 7, 7] as const;

/** The table's head. */
export const tableHead = (): string => `${row(HEADINGS)}\n${row(WIDTHS.map((width) => '-'.repeat(width)))}`;

/** One line for a result, and one more for each reason why it is not a pass. */
export function tableRow(result: CaseResult): string {
  const { answers } = result.observation;
  const line = row([
    result.id,
    result.title,
    answers.length === 1 && answers[0] !== undefined ? clientText(answers[0]) : manyText(answers),
    upstreamText([...result.observation.primary, ...result.observation.fallback]),
    result.verdict,
    result.seconds.toFixed(1),
  ]);
  return [line, ...result.reasons.map((reason) => row(['', `  ${reason}`]))].join('\n');
}

/** `12 passed, 4 failed`: whatever is not a pass counts as failed. */
export function summary(results: readonly CaseResult[]): string {
  const passed = results.filter((result) => result.verdict === 'pass').length;
  const others = ['partial', 'safe', 'fail']
    .map((verdict) => [verdict, results.filter((result) => result.verdict === verdict).length] as const)
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${count} ${verdict}`);
  const detail = others.length === 0 ? '' : ` (${others.join(', ')})`;
  return `${passed} passed, ${results.length - passed} failed${detail}`;
}

const words = (text: string) => text.split(' ').filter(Boolean).length;

function clientText(answer: ClientView): string {
  const got = `${words(answer.text)} words`;
  switch (answer.outcome) {
    case 'complete':
      return `complete, ${got}, ${answer.model ?? 'no model'}`;
    case 'wrong':
      return `${answer.status}: clean end after ${got}${answer.finishReason === undefined ? '' : `, ${answer.finishReason}`}`;
    case 'error': {
      const where = answer.status === 200 ? `error after ${got}` : `${answer.status}`;
      return `${where}: ${answer.error?.code ?? answer.error?.type ?? ''} ${answer.error?.message ?? ''}`;
    }
    case 'torn':
      return `connection broke after ${got}`;
    case 'hang':
      return `nothing ended it, ${got}`;
  }
}

function manyText(answers: readonly ClientView[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of answers) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return `${answers.length} requests: ${[...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ')}`;
}

const MOST_STATUSES = 4;

/** `primary 503 503 503, fallback 200`; numbers where there are many. */
function upstreamText(attempts: readonly UpstreamAttempt[]): string {
  const providers = [...new Set(attempts.map((attempt) => attempt.provider))];
  if (providers.length === 0) return 'none';
  return providers
    .map((provider) => {
      const own = attempts.filter((attempt) => attempt.provider === provider);
      if (own.length > MOST_STATUSES) return `${provider} x${own.length}`;
      return `${provider} ${own.map((attempt) => `${attempt.status ?? '-'}@${attempt.at.toFixed(1)}`).join(' ')}`;
    })
    .join(', ');
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, index) => {
      const width = WIDTHS[index] ?? 0;
      if (index === cells.length - 1 && index < WIDTHS.length - 1) return cell;
      const line = cell.replace(/\s+/g, ' ').trimEnd();
      return (line.length > width ? `${line.slice(0, width - 1)}…` : line).padEnd(width);
    })
    .join('  ')
    .trimEnd();
}
