import { type Check, requireInstalled, requireText } from '../check.ts';
import { PROVIDER_PACKAGES, PROVIDER_STRANGERS, type ProviderPackage, providerClosure } from '../closures.ts';

/** Imports a package and makes each of its providers. */
const CREATE = `
const exported = await import(process.argv[2]);
const definitions = Object.values(exported).filter((one) => typeof one?.create === 'function' && 'contract' in one);
const made = definitions.length > 0
  ? definitions.map((one) => one.create({ apiKey: 'sample', endpoint: 'http://127.0.0.1:9' }))
  : Object.entries(exported).filter(([name]) => /^create[A-Z]/.test(name)).map(([, create]) => create('mistral', { apiKey: 'sample' }));
console.log(made.map((one) => one.id).join(' '));
await Promise.all(made.map((one) => one.close()));
`;

const providerAlone = (provider: ProviderPackage): Check => ({
  name: `${provider} alone`,
  async run({ project }) {
    const empty = project(provider);
    await empty.install(`@signalbox/${provider}`);
    requireInstalled(empty, providerClosure(provider), PROVIDER_STRANGERS);
    empty.write('create.mjs', CREATE);
    const made = (await empty.node(['create.mjs', `@signalbox/${provider}`])).trim();
    requireText('the providers that it makes', made, /^[a-z]/);
    return `makes ${made.split(' ').slice(0, 4).join(', ')}`;
  },
});

export const providersAlone: readonly Check[] = PROVIDER_PACKAGES.map(providerAlone);
