/** A provider of a new configuration. */
export interface FirstProvider {
  readonly id: string;
  /** The variable that holds its key; absent: it needs none. */
  readonly variable?: string | undefined;
  readonly endpoint?: string | undefined;
  /** Models to list; absent: all that the provider has. */
  readonly models?: readonly string[] | undefined;
}

export interface FirstConfiguration {
  readonly providers: readonly FirstProvider[];
  readonly strategy: string;
  /** Dollars. */
  readonly budgetDaily?: number | undefined;
}

/** The text of a configuration to begin with: what was chosen, and beside it in comments what else there is. */
export function firstConfiguration({ providers, strategy, budgetDaily }: FirstConfiguration): string {
  const order = providers.map(({ id }) => id).join(', ');
  const budget =
    budgetDaily === undefined
      ? '# budget: # docs/budgets.md\n#   daily: 10.00 # dollars; a request that would go over it is refused\n'
      : `budget: # docs/budgets.md\n  daily: ${budgetDaily.toFixed(2)} # dollars; a request that would go over it is refused\n`;
  return `# signalbox config show prints what holds; signalbox explain "prompt" who would answer. All keys: docs/configuration.md.
router:
  enabled: true # false: no analysis, default_model answers

# Keys come from the environment or from .env, never from this file.
providers:
${providers.map(providerLines).join('')}
routing:
  strategy: ${strategy} # ${STRATEGIES.filter((one) => one !== strategy).join(', ')}
  fallback_order: [${order}] # who is asked next where one fails
  # rules: # the first that holds, before the strategy
  #   - { task_type: json_output, prefer: openai.gpt4 }
  #   - { pattern: '\\.sql\\b', model: anthropic.sonnet }

${budget}
# caching: # answers to identical requests are given again: docs/caching.md
#   enabled: true
`;
}

const STRATEGIES = [
  'best_for_task',
  'cost_optimized',
  'performance_optimized',
  'round_robin',
  'fallback_chain',
  'custom_rules',
  'manual',
];

function providerLines({ id, variable, endpoint, models }: FirstProvider): string {
  const lines = [
    ...(variable === undefined ? [] : [`    api_key: \${${variable}}`]),
    ...(endpoint === undefined ? [] : [`    endpoint: ${endpoint}`]),
    ...(models === undefined ? [] : [`    models: [${models.map((name) => JSON.stringify(name)).join(', ')}]`]),
  ];
  return lines.length === 0 ? `  ${id}: {}\n` : `  ${id}:\n${lines.join('\n')}\n`;
}
