import type { Sampler } from '@opentelemetry/sdk-trace';

type Samplers = Pick<
  typeof import('@opentelemetry/sdk-trace'),
  'AlwaysOffSampler' | 'AlwaysOnSampler' | 'ParentBasedSampler' | 'TraceIdRatioBasedSampler'
>;

const BY_PARENT = 'parentbased_';
const DEFAULT = 'parentbased_always_on';

/**
 * Which traces are kept, by `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`: the library leaves reading them to programs
 * (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/). What is not understood is told of, and the default holds, which keeps all but those that the
 * caller does not.
 */
export function samplerOf(env: NodeJS.ProcessEnv, samplers: Samplers, onFault: (sentence: string) => void): Sampler {
  const name = env.OTEL_TRACES_SAMPLER?.trim().toLowerCase() || DEFAULT;
  const byParent = name.startsWith(BY_PARENT);
  const root = rootSampler(
    byParent ? name.slice(BY_PARENT.length) : name,
    env.OTEL_TRACES_SAMPLER_ARG,
    samplers,
    onFault,
  );
  if (root !== undefined) return byParent ? new samplers.ParentBasedSampler({ root }) : root;
  onFault(
    `OTEL_TRACES_SAMPLER: "${name}" is not known here: use always_on, always_off or traceidratio, or one of these with "${BY_PARENT}" before it. All traces are kept.`,
  );
  return new samplers.ParentBasedSampler({ root: new samplers.AlwaysOnSampler() });
}

function rootSampler(
  name: string,
  argument: string | undefined,
  { AlwaysOffSampler, AlwaysOnSampler, TraceIdRatioBasedSampler }: Samplers,
  onFault: (sentence: string) => void,
): Sampler | undefined {
  if (name === 'always_on') return new AlwaysOnSampler();
  if (name === 'always_off') return new AlwaysOffSampler();
  if (name !== 'traceidratio') return undefined;
  const share = argument === undefined || argument.trim() === '' ? 1 : Number(argument);
  if (share >= 0 && share <= 1) return new TraceIdRatioBasedSampler(share);
  onFault(`OTEL_TRACES_SAMPLER_ARG: "${argument}" is no share from 0 to 1, such as 0.1. All traces are kept.`);
  return new TraceIdRatioBasedSampler(1);
}
