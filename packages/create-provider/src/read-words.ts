import { parseArgs } from 'node:util';
import { type ProviderRequest, providerRequest } from './provider-request.ts';

/** What the words of a command that writes a provider ask for: the provider, its help, or nothing that can be done. */
export type WordsRead =
  | { readonly request: ProviderRequest; readonly folder: string | undefined }
  | { readonly help: string }
  | { readonly problem: string };

/** Reads them. `folder` is what the option is called that says where to; `help` is told beside what is wrong with the words themselves. */
export function readWords(words: readonly string[], folder: string, help: string): WordsRead {
  const parsed = parse(words, folder);
  if ('problem' in parsed) return { problem: `${parsed.problem}\n\n${help}` };
  const { values, positionals } = parsed;
  if (values.help === true) return { help };
  const [name, ...rest] = positionals;
  if (name === undefined || rest.length > 0)
    return { problem: `expected one name, found ${positionals.length}\n\n${help}` };
  const request = providerRequest({ name, format: values.format, endpoint: values.endpoint });
  return 'problem' in request ? request : { request, folder: (values as Record<string, string | undefined>)[folder] };
}

function parse(words: readonly string[], folder: string) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        format: { type: 'string' },
        endpoint: { type: 'string' },
        help: { type: 'boolean', default: false, short: 'h' },
        [folder]: { type: 'string' },
      },
    });
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
