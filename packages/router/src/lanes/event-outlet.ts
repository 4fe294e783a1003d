import type {
  ModelResponse,
  ProviderError,
  RouterError,
  ServerContext,
  StreamEncoder,
  StreamEvent,
  WireFormat,
} from '@signalbox/core';

/** What comes out of an answer that is to be read before it is encoded. */
type OutletItem =
  | { readonly event: StreamEvent }
  | { readonly error: ProviderError | RouterError }
  /** A comment of the stream, as it stands on the wire. */
  | { readonly comment: string };

/** A caller's format that writes numbers in the place of answers, and the way back from them. */
export interface EventOutlet {
  /** To be put into the place of the caller's. The byte lane must be closed. */
  readonly format: WireFormat;
  /** What stands behind the bytes of a stream. */
  items(body: AsyncIterable<Uint8Array>): AsyncGenerator<OutletItem, void>;
  /** The answer behind the bytes of a whole one. */
  response(body: AsyncIterable<Uint8Array>): Promise<ModelResponse>;
  /** The caller's own encoder, for what goes on. */
  encoder(): StreamEncoder;
  encodeResponse(response: ModelResponse): Uint8Array;
}

/**
 * Opens an answer on its way to the caller's encoder: the engine's lanes, its cache and its continuations write into this one, whoever reads it has events, and encodes
 * what is left of them.
 */
export function createEventOutlet(format: WireFormat): EventOutlet {
  const kept = new Map<number, OutletItem>();
  let response: ModelResponse | undefined;
  let count = 0;
  let context: ServerContext | undefined;

  function keep(item: OutletItem): string {
    count += 1;
    kept.set(count, item);
    return `${count}\n`;
  }

  const known = () => {
    if (context === undefined) throw new Error('nothing was encoded yet');
    return context;
  };

  return {
    format: {
      ...format,
      server: {
        ...format.server,
        createStreamEncoder(own) {
          context = own;
          return { encode: (event) => keep({ event }), error: (error) => keep({ error }) };
        },
        encodeResponse(whole, own) {
          context = own;
          response = whole;
          return {};
        },
      },
    },
    async *items(body) {
      let text = '';
      for await (const chunk of body) {
        text += new TextDecoder().decode(chunk);
        const lines = text.split('\n');
        text = lines.pop() ?? '';
        for (const line of lines) {
          const item = line.startsWith(':') ? { comment: `${line}\n\n` } : kept.get(Number(line));
          kept.delete(Number(line));
          if (item !== undefined) yield item;
        }
      }
    },
    async response(body) {
      for await (const _ of body);
      if (response === undefined) throw new Error('the answer was empty');
      return response;
    },
    encoder: () => format.server.createStreamEncoder(known()),
    encodeResponse: (whole) => new TextEncoder().encode(JSON.stringify(format.server.encodeResponse(whole, known()))),
  };
}
