import { z } from 'zod';

const origin = z.string().refine(isOrigin, { error: 'expected an origin such as https://app.example.com' });

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

export const gatewaySection = z
  .strictObject({
    count_tokens: z
      .enum(['estimate', 'exact'])
      .optional()
      .describe('Where a provider counts no tokens: estimate them (marked), or answer 501 (exact). Default estimate.'),
    mode: z
      .enum(['quality', 'balanced', 'speed'])
      .optional()
      .describe('Routed requests get the model and sampling of quality_mode, balanced_mode or speed_mode.'),
    cors_origins: z
      .array(origin)
      .optional()
      .describe('Origins of web pages that may call the gateway, with a key. Default none.'),
  })
  .describe('The gateway for other programs.');
