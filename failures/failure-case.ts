import type { Clock, JsonObject } from '../packages/core/src/index.ts';
import type { CallerProtocol } from './callers/index.ts';
import type { ClientView } from './client-view.ts';
import type { Faults, UpstreamAttempt } from './fault-server.ts';
import type { BenchModel } from './gateway-configuration.ts';

/** Everything that is known when a case is over. */
export interface Observation {
  /** One for each request, in the order of sending. */
  readonly answers: readonly ClientView[];
  /** Calls to whoever stands first in the chain. */
  readonly primary: readonly UpstreamAttempt[];
  readonly fallback: readonly UpstreamAttempt[];
  /** Connections to the fault server that were open when the case was over, idle ones included. */
  readonly connections: number;
  /** Whether the primary was told to fail. */
  readonly primaryFails: boolean;
  /** A healthy request afterwards; absent where none was asked for. */
  readonly probe?: ClientView | undefined;
}

export interface Check {
  readonly name: string;
  /** A required check that does not hold means `fail`; an advisory one means `partial`. */
  readonly level: 'required' | 'advisory';
  readonly holds: (seen: Observation) => boolean;
}

/** What a case that is more than one request has at hand. */
export interface Stage {
  readonly clock: Clock;
  /** Seconds since the case began. */
  elapsed(): number;
  /** Sends the case's request once more. */
  send(signal?: AbortSignal): Promise<ClientView>;
  /** Replaces what the providers do. */
  behave(faults: Faults): void;
  attempts(): readonly UpstreamAttempt[];
}

/** What a case's faults may depend on. */
interface Scene {
  /** Seconds since the case began. */
  elapsed(): number;
  /** The fault server's address. */
  readonly url: string;
}

/** A failure and what a router has to make of it. */
export interface FailureCase {
  /** `S08`; variants of a failure as `X01.cut`. */
  readonly id: string;
  readonly title: string;
  /** Seconds after which a request hangs. */
  readonly wall: number;
  /** The protocol in which the gateway is asked. Default `chat`. */
  readonly caller?: CallerProtocol | undefined;
  /** Default `bench`: the primary, then the fallback. */
  readonly model?: BenchModel | undefined;
  readonly faults: Faults | ((scene: Scene) => Faults);
  /** Overrides fields of the request's body. */
  readonly request?: JsonObject | undefined;
  /** The text of a right answer. Default: the healthy one. `null`: any. */
  readonly expected?: string | null | undefined;
  /** What the client should get. Default `answer`. */
  readonly ideal?: 'answer' | 'error' | undefined;
  /** Default: one request. */
  readonly play?: ((stage: Stage) => Promise<readonly ClientView[]>) | undefined;
  /** Asks for a healthy answer afterwards; it must come. */
  readonly probe?: boolean | undefined;
  /** Needs the machine's own time, so that the fast profile leaves it out. */
  readonly fullOnly?: string | undefined;
  readonly checks?: readonly Check[] | undefined;
}

/** Cases that are played one after the other. */
export interface Lane {
  readonly cases: readonly FailureCase[];
  /** One gateway meets them all and remembers. Otherwise each case meets a gateway of its own. */
  readonly remembers?: boolean | undefined;
  /** Nothing else runs beside it. */
  readonly alone?: boolean | undefined;
}
