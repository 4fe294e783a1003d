import { configurationFindings } from '../doctor/configuration-findings.ts';
import { type Finding, ok } from '../doctor/finding.ts';
import { gatewayFinding, programFindings } from '../doctor/program-findings.ts';
import { providerFindings } from '../doctor/provider-findings.ts';
import { storeFindings } from '../doctor/store-findings.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { outputColors } from '../terminal/output-colors.ts';
import { terminalWidth } from '../terminal/terminal-width.ts';
import { wrapped } from '../terminal/wrapped.ts';

export interface DoctorOptions {
  readonly offline: boolean;
  readonly json: boolean;
  readonly port: number;
  readonly config?: string | undefined;
}

/** `signalbox doctor`: looks at all that can be wrong, and says how to mend it. Changes nothing. Exit code 1 where something is wrong. */
export async function doctor(options: DoctorOptions): Promise<number> {
  const { findings: configured, loaded, trusted } = await configurationFindings(options.config);
  // Keys go nowhere that the project's files have not been trusted with.
  const providers =
    loaded === undefined
      ? []
      : trusted
        ? await providerFindings(loaded, options.offline)
        : [ok('providers', 'not asked: the configuration is not trusted')];
  const findings = [
    ...programFindings(Date.now()),
    ...configured,
    ...providers,
    ...(await storeFindings(loaded?.configuration)),
    await gatewayFinding(options.port),
  ];
  const wrong = findings.filter((one) => one.state === 'problem').length;
  if (options.json) process.stdout.write(`${JSON.stringify({ healthy: wrong === 0, findings }, null, 2)}\n`);
  else process.stdout.write(`${textOf(findings, wrong)}\n`);
  return wrong === 0 ? EXIT.success : EXIT.failure;
}

const MARKS = { ok: 'ok  ', warning: 'warn', problem: 'FAIL' } as const;

function textOf(findings: readonly Finding[], wrong: number): string {
  const colors = outputColors(process.stdout);
  const paint = { ok: colors.green, warning: colors.yellow, problem: colors.red };
  const width = Math.max(...findings.map(({ check }) => check.length));
  const indent = ' '.repeat(width + 8);
  const lines = findings.flatMap(({ check, state, message, fix }) => {
    const line = wrapped(`${MARKS[state]}  ${check.padEnd(width)}  ${message}`, terminalWidth(process.stdout), indent);
    const painted = `${paint[state](line.slice(0, MARKS[state].length))}${line.slice(MARKS[state].length)}`;
    return fix === undefined
      ? [painted]
      : [painted, wrapped(`${indent}→ ${fix}`, terminalWidth(process.stdout), `${indent}  `)];
  });
  const warnings = findings.filter((one) => one.state === 'warning').length;
  const also = warnings === 0 ? '' : `, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`;
  const verdict = wrong === 0 ? `All is well${also}.` : `${wrong} ${wrong === 1 ? 'problem' : 'problems'}${also}.`;
  return [...lines, '', verdict].join('\n');
}
