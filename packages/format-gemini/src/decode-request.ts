import { fieldOf, invalidField, isJsonObject, type JsonObject, type ModelRequest } from '@signalbox/core';
import { decodeContents, decodeSystem } from './decode-contents.ts';
import { decodeGenerationConfig } from './decode-generation-config.ts';
import { decodeToolConfig, decodeTools } from './decode-tools.ts';
import { readFields } from './field-reader.ts';
import { GEMINI } from './gemini-id.ts';
import { decodeMediaResolution } from './media-resolution.ts';
import { readPath } from './request-path.ts';

type Draft = { -readonly [Key in keyof ModelRequest]: ModelRequest[Key] };

/**
 * Reads the body of `generateContent`, `streamGenerateContent` or `countTokens`, in camelCase or snake_case. Throws RouterError
 * `invalid-request` with the field's name.
 */
export function decodeRequest(written: unknown, path: string): ModelRequest {
  if (!isJsonObject(written)) throw invalidField('body', 'a JSON object');
  // What is to be counted with all that goes along is wrapped: `countTokens` alone takes this.
  const wrapped = fieldOf(written, 'generateContentRequest', 'generate_content_request');
  const body = written.contents === undefined && isJsonObject(wrapped) ? wrapped : written;
  const fields = readFields(body, '', invalidField);
  const target = readPath(path);
  const contents = fields.array('contents');
  if (contents === undefined) throw invalidField('contents', 'an array: it is missing');
  const request: Draft = {
    system: decodeSystem(fields.value('systemInstruction')),
    messages: decodeContents(contents),
  };
  const model = target?.model ?? fields.string('model')?.replace(/^models\//, '');
  // Some libraries repeat in the body what stands in the path.
  fields.value('model');
  if (model !== undefined) request.model = model;
  if (target?.stream === true) request.stream = true;
  const tools = fields.array('tools');
  if (tools !== undefined && tools.length > 0) request.tools = decodeTools(tools);
  const own: JsonObject = {};
  const toolConfig = fields.object('toolConfig');
  if (toolConfig !== undefined) {
    const { choice, rest } = decodeToolConfig(toolConfig);
    if (choice !== undefined) request.toolChoice = choice;
    if (rest !== undefined) own.toolConfig = rest;
  }
  const config = fields.object('generationConfig');
  if (config !== undefined) {
    const decoded = decodeGenerationConfig(config);
    Object.assign(request, decoded.fields);
    const { mediaResolution, ...rest } = decoded.rest ?? {};
    const messages = decodeMediaResolution(request.messages, mediaResolution);
    if (messages !== undefined) request.messages = messages;
    const left = messages === undefined ? decoded.rest : rest;
    if (left !== undefined && Object.keys(left).length > 0) own.generationConfig = left;
  }
  const tier = fields.value('serviceTier');
  if (typeof tier === 'string') request.serviceTier = tier.toLowerCase();
  else if (tier !== undefined) own.serviceTier = tier;
  const cached = fields.value('cachedContent');
  if (cached !== undefined && cached !== '') {
    own.cachedContent = cached;
    // Google keeps the beginning of the prompt in it: instruction, tools, files.
    request.serverState = { format: GEMINI, parameter: 'cachedContent' };
  }
  Object.assign(own, fields.rest());
  if (Object.keys(own).length > 0) request.extensions = { [GEMINI]: own };
  return request;
}
