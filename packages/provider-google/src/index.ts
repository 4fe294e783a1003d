// The public surface of @signalbox/provider-google.
export { createGoogle, google } from './google.ts';
