import { estimateTokensOfAll, type ModelRequest, type Needs, type Part } from '@signalbox/core';

/** What media cost in tokens where nobody has counted: rough figures, of the order of what the vendors document. */
const IMAGE_TOKENS = 1_000;
const DOCUMENT_TOKENS = 3_000;
const AUDIO_TOKENS = 1_000;
/** Role markers and separators around a message, and the frame around a tool. */
const MESSAGE_TOKENS = 4;
const TOOL_TOKENS = 8;

/** What is found out about a request in one walk through its parts. */
interface Found {
  vision: boolean;
  pdf: boolean;
  audio: boolean;
  /** Tokens of what is no text. */
  tokens: number;
  readonly texts: string[];
}

/** The choice, the money and the head of a stream ask in turn: 94 KB of Claude Code's take 115 us. */
const measured = new WeakMap<ModelRequest, Needs>();

/** What a request needs from a model, read off the request: once for each. */
export function measureNeeds(request: ModelRequest): Needs {
  let needs = measured.get(request);
  if (needs === undefined) {
    needs = readNeeds(request);
    measured.set(request, needs);
  }
  return needs;
}

function readNeeds(request: ModelRequest): Needs {
  const found: Found = { vision: false, pdf: false, audio: false, tokens: 0, texts: [] };
  for (const part of request.system) found.texts.push(part.text);
  for (const message of request.messages) {
    found.tokens += MESSAGE_TOKENS;
    for (const part of message.parts) measurePart(part, found);
  }
  for (const tool of request.tools ?? []) {
    found.tokens += TOOL_TOKENS;
    found.texts.push(JSON.stringify(tool));
  }
  if (request.output?.type === 'json-schema') found.texts.push(JSON.stringify(request.output.schema));
  const { vision, pdf, audio, tokens, texts } = found;
  return {
    // A search that the provider runs is no tool that the model must be able to call.
    tools: request.tools?.some((tool) => tool.type !== 'opaque' || tool.webSearch === undefined) === true,
    vision,
    pdf,
    audio,
    jsonSchema: request.output?.type === 'json-schema',
    inputTokens: tokens + estimateTokensOfAll(texts),
    maxOutputTokens: request.maxOutputTokens,
  };
}

function measurePart(part: Part, found: Found): void {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      found.texts.push(part.text);
      break;
    case 'image':
      found.vision = true;
      found.tokens += IMAGE_TOKENS;
      break;
    case 'document':
      if (part.source.kind === 'text') {
        found.texts.push(part.source.text);
        break;
      }
      found.pdf = true;
      found.tokens += DOCUMENT_TOKENS;
      break;
    case 'audio':
    case 'video':
      found.audio = true;
      found.tokens += AUDIO_TOKENS;
      break;
    case 'tool-call':
      found.tokens += MESSAGE_TOKENS;
      found.texts.push(part.name, part.arguments);
      break;
    case 'tool-result':
      found.tokens += MESSAGE_TOKENS;
      for (const inner of part.content) measurePart(inner, found);
      break;
    case 'opaque':
      if (!part.restated) found.texts.push(JSON.stringify(part.value));
      break;
  }
}
