/** So much of a text's end is looked at for thanks. */
const END = 60;
const GREETING =
  /^\W{0,5}(?:(?:please|pls|plz|kindly|bitte|por favor|s'il (?:vous|te) pla[iî]t|(?:hi|hello|hey|hallo|hola|bonjour|salut)(?:\s{1,3}(?:there|all|team))?)[,!.]?\s+)+(?=\S)/i;
const THANKS =
  /[\s,]{1,4}(?:(?:many\s{1,3})?(?:thanks|thank you|thx|cheers)(?:\s{1,3}(?:in\s{1,3}advance|a\s{1,3}lot|so\s{1,3}much))?|please|pls|plz|danke|vielen dank|gracias|merci|bitte|por favor|s'il (?:vous|te) pla[iî]t)[.!\s]{0,4}$/i;

/** A prompt without please and thanks: they say nothing of the work. What consists of nothing else stays. */
export function withoutCourtesy(text: string): string {
  const kept = text.replace(GREETING, '');
  const thanks = THANKS.exec(kept.slice(-END));
  if (thanks === null) return kept;
  const without = kept.slice(0, kept.length - thanks[0].length);
  return without.trim() === '' ? kept : without;
}
