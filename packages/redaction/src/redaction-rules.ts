/** What one kind of secret or personal data looks like. Patterns are global, bounded in length, and never look further than they match. */
export interface RedactionRule {
  readonly pattern: RegExp;
  /** Whether a match is one in truth: check digits. Absent: every match is. */
  readonly isOne?: ((match: string) => boolean) | undefined;
}

/** Kinds that can be taken out, by the name that a configuration calls them by and that stands in their place. */
export const REDACTION_RULES = {
  /** API keys, tokens and private keys, by the prefixes that their issuers gave them so that scanners know them. */
  secrets: [
    // OpenAI, Anthropic, Signalbox and others; Stripe.
    { pattern: /\b(?:sk|rk|pk)[-_][A-Za-z0-9_-]{16,200}/g },
    // AWS access key ids.
    { pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
    // GitHub, GitLab, Slack, npm, Hugging Face.
    { pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{20,200}|github_pat_\w{20,200}|glpat-[\w-]{16,100})/g },
    { pattern: /\b(?:xox[abeprs]-[A-Za-z0-9-]{10,200}|npm_[A-Za-z0-9]{30,60}|hf_[A-Za-z0-9]{30,60})/g },
    // Google.
    { pattern: /\bAIza[\w-]{35}/g },
    // JSON Web Tokens.
    { pattern: /\beyJ[\w-]{8,2000}\.eyJ[\w-]{8,4000}\.[\w-]{8,2000}/g },
    // Private keys; the end may still be on its way.
    {
      pattern:
        /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----(?:[A-Za-z0-9+/=]|\\n|\s){0,8000}(?:-----END [A-Z ]{0,20}PRIVATE KEY-----)?/g,
    },
  ],
  email: [{ pattern: /\b[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}\b/g }],
  /** Numbers of payment cards. */
  card: [{ pattern: /\b\d(?:[ -]?\d){12,18}\b/g, isOne: (match) => passesLuhn(match.replace(/\D/g, '')) }],
  iban: [{ pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g, isOne: passesMod97 }],
  /** In the international form, with a plus. */
  phone: [{ pattern: /\+\d(?:[ ().-]{0,2}\d){7,14}\b/g }],
  /** Social security numbers of the United States. */
  ssn: [{ pattern: /\b(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}\b/g }],
} as const satisfies Readonly<Record<string, readonly RedactionRule[]>>;

/** A kind of secret or personal data that is recognised by its shape. */
export type RedactionKind = keyof typeof REDACTION_RULES;

/** All kinds that are recognised. */
export const REDACTION_KINDS = Object.keys(REDACTION_RULES) as readonly RedactionKind[];

/** ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0 && /[1-9]/.test(digits);
}

/** ISO 13616. */
function passesMod97(match: string): boolean {
  const iban = match.replaceAll(' ', '');
  let rest = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97;
  }
  return rest === 1;
}
