import { describeConfiguration, editorJsonSchema, renderConfiguration } from '@signalbox/config';
import { bundledProviders, providerTypes } from '../configuration/bundled-providers.ts';
import { checkConfiguration } from '../configuration/check-configuration.ts';
import { loadConfigurationHere } from '../configuration/load-router.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { say } from '../terminal/say.ts';

/** `signalbox config validate|show|schema`. */
export async function config(
  what: 'validate' | 'show' | 'schema',
  options: { config?: string | undefined; json?: boolean | undefined },
): Promise<number> {
  if (what === 'schema') {
    process.stdout.write(
      `${JSON.stringify(editorJsonSchema(Object.keys({ ...bundledProviders, ...providerTypes })), null, 2)}\n`,
    );
    return EXIT.success;
  }
  const loaded = await loadConfigurationHere(options);
  const warnings = [...loaded.warnings, ...(what === 'validate' ? await checkConfiguration(loaded) : [])];
  if (options.json === true) {
    const { files } = loaded;
    const shown = what === 'show' ? describeConfiguration(loaded) : { valid: true, files, warnings };
    process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
    return EXIT.success;
  }
  for (const warning of warnings) say(`warning: ${warning}`);
  if (what === 'show') process.stdout.write(renderConfiguration(loaded));
  else {
    const files = loaded.files.length === 0 ? 'no file found, defaults apply' : loaded.files.join(', ');
    process.stdout.write(`valid: ${files}\n`);
  }
  return EXIT.success;
}
