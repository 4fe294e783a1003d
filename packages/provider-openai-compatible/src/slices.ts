import type { CatalogSlice } from '@signalbox/core';
import cerebras from './catalog/cerebras.json' with { type: 'json' };
import deepseek from './catalog/deepseek.json' with { type: 'json' };
import groq from './catalog/groq.json' with { type: 'json' };
import mistral from './catalog/mistral.json' with { type: 'json' };
import moonshot from './catalog/moonshot.json' with { type: 'json' };
import perplexity from './catalog/perplexity.json' with { type: 'json' };
import qwen from './catalog/qwen.json' with { type: 'json' };
import together from './catalog/together.json' with { type: 'json' };
import xai from './catalog/xai.json' with { type: 'json' };
import zai from './catalog/zai.json' with { type: 'json' };

/** Catalogue slices by preset; `npm run catalog:refresh` writes the files. */
const SLICES = { cerebras, deepseek, groq, mistral, moonshot, perplexity, qwen, together, xai, zai };

/** Nothing is listed: names of models are taken as they come. */
const NO_MODELS: CatalogSlice = { generated: '', sources: {}, models: [], aliases: {} };

/** What is known of a preset's models. */
export function sliceOf(id: string): CatalogSlice {
  return Object.hasOwn(SLICES, id) ? (SLICES[id as keyof typeof SLICES] as CatalogSlice) : NO_MODELS;
}
