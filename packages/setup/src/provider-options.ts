import type { ProviderConfiguration } from '@signalbox/config';
import { type ProviderDefinition, RouterError } from '@signalbox/core';

/**
 * The options of one provider, checked by the provider's own schema: an unknown key is an error for them too. Throws RouterError
 * `configuration`.
 */
export async function checkedOptions(
  definition: ProviderDefinition,
  configuration: ProviderConfiguration | undefined,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const options = configuration?.options;
  if (configuration === undefined || options === undefined || Object.keys(options).length === 0) return undefined;
  const where = `providers.${configuration.id}.options (${configuration.definedIn})`;
  if (definition.optionsSchema === undefined) {
    throw new RouterError({ kind: 'configuration', message: `${where}: ${definition.displayName} takes no options.` });
  }
  const result = await definition.optionsSchema['~standard'].validate(options);
  if (result.issues === undefined) return result.value as Readonly<Record<string, unknown>>;
  const issues = result.issues.map((issue) => {
    const path = (issue.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)).join('.');
    return path === '' ? issue.message : `${path}: ${issue.message}`;
  });
  throw new RouterError({ kind: 'configuration', message: `${where}: ${issues.join('; ')}.` });
}
