// The public surface of @signalbox/setup.
export { type ConnectOptions, connectProviders, definitionOf } from './connect-providers.ts';
export type { ModelScriptOptions } from './model-script.ts';
export type { Resolver } from './resolve-model.ts';
export { type ReadyRouter, type SetupOptions, setupRouter } from './setup-router.ts';
