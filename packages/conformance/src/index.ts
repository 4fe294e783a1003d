// The public surface of @signalbox/conformance: the suites, what they take, and the framer for tests of one's own.
export { describeProvider, type ProviderFixtures } from './describe-provider.ts';
export { describeWireFormat } from './describe-wire-format.ts';
export { ERROR_NEIGHBOURS, type Lack, type WireFormatFixtures } from './fixtures.ts';
export { createTestFramer, framesOf, type TestFramer } from './framer.ts';
export type { Expectation, TestRunner } from './test-runner.ts';
