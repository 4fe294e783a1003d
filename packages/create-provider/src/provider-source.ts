import type { ProviderRequest } from './provider-request.ts';

/** Text as a literal of the sources. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** `src/index.ts` of a provider package. `asPackage`: also exported under the name by which a configuration loads it. */
export function providerSource({ name, format, endpoint }: ProviderRequest, asPackage: boolean): string {
  const { constant, display, factory, id, keyVariable } = name;
  const value = format.scheme === '' ? 'apiKey' : `\`${format.scheme}\${apiKey}\``;
  const key = /^[a-z]+$/.test(format.header) ? format.header : literal(format.header);
  const imports = [
    "import type { CatalogSlice, Provider, ProviderDefinition, ProviderSettings } from '@signalbox/core';",
    `import { ${format.export} } from '${format.package}';`,
    "import { defineProvider } from '@signalbox/provider-kit';",
    "import slice from './catalog.json' with { type: 'json' };",
  ];
  return `${imports.join('\n')}

/** ${display} at ${endpoint}${format.versionPath}. Takes its key from \`${keyVariable}\`; sends it as \`${format.header}\`. */
export const ${constant}: ProviderDefinition = defineProvider({
  id: ${literal(id)},
  displayName: ${literal(display)},
  format: ${format.export},
  keyVariables: [${literal(keyVariable)}],
  defaultEndpoint: ${literal(endpoint)},
  versionPath: ${literal(format.versionPath)},
  local: false,
  authenticate: (apiKey) => ({ ${key}: ${value} }),
  // What the endpoint wants otherwise than the format's maker: the README of ${format.package} lists the keys.
  quirks: ${format.quirks},
  catalog: slice as CatalogSlice,
  // Names for models of the catalogue: { default: 'model-id' }.
  shortNames: {},
});
${asPackage ? `\n// The name under which a configuration's \`package\` is loaded.\nexport { ${constant} as provider };\n` : ''}
/**
 * Makes ${display} as a provider. Throws RouterError \`missing-key\` without a key, and \`configuration\` on a bad endpoint.
 */
export const ${factory}: (settings?: ProviderSettings) => Provider = ${constant}.create;
`;
}

/** What the conformance suite is told about the provider, as code. */
export function providerFixtures({ format }: ProviderRequest): string {
  const value = format.scheme === '' ? 'apiKey' : `\`${format.scheme}\${apiKey}\``;
  return `{
  versionPath: ${literal(format.versionPath)},
  authentication: { header: ${literal(format.header)}, value: (apiKey) => ${value} },
}`;
}

/** A catalogue slice that is valid and lists no model yet: the names of models are taken as they come. */
export function emptySlice(date: string): string {
  return `{
  "generated": "${date}",
  "sources": {},
  "models": [],
  "aliases": {}
}
`;
}

/** How a model is added to the slice, for a README. */
export const SLICE_HELP = `Models go into \`src/catalog.json\`; prices are nano-dollars for a million tokens (3 dollars are \`3000000000\`):

\`\`\`json
{
  "generated": "2026-11-22",
  "sources": { "own": { "name": "the vendor's price list", "date": "2026-11-22", "url": "https://vendor.example/pricing" } },
  "models": [
    {
      "id": "large-1", "provider": "PROVIDER", "name": "Large 1", "type": "chat", "status": "active",
      "contextWindow": 128000, "maxOutput": 8192, "capabilities": { "tools": true },
      "prices": [{ "input": 3000000000, "output": 15000000000 }], "sources": { "prices": "own" }
    }
  ],
  "aliases": {}
}
\`\`\`

Until then any name behind \`PROVIDER/\` is a model, with an unknown price.`;
