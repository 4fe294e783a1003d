import {
  aBoolean,
  aCount,
  aListOf,
  aNumber,
  anObject,
  anyText,
  aRecordOf,
  aText,
  type BatchCodec,
  type CatalogSlice,
  isLoopbackUrl,
  type OptionRules,
  type Provider,
  type ProviderDefinition,
  type ProviderSettings,
  type Quirks,
  RouterError,
  requireOptions,
  type StandardSchema,
  type WireFormat,
} from '@signalbox/core';
import { readEndpoint } from './endpoint.ts';
import { keyRing } from './key-ring.ts';
import { isOwnNetwork } from './own-network.ts';
import { createTransport } from './transport.ts';

const SETTINGS_RULES: OptionRules<ProviderSettings> = {
  id: aText(),
  apiKey: anyText,
  apiKeys: aListOf(anyText, 'a list of keys'),
  callerCredentials: aBoolean,
  endpoint: {
    what: 'a URL, or a function that resolves to one',
    holds: (value) => typeof value === 'string' || typeof value === 'function',
  },
  headers: aRecordOf(anyText, 'an object of headers'),
  connectTimeoutMs: aNumber(0, undefined, 'of milliseconds'),
  connections: aCount(1),
  keepAlive: aBoolean,
  simulated: aBoolean,
  models: aListOf(anObject("a model's facts"), "a list of models' facts"),
  options: anObject(),
};

/** What makes a provider: a format at an endpoint, a way to authenticate, and data. */
export interface ProviderDescription {
  readonly id: string;
  readonly displayName: string;
  readonly format: WireFormat;
  /** Other formats that the endpoint takes as well; they must have the same stream framing. */
  readonly alsoSpeaks?: readonly WireFormat[] | undefined;
  /** Variables that may hold the key, the usual one first. Empty: no key is needed. */
  readonly keyVariables: readonly string[];
  /** Base URL without the version path; `''`: there is none, and the settings must say it. */
  readonly defaultEndpoint: string;
  /** The path that a base URL may come with or without, e.g. `/v1`; `''`: none. */
  readonly versionPath: string;
  /** A kind of server that people run themselves: it counts as theirs wherever in their own network it stands. */
  readonly local: boolean;
  /** The headers that carry a key. */
  readonly authenticate: (apiKey: string) => Readonly<Record<string, string>>;
  readonly quirks?: Quirks | undefined;
  /** Its batch API, where it has one. */
  readonly batches?: BatchCodec | undefined;
  /**
   * `false` where the endpoint refuses what other callers of the format send (another name for a field, say): then every
   * request is encoded with the quirks. Default `true`: requests of the same format go through as they came.
   */
  readonly forwards?: boolean | undefined;
  readonly catalog: CatalogSlice;
  readonly shortNames: Readonly<Record<string, string>>;
  readonly optionsSchema?: StandardSchema | undefined;
}

/**
 * Makes a provider out of a description.
 *
 * @example
 * ```ts
 * export const acme = defineProvider({
 *   id: 'acme', displayName: 'Acme', format: openaiChat, keyVariables: ['ACME_API_KEY'],
 *   defaultEndpoint: 'https://api.acme.example', versionPath: '/v1', local: false,
 *   authenticate: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
 *   catalog: slice as CatalogSlice, shortNames: { default: 'acme-large' },
 * });
 * export const createAcme = acme.create;
 * ```
 */
export function defineProvider(description: ProviderDescription): ProviderDefinition {
  const { id, displayName, format, keyVariables, defaultEndpoint, local, catalog, shortNames, optionsSchema } =
    description;

  function requireOwnOptions(options: ProviderSettings['options'] = {}): void {
    const names = Object.keys(options);
    if (names.length === 0) return;
    const result = optionsSchema?.['~standard'].validate(options);
    // Who checks in its own time is asked by whoever reads the configuration.
    if (result instanceof Promise || (result !== undefined && result.issues === undefined)) return;
    const [issue] = result?.issues ?? [];
    const path = (issue?.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)).join('.');
    const wrong =
      issue === undefined
        ? `takes no options, and got ${names.join(', ')}`
        : `options${path === '' ? '' : `.${path}`}: ${issue.message}`;
    throw new RouterError({ kind: 'configuration', message: `${displayName}: ${wrong}.` });
  }

  function create(settings: ProviderSettings = {}): Provider {
    requireOptions(displayName, settings, SETTINGS_RULES);
    requireOwnOptions(settings.options);
    const providerId = settings.id ?? id;
    // A variable that is set to nothing (ANTHROPIC_BASE_URL=) is one that is not set.
    const endpoint = settings.endpoint || defaultEndpoint;
    if (endpoint === '') {
      throw new RouterError({
        kind: 'configuration',
        message: `providers.${providerId} needs an endpoint: ${displayName} has no address of its own.`,
      });
    }
    // A wrong URL is reported when the provider is made; only an endpoint that isn't there yet has to wait.
    const ready =
      typeof endpoint === 'string' ? readEndpoint(endpoint, description.versionPath, providerId) : undefined;
    const keyIsNeeded =
      keyVariables.length > 0 &&
      settings.simulated !== true &&
      settings.callerCredentials !== true &&
      !(typeof endpoint === 'string' && isLoopbackUrl(endpoint));
    // What callers show takes the place of our keys altogether: none may slip in beside it.
    const own = settings.callerCredentials === true ? { headers: settings.headers } : settings;
    const ring = keyRing(own, providerId, description.authenticate);
    if (keyIsNeeded && ring.names.length === 0) {
      throw new RouterError({
        kind: 'missing-key',
        message: `${displayName} needs an API key: set ${keyVariables[0]}, or providers.${providerId}.api_key in the configuration; a program passes it as apiKey.`,
      });
    }
    const transport = createTransport({
      provider: providerId,
      endpoint: async () =>
        ready ??
        readEndpoint(typeof endpoint === 'string' ? endpoint : await endpoint(), description.versionPath, providerId),
      headers: ring.headers,
      framing: format.streamFraming,
      connectTimeoutMs: settings.connectTimeoutMs,
      connections: settings.connections,
      keepAlive: settings.keepAlive,
    });
    return {
      contract: 1,
      id: providerId,
      format,
      alsoSpeaks: description.alsoSpeaks,
      quirks: description.quirks ?? {},
      forwards: description.forwards ?? true,
      models: settings.models ?? catalog.models,
      shortNames,
      ...(description.batches === undefined ? {} : { batches: description.batches }),
      ...(settings.callerCredentials === true ? { callerCredentials: true } : {}),
      ...(ring.names.length > 1 ? { keys: ring.names } : {}),
      keyDigest: ring.digest,
      local: isLocal(local, endpoint, settings.simulated === true),
      simulated: settings.simulated ?? false,
      send: transport.send,
      close: transport.close,
    };
  }

  return {
    contract: 1,
    id,
    displayName,
    format,
    keyVariables,
    defaultEndpoint,
    local,
    catalog,
    shortNames,
    optionsSchema,
    create,
  };
}

/** A server of a local kind is local in the user's own network; any other only on this machine. */
function isLocal(kind: boolean, endpoint: ProviderSettings['endpoint'], simulated: boolean): boolean {
  if (typeof endpoint !== 'string') return kind;
  return kind ? isOwnNetwork(endpoint) : isLoopbackUrl(endpoint) && !simulated;
}
