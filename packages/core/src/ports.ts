import type { Attempt, Cost } from './attempt.ts';
import type { Candidate, Removal } from './candidate.ts';
import type { Decision } from './decision.ts';
import type { ProviderError } from './errors.ts';
import type { CallerLimits } from './gateway-key.ts';
import type { ModelFacts } from './model-facts.ts';
import type { ModelRequest } from './model-request.ts';
import type { NanoUsd } from './money.ts';
import type { QualityEvidence } from './outcome.ts';
import type { Needs, TaskProfile } from './task-profile.ts';
import type { Usage } from './usage.ts';
import type { WireHeaders } from './wire-frame.ts';

/** Time, so that tests need not wait. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Calls back once after so many milliseconds; the answer cancels. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** Who asks, for budgets, limits, caches and the ledger. */
export interface Caller {
  /** Separates caches and vaults; default `local`. */
  readonly tenant: string;
  readonly user?: string | undefined;
  /** No key was shown: who it is from is what the request says of itself. Absent for callers that a program vouches for. */
  readonly unproven?: true | undefined;
  /** The name of the key that was used, never the key itself: it is written down. */
  readonly key?: string | undefined;
  readonly session?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Names of models that the caller may use, with `*` for any text; absent: all. */
  readonly models?: readonly string[] | undefined;
  /** What the caller's key may spend and ask for. */
  readonly limits?: CallerLimits | undefined;
}

/** Says what a request is about. Synchronous and quick: it runs on the request's path. */
export interface Analyser {
  analyse(request: ModelRequest, needs: Needs): TaskProfile;
}

/** Says how good a model is expected to be at a task. Synchronous and quick: it runs on the request's path. */
export interface QualityEstimate {
  /** 0 to 1; `undefined` where nothing is known of the model. */
  expect(candidate: Candidate, task: TaskProfile): number | undefined;
  /** How that came about, where more than a table has a say; `undefined`: the table alone. */
  evidence?(candidate: Candidate, task: TaskProfile): QualityEvidence | undefined;
}

/** Money for tokens. */
export interface Pricing {
  /** What a call cost; `undefined` where the price is unknown. `at`: Unix milliseconds. */
  cost(facts: ModelFacts, usage: Usage, at: number): Cost | undefined;
  /** What a call would cost with so many tokens; `undefined` where the price is unknown. */
  predict(facts: ModelFacts, inputTokens: number, outputTokens: number, at: number): NanoUsd | undefined;
}

/** Where every attempt is written down. Never throws into the request; never waits for a disk. */
export interface Ledger {
  append(row: LedgerRow): void;
}

/** One attempt, as a ledger keeps it. Holds no text of a prompt or an answer. */
export interface LedgerRow {
  readonly decision: Decision;
  readonly attempt: Attempt;
  readonly caller: Caller;
  /** The prompt as hashed numbers, from which no text can be read: what heads are learned from. Absent where nothing was analysed. */
  readonly sketch?: Uint8Array | undefined;
  /** A short hash of the prompt, beside the sketch: two prompts may have the same sketch. */
  readonly promptDigest?: string | undefined;
}

/** What asks for admission. */
export interface AdmissionRequest {
  readonly caller: Caller;
  /** What the request needs. It is measured at the first call, so a limit that does not depend on it does not ask. */
  needs(): Needs;
  /** Present where the strategy had the task analysed. */
  readonly task?: TaskProfile | undefined;
  /** Size of the request as it came; absent where a program built it. For who can do with a rough upper bound of what it needs. */
  readonly bytes?: number | undefined;
}

/** The same, for one attempt. */
export interface AttemptRequest extends AdmissionRequest {
  /** One object for all attempts of a request: what holds for a request as a whole is counted by it, and may be kept on it, under a symbol. Absent: each is a request of its own. */
  readonly call?: object | undefined;
  /** The name of the provider's key that the attempt will use, where it has several. */
  readonly providerKey?: string | undefined;
  /** Whether the answer comes in pieces, so that it can be stopped. */
  readonly stream?: boolean | undefined;
  /** Milliseconds that the attempt may wait for its turn; 0: it is admitted now or not at all. */
  readonly patienceMs: number;
  /** The caller's abort: whoever gives up leaves the queue. */
  readonly signal?: AbortSignal | undefined;
}

/** Reserves what an attempt may use: budgets and rate limits. */
export interface Admission {
  /** Whether a candidate could be admitted now, without reserving: for the list of the eligible. */
  check(candidate: Candidate, request: AdmissionRequest): Removal | undefined;
  /** Reserves before an attempt; a removal refuses it. A promise only where it has to wait. Throws RouterError `aborted`. */
  reserve(
    candidate: Candidate,
    request: AttemptRequest,
  ): Reservation | Removal | undefined | Promise<Reservation | Removal | undefined>;
  /** What an admission wants of a decision beside removals; `undefined`: nothing. */
  standing?(request: AdmissionRequest): AdmissionStanding | undefined;
}

/** How limits that are near change a decision before anybody is refused. */
export interface AdmissionStanding {
  /** Why cheaper candidates should come first. Absent: the strategy's order stands. */
  readonly cheaperFirst?: string | undefined;
  /** What is to be known, one clause each: `80 % of the daily budget is spent`. */
  readonly notices: readonly string[];
}

/** What an attempt may use, held for it until it is settled. */
export interface Reservation {
  /** Tokens of output at most, where less than the caller and the model allow; absent: no limit. */
  readonly maxOutputTokens?: number | undefined;
  /**
   * Asked while a stream comes in, with the tokens of output so far, estimated: why it must stop here, or undefined where it may go on. Absent:
   * it may always.
   */
  mustStop?(outputTokens: number): string | undefined;
  /** The head of the provider's answer: what it says of its own limits. */
  answered?(headers: WireHeaders): void;
  /** Gives back what was not used. Called exactly once, unless the reservation is released. */
  settle(attempt: Attempt): void;
  /** Gives all of it back: no attempt was made. */
  release(): void;
}

/** What is known about the state of endpoints: open breakers, parked keys, measured latency. */
export interface Health {
  /** Why a candidate should not be tried now with any of its keys, or undefined. Looks only: nothing is taken. */
  unavailable(candidate: Candidate, now: number): Removal | undefined;
  /**
   * The key to call with: one that may be used now, in turns, where the provider has several; `undefined` where it has one or none.
   * Takes the probe of a breaker that is half open: the call must be made. `preferred`: a key that goes before its turn where it may be used.
   */
  chooseKey(candidate: Candidate, now: number, preferred?: string): string | undefined;
  succeeded(candidate: Candidate, attempt: Attempt): void;
  /** `attempt.providerKey` says which key failed. */
  failed(candidate: Candidate, error: ProviderError, now: number, attempt: Attempt): void;
  /** A call ended without saying anything of the endpoint, e.g. given up by its caller: a probe it had taken is free again. */
  neutral?(candidate: Candidate, attempt: Pick<Attempt, 'providerKey'>): void;
  /** Forgets what is known of a provider: it has other keys now, or is elsewhere. */
  forget?(provider: string): void;
  /** The state of everything that was called so far, for people and monitors. */
  states?(now: number): readonly EndpointState[];
}

/** What was measured of a model. */
export interface Measured {
  /** Calls that these figures are of. */
  readonly calls: number;
  /** The share of them that failed, 0 to 1. */
  readonly failureShare: number;
  /** Calls that brought content: what the times are of. */
  readonly answers: number;
  /** Milliseconds from the call to the first content. */
  readonly firstContentMs: Quantiles;
  /** Milliseconds of the longest silence within an answer. */
  readonly longestGapMs: Quantiles;
  /** Tokens of output a second, from the first content on: the median. */
  readonly tokensPerSecond?: number | undefined;
  /** Calls that these figures are worth now: what is old counts less, an hour halves it. Absent: as many as `calls`. */
  readonly weight?: number | undefined;
}

/** One call as it is measured. */
export interface MeasuredCall {
  /** `provider/model id`. */
  readonly candidate: string;
  /** Unix milliseconds at which it started. */
  readonly at: number;
  readonly failed: boolean;
  readonly firstContentMs?: number | undefined;
  readonly longestGapMs?: number | undefined;
  /** Tokens of output a second, from the first content on. */
  readonly tokensPerSecond?: number | undefined;
}

/** Where measured calls outlive the process, and where several processes find each other's. Throws nothing. */
export interface MeasurementStore {
  /** Calls that were kept since the last time this was asked, by whomever but this store; at first all that are kept. */
  news(): readonly MeasuredCall[];
  /** Keeps calls beside those of others. */
  keep(calls: readonly MeasuredCall[]): void;
}

/** Half of the values, and 99 of 100, are no larger. */
export interface Quantiles {
  readonly p50: number | undefined;
  readonly p99: number | undefined;
}

/** Measures calls as they end. In memory: nothing waits for it. */
export interface Measurements {
  /** `longestGapMs`: the longest silence between two pieces of its content. */
  record(attempt: Attempt, longestGapMs?: number): void;
  /** What is known of a candidate, by its id. */
  of(candidate: string): Measured | undefined;
  /** Hands over what is not kept yet, where somebody keeps it. */
  flush?(): void;
}

/** What is known of one endpoint: a model at a provider, by one key. */
export interface EndpointState {
  /** `provider/model id`. */
  readonly candidate: string;
  readonly provider: string;
  readonly model: string;
  readonly providerKey?: string | undefined;
  /** `parked`: the key was refused or is used up; the endpoint itself may be well. */
  readonly state: 'closed' | 'open' | 'half-open' | 'parked';
  /** Failures in a row. */
  readonly failures: number;
  /** Why it is not closed. */
  readonly reason?: string | undefined;
  /** Unix milliseconds; absent where it is closed. */
  readonly until?: number | undefined;
}

/**
 * Keeps reasoning state for callers whose format has no place for it: the proof of a model's thoughts, to be given back to its
 * issuer alone when the caller comes back with the tool call that they led to.
 */
export interface Vault {
  put(key: VaultKey, value: string): void;
  get(key: VaultKey): string | undefined;
}

/** Where a piece of reasoning state is kept: by tenant, issuer, call and content, so that nobody finds what is not theirs. */
export interface VaultKey {
  readonly tenant: string;
  /** Who can read the state. */
  readonly issuer: string;
  /** The tool call that followed the thoughts. */
  readonly callId: string;
  /** Of the call's name and arguments: an id that somebody made up finds nothing. */
  readonly contentHash: string;
}
