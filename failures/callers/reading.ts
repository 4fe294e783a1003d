import type { JsonObject } from '../../packages/core/src/index.ts';
import type { ClientError, ClientUsage } from '../client-view.ts';

/** What has been read of an answer. Written for the failures alone: it shares nothing with the codecs it judges. */
export interface Reading {
  text: string;
  readonly toolArguments: string[];
  model?: string | undefined;
  finishReason?: string | undefined;
  usage?: ClientUsage | undefined;
  error?: ClientError | undefined;
  malformedEvents: number;
  /** Events that break the protocol's own rules, as a strict client library would find them. */
  readonly violations: string[];
  /** The protocol's end mark came: nothing after it is read. */
  done: boolean;
}

export const createReading = (): Reading => ({
  text: '',
  toolArguments: [],
  malformedEvents: 0,
  violations: [],
  done: false,
});

/** One protocol that clients speak. */
export interface Protocol {
  readonly path: (model: string, stream: boolean) => string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: (model: string, prompt: string, stream: boolean) => JsonObject;
  /** Whether a stream is only whole where its end was told; otherwise the text alone counts. */
  readonly endsInFinish: boolean;
  /** Reads one stream. Gets each event's data, parsed. */
  readonly createEventReader: (reading: Reading) => (event: JsonObject) => void;
  /** Data that is an end mark and no JSON. */
  readonly endMark?: string | undefined;
  /** Reads a whole answer or an error's body. */
  readonly readWhole: (body: JsonObject, reading: Reading) => void;
}
