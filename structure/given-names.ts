/**
 * What an example of a page may take from around it when its fence names it (`given=request,providers`): the declaration of each name.
 * Where a line would make the example whole, it belongs into the example.
 */
export const GIVEN_NAMES: Readonly<Record<string, string>> = {
  // What a program has long made when it comes to what the example is about.
  providers: "readonly import('@signalbox/core').Provider[]",
  request: "import('@signalbox/core').ModelRequest",
  router: "import('@signalbox/router').Router",
  facts: "import('@signalbox/core').ModelFacts",
  yourKey: 'Readonly<Record<string, string>>',
  // The reader's own provider and format.
  acme: "import('@signalbox/core').ProviderDefinition",
  acmeChat: "import('@signalbox/core').WireFormat",
  // A hook module's CommonJS exports.
  exports: "{ -readonly [Name in keyof import('@signalbox/router').Hooks]: import('@signalbox/router').Hooks[Name] }",
  // What a router.js is run with (packages/setup/src/script-program.ts).
  module: `{ exports: { selectModel(task: string, context: { remainingBudget: number; task: import('@signalbox/core').TaskProfile; candidates: readonly { id: string; provider: string; model: string; quality?: number; latencyMs?: number; predictedCost?: number }[] }): Promise<string | undefined> | string | undefined } }`,
  analyzeComplexity: "(task: string) => import('@signalbox/core').Complexity",
  estimateTokens: '(text: string) => number',
};
