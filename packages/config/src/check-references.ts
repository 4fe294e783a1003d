import type { NamedModelConfiguration } from './configuration.ts';
import type { ConfigurationIssue } from './configuration-error.ts';
import { dotted } from './document.ts';
import type { ConfigurationEntry } from './entry.ts';
import { type FilePlace, pathInFile } from './file-place.ts';
import type { ParseOptions } from './parse-options.ts';
import { maskSecrets } from './secrets.ts';
import { canonicalStrategy, strategyProblem } from './strategy-names.ts';
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
    const problem = strategyNameProblem(entry, options.strategyNames);
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
  // A type or a package makes any name a provider.
  const idsWith = (...keys: readonly string[]) =>
    new Set(entries.filter((entry) => keys.includes(entry.goal[2] ?? '')).map((entry) => entry.goal[1]));
  const reachable = idsWith('type', 'package');
  const packaged = idsWith('package');
  const addressed = idsWith('endpoint');
  const types = options.providerTypes ?? options.providerNames;
  const nameless = (name: string) => {
    const { suggestion } = unknown(name);
    // Who writes an address and no near miss of a name means a server of their own.
    if (suggestion !== undefined || !addressed.has(name)) return unknown(name);
    return { message: `unknown provider "${name}": a server of your own needs a type, such as openai-compatible` };
  };
  for (const { goal, written, value } of entries) {
    const [section, name = ''] = goal;
    if (section === 'providers' && goal[2] === 'id' && !existing.includes(name) && !reachable.has(name)) {
      report(written, nameless(name), true);
    } else if (section === 'providers' && goal[2] === 'type' && !types.includes(String(value))) {
      const type = String(value);
      const near = closest(type, types);
      const list = near === undefined ? `; there are ${types.join(', ')}` : '';
      report(written, { message: `unknown type of provider "${type}"${list}`, suggestion: near });
    } else if (section === 'providers' && goal[2] === 'type' && packaged.has(name)) {
      report(written, { message: 'a provider has either a type or a package, not both' });
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

/** What is wrong with the strategy that an entry names, if it names one. */
function strategyNameProblem({ goal, value, raw }: ConfigurationEntry, registered: readonly string[] | undefined) {
  if (goal[0] === 'models') {
    const { strategy } = value as NamedModelConfiguration;
    if (strategy !== undefined) return strategyProblem(strategy, registered);
    // A word that is no strategy's name is a model's, unless it is a slip.
    return typeof raw === 'string' ? strategyProblem(canonicalStrategy(raw), undefined) : undefined;
  }
  return goal.at(-1) === 'strategy' && typeof value === 'string' ? strategyProblem(value, registered) : undefined;
}
