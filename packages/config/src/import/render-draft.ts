import { Document, isMap, type Pair, type Scalar } from 'yaml';
import type { Draft, DraftProvider } from './imported.ts';

const ORDER = ['router', 'providers', 'routing', 'models', 'fallback', 'retry', 'caching', 'budget'];

const REMARKS: Readonly<Record<string, string>> = {
  providers: ' Keys come from the environment or from .env, never from this file.',
  routing: ' Who answers: docs/routing.md.',
  models: ' Names that callers use, and what they mean.',
  fallback: ' After a model that was named by hand.',
  retry: ' Attempts at one model, and how long each may take.',
  caching: ' Answers to identical requests: docs/caching.md.',
  budget: ' Dollars: docs/budgets.md.',
};

/** The text of a draft: YAML, with a remark over each section. */
export function renderDraft(draft: Draft, title: string): string {
  const sections: Record<string, unknown> = { ...draft.sections };
  sections.providers = Object.fromEntries([...draft.providers].map(([name, one]) => [name, providerBlock(one)]));
  const names = [...new Set([...ORDER, ...Object.keys(sections)])].filter((name) => sections[name] !== undefined);
  const document = new Document(Object.fromEntries(names.map((name) => [name, sections[name]])));
  document.commentBefore = title;
  if (isMap(document.contents)) {
    for (const [index, pair] of (document.contents.items as Pair<Scalar<string>>[]).entries()) {
      pair.key.spaceBefore = index > 0;
      const remark = REMARKS[pair.key.value];
      if (remark !== undefined) pair.key.commentBefore = remark;
    }
  }
  return document.toString({ lineWidth: 0 });
}

function providerBlock(provider: DraftProvider): Record<string, unknown> {
  const keys = [...provider.keyVariables].map((name) => `\${${name}}`);
  const models = [...provider.models];
  const plain = models.every(([, settings]) => settings === undefined);
  const listed = plain
    ? models.map(([name]) => name)
    : models.map(([name, settings]) => (settings === undefined ? name : { name, ...settings }));
  const block = {
    type: provider.type,
    endpoint: provider.endpoint,
    api_key: keys.length === 1 ? keys[0] : undefined,
    api_keys: keys.length > 1 ? keys : undefined,
    headers: provider.headers,
    models: provider.everyModel === true || listed.length === 0 ? undefined : listed,
    default: provider.default,
  };
  return Object.fromEntries(Object.entries(block).filter(([, value]) => value !== undefined));
}
