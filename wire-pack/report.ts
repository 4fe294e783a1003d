import { type Climb, RUNGS, type Rung } from './climb.ts';

/** What the ladder found in one pack. */
export interface Report {
  readonly climbs: readonly Climb[];
  /** Exchanges whose endpoint speaks another format, counted by name. */
  readonly skipped: ReadonlyMap<string, number>;
}

/** How many exchanges passed, failed and were skipped. */
export function counts({ climbs, skipped }: Report): { passed: number; failed: number; skipped: number } {
  const failed = climbs.filter(({ faults }) => faults.length > 0).length;
  return {
    passed: climbs.length - failed,
    failed,
    skipped: [...skipped.values()].reduce((sum, count) => sum + count, 0),
  };
}

/** The report for people: a line for each provider and endpoint, the exchanges that failed, the sum. */
export function reportText(report: Report, verbose: boolean): string {
  const groups = Map.groupBy(report.climbs, nameOf);
  const width = Math.max(...[...groups.keys()].map((name) => name.length), 20);
  const lines: string[] = [];
  for (const [name, climbs] of [...groups].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const failed = climbs.filter(({ faults }) => faults.length > 0);
    const rungs = (Object.keys(RUNGS) as Rung[])
      .map((rung) => `${rung} ${climbs.filter((climb) => climb.rungs.includes(rung)).length}`)
      .join('  ');
    lines.push(
      `${name.padEnd(width)}  ${String(climbs.length - failed.length).padStart(4)} passed  ${String(failed.length).padStart(4)} failed   ${rungs}`,
    );
    for (const climb of failed) lines.push(...faultLines(climb, verbose));
  }
  if (report.skipped.size > 0) {
    lines.push('', 'Skipped, because no codec here speaks their format:');
    for (const [name, count] of [...report.skipped].sort()) lines.push(`  ${name.padEnd(width)}  ${count}`);
  }
  const { passed, failed, skipped } = counts(report);
  lines.push(
    '',
    ...rungLines(verbose),
    `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`,
  );
  return lines.join('\n');
}

/** The same for programs. */
export function reportJson(report: Report): unknown {
  return {
    ...counts(report),
    exchanges: report.climbs.map(({ exchange, rungs, faults }) => ({
      id: exchange.id,
      provider: exchange.provider,
      endpoint: exchange.endpoint,
      rungs,
      faults,
    })),
    skippedEndpoints: Object.fromEntries(report.skipped),
  };
}

function nameOf({ exchange }: Climb): string {
  return `${exchange.provider}/${exchange.endpoint}`;
}

function faultLines({ exchange, faults }: Climb, verbose: boolean): string[] {
  const shown = verbose ? faults : faults.slice(0, 3);
  const lines = shown.map(({ rung, reason }) => `  ${exchange.id} (${rung}) ${reason}`);
  const more = faults.length - shown.length;
  return more === 0 ? lines : [...lines, `  ${exchange.id} and ${more} more: see --verbose`];
}

function rungLines(verbose: boolean): string[] {
  return verbose ? [...Object.entries(RUNGS).map(([rung, meaning]) => `(${rung}) ${meaning}`), ''] : [];
}
