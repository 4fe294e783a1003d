import type { ConfigurationIssue } from './configuration-error.ts';
import { dotted } from './document.ts';
import type { ConfigurationEntry } from './entry.ts';
import { type FilePlace, pathInFile } from './file-place.ts';
import type { ParseOptions } from './parse-options.ts';
import { maskSecrets } from './secrets.ts';
import { strategyProblem } from './strategy-names.ts';
import { closest } from './suggestion.ts';

/** Names in a checked file that nothing has: strategies, and providers where it is known which exist. */
export function checkReferences(
  entries: readonly ConfigurationEntry[],
  place: FilePlace,
  options: ParseOptions,
): readonly ConfigurationIssue[] {
  const issues: ConfigurationIssue[] = [];
  const report = (
    path: readonly (string | number)[],
    problem: { readonly message: string; readonly suggestion?: string | undefined },
    atKey = false,
  ): void => {
    const here = pathInFile(path, place);
    const position = atKey ? place.document.keyPositionOf(here) : place.document.positionOf(here);
    issues.push({
      file: place.label,
      ...position,
      path: maskSecrets(dotted(here)),
      message: maskSecrets(problem.message),
      suggestion: problem.suggestion,
    });
  };

  for (const entry of entries) {
    if (entry.goal.at(-1) !== 'strategy' || typeof entry.value !== 'string') continue;
    const problem = strategyProblem(entry.value, options.strategyNames);
    if (problem) report(entry.written, problem);
  }

  if (options.providerNames === undefined) return issues;
  const defined = entries.filter((entry) => entry.goal.length === 3 && entry.goal[2] === 'id').map((one) => one.value);
  const existing = [...options.providerNames, ...(options.definedProviders ?? [])];
  const known = new Set<unknown>([...existing, ...defined]);
  const unknown = (name: string): { message: string; suggestion?: string | undefined } => ({
    message: `unknown provider "${name}"`,
    suggestion: closest(
      name,
      [...known].filter((one): one is string => typeof one === 'string' && one !== name),
    ),
  });
  // An endpoint or a package of its own makes any name a provider.
  const reachable = new Set(
    entries.filter((entry) => ['endpoint', 'package'].includes(entry.goal[2] ?? '')).map((entry) => entry.goal[1]),
  );
  for (const { goal, written, value } of entries) {
    const [section, name = ''] = goal;
    if (section === 'providers' && goal[2] === 'id' && !existing.includes(name) && !reachable.has(name)) {
      report(written, unknown(name), true);
    } else if (section === 'throughput' && goal[1] === 'maxRpm' && !known.has(goal[2])) {
      report(written, unknown(goal[2] ?? ''), true);
    } else if (section === 'routing' && (name === 'fallbackOrder' || name === 'providers') && Array.isArray(value)) {
      for (const [index, one] of value.entries()) {
        if (!known.has(one)) report([...written, index], unknown(String(one)));
      }
    }
  }
  return issues;
}
