// The public surface of @signalbox/simulator: what is not named here is not an API.
export type { BadUsage, Behaviour, EventLayout, SimulatedFinish, WantedToolCall } from './behaviour.ts';
export { parseDirective } from './directive.ts';
export type { ErrorName } from './error-answer.ts';
export { createSimulatorHandler, type SimulatorHandler, type SimulatorHandlerOptions } from './handler.ts';
export type { LoggedRequest } from './request-log.ts';
export type { ScriptCondition, ScriptRule, SimulatedCall } from './script.ts';
export { type Simulator, type SimulatorOptions, startSimulator } from './server.ts';
export type { SimulatedFormatId } from './simulated-request.ts';
