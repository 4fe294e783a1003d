import type { Clock, Inbound, ServerContext } from '@signalbox/core';
import { measureNeeds } from './measure-needs.ts';

/** What a codec needs to answer a request that came over the wire. */
export function serverContextOf(
  inbound: Inbound,
  clock: Clock,
  createId: () => string,
  keepItem?: ServerContext['keepItem'],
): ServerContext {
  return new WireContext(inbound, clock, createId, keepItem);
}

/** A class: the engine keeps whatever a getter of an object literal can reach until it looks through all of its memory. */
class WireContext implements ServerContext {
  readonly model: string;
  readonly createId: () => string;
  readonly now: () => number;
  readonly keepItem: ServerContext['keepItem'];
  readonly #inbound: Inbound;

  constructor(inbound: Inbound, clock: Clock, createId: () => string, keepItem: ServerContext['keepItem']) {
    this.model = inbound.head.model ?? '';
    this.createId = createId;
    this.keepItem = keepItem;
    this.now = () => clock.now();
    this.#inbound = inbound;
  }

  /** Asked for only where a stream is encoded: there the request has been decoded anyway. */
  get includeUsage() {
    return this.#inbound.request().streamUsage;
  }

  get inputTokens() {
    return measureNeeds(this.#inbound.request()).inputTokens;
  }
}
