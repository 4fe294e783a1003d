import type { ModelRequest } from './model-request.ts';
import type { RequestBytes } from './request-bytes.ts';
import type { RequestHead, WireFormat } from './wire-format.ts';

/**
 * A request as it reached us. The canonical form is made by whoever first needs it: an exact model on the byte lane never
 * does.
 */
export interface Inbound {
  /** Absent when the caller is a program that built a ModelRequest. */
  readonly wire?:
    | {
        readonly format: WireFormat;
        readonly body: RequestBytes;
        readonly path: string;
        readonly headers: Readonly<Record<string, string>>;
        /** The caller's own credential for a provider of this format, where it shows one: headers by name in lower case. */
        readonly credentials?: Readonly<Record<string, string>> | undefined;
      }
    | undefined;
  readonly head: RequestHead;
  /** The bytes are not what is to be sent, or the answer's not what is to be given back: the byte lane is closed. */
  readonly mustDecode?: boolean | undefined;
  /** The canonical request; decoded at the first call. Throws RouterError `invalid-request`. */
  request(): ModelRequest;
  /** Lets go of the canonical request: its caller's bytes go out, and nobody needs more of it unless they fail. Who asks again has it decoded anew. */
  forget?(): void;
}

/** An inbound from a canonical request. */
export function inboundFromRequest(request: ModelRequest): Inbound {
  return { head: { model: request.model, stream: request.stream ?? false }, request: () => request };
}
