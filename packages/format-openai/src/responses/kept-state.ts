import {
  asArray,
  asObject,
  asString,
  type JsonObject,
  type KeptState,
  type Part,
  type StreamEvent,
} from '@signalbox/core';
import { itemFields, ownFields } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';

/** What only requests hold that bring back something of a provider's: found in the bytes, before anybody parses them. */
const MARKS = ['"encrypted_content"', '"item_reference"', '"file_id"', '"rs_'].map((mark) => Buffer.from(mark));

/** Characters of an encrypted text that tell it from all others: it ends in a digest of itself. */
const PROOF_LENGTH = 48;

/** What providers of this format give out with an answer, and what callers bring back of it. */
export const keptState: KeptState = {
  mayBring(body) {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    return MARKS.some((mark) => bytes.includes(mark));
  },
  nameOf,
  issuedBy(event) {
    switch (event.type) {
      case 'text-extension':
        return [...idOf(event.extensions), ...annotated(ownFields(event.extensions))];
      case 'reasoning-signature': {
        const proof = event.encrypted?.value;
        return [...idOf(event.extensions), ...(proof === undefined ? [] : [proofName(proof)])];
      }
      case 'tool-call-start':
        return idOf(event.extensions);
      case 'opaque-part':
        return event.part.format === FORMAT_ID ? idsIn(event.part.value) : NOTHING;
      case 'finish':
        return conversationOf(event);
      default:
        return NOTHING;
    }
  },
};

const NOTHING: readonly string[] = [];

function nameOf(part: Part): ReturnType<KeptState['nameOf']> {
  switch (part.type) {
    case 'reasoning': {
      const proof = part.encrypted?.issuer === FORMAT_ID ? part.encrypted.value : undefined;
      if (proof !== undefined) return { name: proofName(proof) };
      const id = asString(itemFields(part.extensions)?.id);
      return part.encrypted === undefined && id !== undefined ? { name: id } : undefined;
    }
    case 'image':
    case 'document': {
      const { source } = part;
      if (source.kind !== 'file' || source.owner !== FORMAT_ID) return undefined;
      return { name: source.fileId, parameter: 'input.file_id' };
    }
    case 'opaque': {
      const id =
        part.format === FORMAT_ID && part.value.type === 'item_reference' ? asString(part.value.id) : undefined;
      return id === undefined ? undefined : { name: id, parameter: 'input.item_reference' };
    }
    default:
      return undefined;
  }
}

function proofName(proof: string): string {
  return proof.slice(-PROOF_LENGTH);
}

/** The id of the item that a part belongs to. */
function idOf(extensions: Parameters<typeof ownFields>[0]): readonly string[] {
  const id = asString(itemFields(extensions)?.id) ?? asString(ownFields(extensions).id);
  return id === undefined ? NOTHING : [id];
}

/** Files that annotations name. */
function annotated({ annotations }: ReturnType<typeof ownFields>): readonly string[] {
  return annotations === undefined ? NOTHING : asArray(annotations).flatMap((entry) => idsIn(asObject(entry) ?? {}));
}

function idsIn({ id, file_id, container_id }: JsonObject): readonly string[] {
  return [id, file_id, container_id].filter((one) => typeof one === 'string');
}

function conversationOf({ extensions }: Extract<StreamEvent, { type: 'finish' }>): readonly string[] {
  const { conversation } = ownFields(extensions);
  return idsIn(asObject(conversation) ?? { id: conversation });
}
