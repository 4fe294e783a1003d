/** Words that are counted together. They set prompts of one family apart: of school maths, say, those of many shares and rates. */
export interface WordGroup {
  readonly name: string;
  /** In lower case, each a run of letters. */
  readonly words: string;
}

/** Counted wherever they stand. */
export const TEXT_WORDS: readonly WordGroup[] = [
  { name: 'not', words: 'not except least false incorrect never' },
  { name: 'most', words: 'most best likely primarily mainly' },
  { name: 'following', words: 'following' },
  { name: 'statement', words: 'statement statements' },
  { name: 'each', words: 'each every per apiece' },
  { name: 'times', words: 'twice times double triple thrice' },
  { name: 'half', words: 'half third quarter fifth thirds quarters' },
  { name: 'percent', words: 'percent percentage' },
  { name: 'more', words: 'more less fewer than older younger' },
  { name: 'left', words: 'left remain remains remaining rest total altogether combined' },
  { name: 'if', words: 'if when then' },
  {
    name: 'units',
    words:
      'hour hours minute minutes day days week weeks month months year years mile miles feet inches pound pounds ounces dollar dollars cent cents gallon gallons meter meters km kg',
  },
  { name: 'chance', words: 'probability probabilities random randomly dice die coin coins' },
  { name: 'shapes', words: 'triangle circle angle angles square radius sphere' },
  { name: 'integers', words: 'integer integers' },
  { name: 'polynomials', words: 'polynomial polynomials root roots' },
  { name: 'ways', words: 'ways many' },
  { name: 'real', words: 'real' },
  { name: 'sum', words: 'sum' },
  { name: 'function', words: 'function functions' },
  { name: 'let', words: 'let suppose' },
  { name: 'extremes', words: 'maximum minimum largest smallest greatest' },
  { name: 'prove', words: 'prove show' },
  { name: 'find', words: 'compute evaluate find determine calculate' },
  { name: 'digits', words: 'digit digits' },
  { name: 'divisors', words: 'divisible remainder mod divisor divisors factors' },
];

/** Counted in code alone. */
export const CODE_WORDS: readonly WordGroup[] = [
  { name: 'for', words: 'for' },
  { name: 'while', words: 'while' },
  { name: 'branches', words: 'if elif else' },
  { name: 'return', words: 'return' },
  { name: 'append', words: 'append' },
  { name: 'replace', words: 'replace' },
  { name: 'split', words: 'split' },
  { name: 'join', words: 'join' },
  { name: 'sort', words: 'sort sorted' },
  { name: 'pop', words: 'pop' },
  { name: 'search', words: 'index find count' },
  { name: 'strip', words: 'strip lstrip rstrip' },
  { name: 'case', words: 'upper lower swapcase title capitalize' },
  { name: 'tests of text', words: 'isdigit isalpha isupper islower isalnum isspace isnumeric' },
  { name: 'mappings', words: 'dict items keys values' },
  { name: 'ranges', words: 'enumerate range len' },
  { name: 'lambda', words: 'lambda' },
  { name: 'padding', words: 'rjust ljust center zfill' },
  { name: 'insert', words: 'insert remove' },
  { name: 'partition', words: 'partition rpartition' },
  { name: 'affixes', words: 'startswith endswith' },
  { name: 'characters', words: 'encode ord chr' },
  { name: 'leaving', words: 'break continue' },
];
