import { asObject, type Caller, type CallerLimits, ProviderError, RouterError } from '@signalbox/core';
import type { JWTPayload } from 'jose';

/** Who may come in by JSON Web Tokens of an identity provider, beside those with keys. */
export interface TokenOptions {
  /** What a token's `iss` must be. */
  readonly issuer: string;
  /** One of a token's `aud` must be one of these. */
  readonly audience: string | readonly string[];
  /** Where the issuer's public keys are (JWKS): https, or this machine. No other address is ever asked. */
  readonly jwksUrl: string;
  /** Milliseconds that clocks may differ. Default 30,000. */
  readonly clockToleranceMs?: number | undefined;
  readonly claims?: TokenClaims | undefined;
}

/** Names of claims, or paths to them (`realm_access.roles`). */
export interface TokenClaims {
  /** Default `sub`. */
  readonly user?: string | undefined;
  readonly tenant?: string | undefined;
  /** A list, or words with spaces between them. */
  readonly tags?: string | undefined;
  /** The same, of names of models that may be used; a token without the claim may use none. */
  readonly models?: string | undefined;
  /** Dollars. */
  readonly budgetDaily?: string | undefined;
  readonly budgetMonthly?: string | undefined;
  readonly requestsPerMinute?: string | undefined;
}

/** Says who a token is of. Throws RouterError `authentication`, and ProviderError `overloaded` where the issuer's keys can't be had. */
export type TokenVerifier = (token: string) => Promise<Caller>;

/** Signatures that a holder of the public key can't make. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const CLOCK_TOLERANCE_MS = 30_000;
/** Milliseconds for which keys are kept, and after which an unknown key may make them be fetched again. */
const KEPT_MS = 10 * 60_000;
const COOLDOWN_MS = 30_000;
const FETCH_MS = 5_000;

/** Whether a text has the shape of a JSON Web Token: a header, claims and a signature. */
export const looksLikeToken = (text: string): boolean => /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(text);

/** Makes a verifier. The library, and the issuer's keys, are fetched with the first token. */
export function createTokenVerifier(options: TokenOptions, now: () => number = Date.now): TokenVerifier {
  let loading: Promise<{ verify: TokenVerifier }> | undefined;
  return async (token) => {
    loading ??= load(options, now);
    return (await loading).verify(token);
  };
}

async function load(options: TokenOptions, now: () => number): Promise<{ verify: TokenVerifier }> {
  const { createRemoteJWKSet, decodeProtectedHeader, errors, jwtVerify } = await import('jose');
  // It follows no redirect: nobody but this address says whose signatures are good.
  const keys = createRemoteJWKSet(new URL(options.jwksUrl), {
    cacheMaxAge: KEPT_MS,
    cooldownDuration: COOLDOWN_MS,
    timeoutDuration: FETCH_MS,
  });
  const audience = [options.audience].flat();
  const wanted = {
    issuer: options.issuer,
    audience,
    algorithms: ALGORITHMS,
    requiredClaims: ['exp'],
    clockTolerance: (options.clockToleranceMs ?? CLOCK_TOLERANCE_MS) / 1_000,
  };

  function explain(error: unknown): RouterError | ProviderError {
    const refuse = (what: string) => new RouterError({ kind: 'authentication', message: `This token ${what}.` });
    if (error instanceof errors.JWTExpired) return refuse(`expired at ${momentOf(error.payload.exp)}`);
    if (error instanceof errors.JWTClaimValidationFailed) {
      if (error.reason === 'invalid') return refuse(`has no good claim "${error.claim}"`);
      const reasons: Readonly<Record<string, string>> = {
        iss: `is not from ${options.issuer}`,
        aud: `is not for ${audience.join(' or ')}`,
        nbf: `is valid from ${momentOf(error.payload.nbf)} on`,
      };
      return refuse(reasons[error.claim] ?? `has no good claim "${error.claim}"`);
    }
    if (error instanceof errors.JWKSNoMatchingKey) return refuse("is signed with a key that its issuer doesn't have");
    if (error instanceof errors.JWSSignatureVerificationFailed) return refuse('has a wrong signature');
    if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) {
      return refuse('is signed in a way that is not accepted');
    }
    if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid) return refuse("can't be read");
    return new ProviderError({
      kind: 'overloaded',
      message: "The public keys of the tokens' issuer can't be fetched now: try again in a moment.",
      retryAfterMs: 5_000,
    });
  }

  /** The claims of a token that one of the issuer's keys has signed: the key that it names, or any where it names none (RFC 7515, 4.1.4: `kid` is optional). */
  async function claimsOf(token: string): Promise<JWTPayload> {
    const checks = { ...wanted, currentDate: new Date(now()) };
    try {
      return (await jwtVerify(token, keys, checks)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
      let last: unknown = new errors.JWKSNoMatchingKey();
      for await (const key of error) {
        try {
          return (await jwtVerify(token, key, checks)).payload;
        } catch (failure) {
          if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure;
          last = failure;
        }
      }
      throw last;
    }
  }

  /** The same; where a token names no key, one that is not known yet shows in its signature alone. */
  async function claimsByNewKeys(token: string): Promise<JWTPayload> {
    try {
      return await claimsOf(token);
    } catch (error) {
      const isOfNone = error instanceof errors.JWSSignatureVerificationFailed && !decodeProtectedHeader(token).kid;
      if (!isOfNone || keys.coolingDown) throw error;
      await keys.reload();
      return claimsOf(token);
    }
  }

  return {
    async verify(token) {
      try {
        return callerOfToken(await claimsByNewKeys(token), options.claims ?? {});
      } catch (error) {
        throw RouterError.is(error) ? error : explain(error);
      }
    },
  };
}

function momentOf(seconds: number | undefined): string {
  const moment = new Date((seconds ?? Number.NaN) * 1_000);
  return Number.isNaN(moment.getTime()) ? 'some time' : moment.toISOString();
}

function callerOfToken(payload: JWTPayload, claims: TokenClaims): Caller {
  const user = textOf(claimOf(payload, claims.user ?? 'sub'));
  const tenant = textOf(claimOf(payload, claims.tenant)) ?? user;
  if (tenant === undefined) {
    const message = `This token does not say whose it is: the claim "${claims.user ?? 'sub'}" is missing.`;
    throw new RouterError({ kind: 'authentication', message });
  }
  return {
    tenant,
    user,
    // What budgets, limits and logs call it by: no key of the gateway can have a colon in its name.
    key: `token:${user ?? tenant}`,
    tags: wordsOf(claimOf(payload, claims.tags)),
    models: claims.models === undefined ? undefined : wordsOf(claimOf(payload, claims.models)),
    limits: limitsOf(payload, claims),
  };
}

function limitsOf(
  payload: JWTPayload,
  { budgetDaily, budgetMonthly, requestsPerMinute }: TokenClaims,
): CallerLimits | undefined {
  const amount = (name: string | undefined, unit: number) => {
    const claim = claimOf(payload, name);
    if (claim === undefined || claim === null) return undefined;
    const value = typeof claim === 'number' || (typeof claim === 'string' && claim.trim() !== '') ? Number(claim) : -1;
    if (value >= 0 && Number.isFinite(value)) return Math.round(value * unit);
    // A limit that can't be read is no leave to go without one.
    throw new RouterError({ kind: 'authentication', message: `This token has no good claim "${name}".` });
  };
  const limits = {
    budgetDaily: amount(budgetDaily, 1e9),
    budgetMonthly: amount(budgetMonthly, 1e9),
    requestsPerMinute: amount(requestsPerMinute, 1),
  };
  return Object.values(limits).some((limit) => limit !== undefined) ? limits : undefined;
}

/** A claim by its name, else by its path. */
function claimOf(payload: JWTPayload, name: string | undefined): unknown {
  if (name === undefined) return undefined;
  if (Object.hasOwn(payload, name)) return payload[name];
  let found: unknown = payload;
  for (const segment of name.split('.')) {
    const object = asObject(found);
    found = object !== undefined && Object.hasOwn(object, segment) ? object[segment] : undefined;
  }
  return found;
}

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

function wordsOf(value: unknown): readonly string[] {
  const words = Array.isArray(value) ? value : typeof value === 'string' ? value.split(/[\s,]+/) : [];
  return words.filter((word): word is string => typeof word === 'string' && word !== '');
}
