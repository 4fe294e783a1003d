import { climb } from './climb.ts';
import { FORMATS } from './formats.ts';
import { PackError, readPack } from './pack.ts';
import type { Report } from './report.ts';

/**
 * Climbs the ladder over a folder of recorded exchanges. `only` is `PROVIDER/ENDPOINT` or one of the two. Throws PackError.
 *
 * @example
 * ```ts
 * reportText(climbPack('recordings', 'openai/openai.chat'), false);
 * ```
 */
export function climbPack(folder: string, only?: string): Report {
  const { exchanges } = readPack(folder);
  const wanted = exchanges.filter(({ provider, endpoint }) => {
    return only === undefined || [provider, endpoint, `${provider}/${endpoint}`].includes(only);
  });
  if (wanted.length === 0) throw new PackError(`${folder} holds no exchange of ${only}.`);
  const skipped = new Map<string, number>();
  const climbs = wanted.flatMap((exchange) => {
    const recorded = FORMATS.find((one) => one.endpoint === exchange.endpoint);
    if (recorded !== undefined) return [climb(exchange, recorded, FORMATS)];
    const name = `${exchange.provider}/${exchange.endpoint}`;
    skipped.set(name, (skipped.get(name) ?? 0) + 1);
    return [];
  });
  return { climbs, skipped };
}
