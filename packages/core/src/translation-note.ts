/** What became of one field of a request in another format. */
export interface TranslationNote {
  /** Where it stood, e.g. `messages[3].parts[0].cache`. */
  readonly field: string;
  readonly action: 'mapped' | 'approximated' | 'dropped';
  /** Why, in a few words. */
  readonly reason: string;
}
