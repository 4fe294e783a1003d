// The public surface of @signalbox/redaction.

export { createRedaction, type Redaction, type RedactionOptions } from './create-redaction.ts';
export { mapRequestText } from './map-request-text.ts';
export { REDACTION_KINDS, REDACTION_RULES, type RedactionKind, type RedactionRule } from './redaction-rules.ts';
