/** Common words of tasks, which two swapped letters shall not hide. Words that are other words with two letters swapped stand in `OTHER_WORDS`. */
export const TASK_WORDS =
  'across address again analyse analyze answer application architecture array article asyncapi attached ' +
  'audit authentication available average backend become between birthday boundaries break broken bugs ' +
  'build building button cache caching called caption cause change changelog changes chart check class ' +
  'clean client code codebase command comment comments commit company compare complete component ' +
  'compose config consistency consistent constant contents continue contract contributing convert ' +
  'correct count cover crash create customer customers data database dataset debug debugging decide ' +
  'define definition delete delivery deploy derive describe description design develop diagram ' +
  'difference directory distributed docker docs docstring docstrings document documentation domain ' +
  'draft email endpoint endpoints engine english entire error errors essay evaluate events every ' +
  'everywhere exist explain export express extract feature fields file files first fixed folder format ' +
  'french function functions generate german gives global grammar graphql grown guide haiku handling ' +
  'heading hello house hypothesis image images implement import imports including infrastructure ' +
  'install integration interest interpret japanese javascript json kotlin kubernetes label large layer ' +
  'layout legacy length letter library lines list login lyrics machine manual markdown meeting message ' +
  'microservices migrate migration million missing misspelled model modern modernise modular module ' +
  'modules monolith monolithic month multi names network night nobody notes novel number numbers object ' +
  'offline online openapi optimise optimize order orders output overhaul package packages pandas ' +
  'paragraph parser party password patch patterns people percent photo photos picture platform please ' +
  'poem prepare price print problems produce product products profile project propose protocol prove ' +
  'python query queue quick rates react readable readme recap redesign refactor regex regions remove ' +
  'rename repair replace replication report reporting repository request rest restructure return ' +
  'revenue review rewrite right routes scalable scale schema screenshot script scripts search second ' +
  'security sentence server service services settings sharding short simple small solve sort spanish ' +
  'specification speech spelled spelling split spreadsheet state statements store story strategy ' +
  'structure suggest summarise summarize summary support swagger system table technical terraform test ' +
  'tested tests thank thanks their think through title tolerant total tradeoffs translate translation ' +
  'typescript typo typos under unit untangle update upload users utils valid validates values variable ' +
  'version visual whole without works world write wrong yaml years';

/** What looks like a task word with two letters swapped and is none. */
export const OTHER_WORDS: ReadonlySet<string> = new Set(['flies', 'liens', 'diets', 'sates', 'paris', 'causal', 'tow']);
