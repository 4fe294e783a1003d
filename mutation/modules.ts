/** The modules of a package whose mistakes would cost most: what `npm run mutation -- PACKAGE` changes when it is told no files. From the package's `src/`. */
export const VALUABLE_MODULES: Readonly<Record<string, readonly string[]>> = {
  core: ['money.ts', 'usage.ts', 'rates-at.ts', 'request-body.ts', 'retry-after.ts', 'provider-limits.ts'],
  'cost-tracker': [
    'pricing.ts',
    'billed-parts.ts',
    'summarise.ts',
    'budgets/plan-call.ts',
    'budgets/call-price.ts',
    'budgets/account.ts',
    'budgets/reservation.ts',
  ],
  router: [
    'attempts/retry-policy.ts',
    'attempts/extra-calls.ts',
    'attempts/circuit.ts',
    'money/settle.ts',
    'money/output-cap.ts',
    'caller/caller-of.ts',
    'caller/permitted-models.ts',
  ],
  'rate-limit': ['sliding-window.ts', 'gate.ts', 'waiting-line.ts', 'rate-limiter.ts', 'caller-limiter.ts'],
  'format-anthropic': ['usage.ts', 'finish.ts'],
  'format-gemini': ['usage-metadata.ts', 'finish-reason.ts'],
  'format-ollama': ['counts.ts', 'done-reason.ts'],
  'format-openai': ['chat/usage.ts', 'chat/finish.ts'],
};
