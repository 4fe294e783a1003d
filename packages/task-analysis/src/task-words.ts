/** Common words of tasks, which two swapped letters shall not hide. Words that are other words with two letters swapped stand in `OTHER_WORDS`. */
export const TASK_WORDS =
  'above according across active address adjunta admin again against ahead amount analyse analysis analyze ' +
  'ancient another answer apart application architect architecture argument arguments array article assets async ' +
  'asyncapi attached audit authentication author available average await backend banking basic batch become ' +
  'behaviour beschreibe better between billing billion birthday bitte blank board booking books boundaries branch ' +
  'brand brazil break broken bugs build building button buying cache caching calculate called capitalise caption ' +
  'cases cause cette chain change changed changelog changes chapter character chart check checkout choose churn ' +
  'class classes classify clean client cloud cluster code codebase collection colour colours columns command ' +
  'comment comments commit company compare complete completely component components compose compute condense ' +
  'config configuration conflict consistency consistent console const constant contents continue contract ' +
  'contributing controllers conversion convert converter correct corrige count country coupon cover coverage ' +
  'crash create cross current customer customers danke dares dashboard data database dataset dateien deadlock ' +
  'debug debugging decide decisions define definition delete delivery dependencies dependency depends deploy ' +
  'derive describe description design develop developers devices diagram dialog diese difference differences ' +
  'directory discussion distributed divided docker dockerfile docs docstring docstrings document documentation ' +
  'doing dollars domain double doubled downtime draft dutch einen election email empire endpoint endpoints engine ' +
  'englische english entire enumerate environment error errors escribe essay estimate evaluate event events ' +
  'every everything everywhere exactly excel exist explain export express extend extract failing failure fault ' +
  'feature fields figures file files first fixed flask folder folgenden follow footer formal format found ' +
  'framework french friends function functions funktion generate german gives global grammar graphql group ' +
  'grown guide haiku handle handling happens happy hashing heading hello highly history hooks house hundred ' +
  'hypothesis identify image images implement implementation import imports improvements include including indent ' +
  'index infrastructure install installation instead integral integrate integration interest interpret introduce ' +
  'invent invitation invoice italian japanese javascript json kotlin kubernetes kurze label labels large largest ' +
  'layer layers layout leader learn ledger legacy lenght length letter library limit limiter lines list lodash ' +
  'logic login lyrics machine maintainable manual markdown marketplace matrix meeting merci merge message method ' +
  'microservices migrate migration million minutes missing misspelled mistake mistakes mistyped model modern ' +
  'modernise modular module modules monolith monolithic month monthly morning muestra multi names naming network ' +
  'night nobody notes nothing novel number numbers object objects offers offline online openapi optimise optimize ' +
  'order orders outdated output overhaul overview ownership package packages pagination painted pandas paper ' +
  'paragraph parser party password patch patterns payload payment payroll people percent performance persistence ' +
  'person phone photo photos photosynthesis picture pictures pipeline platform please poem point points polish ' +
  'polite portuguese postgresql prepare price print println probability problem problems produce product products ' +
  'profile program project promises propose protocol prove provide punctuation python quality quarter quelle ' +
  'query queue quick rates react readable readings readme really recap recommend redesign reduce refactor regex ' +
  'region regions regression remove rename render reorganise repair replace replication reply report reporting ' +
  'repository request resilient resolution respond rest restructure result retries return returns revenue review ' +
  'reviewer reviews rework rewrite right river robot route router routes sales sample scalable scale scanned ' +
  'scene schema schreibe screenshot script scripts search second section security sensor sentence sentences ' +
  'server servers service services session sessions settings sharding short shows simple single slice slide small ' +
  'smart sobre solve something sort sorting sounds spaces spaghetti spanish specification speech spelled spelling ' +
  'split spreadsheet stack stand stands start state statements status steps stock store story strategy streaming ' +
  'strict string strings strip structure structured style subtitle sucess suggest summarise summarize summary ' +
  'sunset support survey swagger swift system systems table taken takes technical templates tenant terraform test ' +
  'tested tests texte thank thanks their things think thousands thread throttling through throughout throw tiene ' +
  'title toast tolerant tomorrow topics total tradeoffs traduce trailing train transcribe transcript ' +
  'translate translation trends tutorial typescript typo typos under unit unmaintainable untangle update upload ' +
  'users utils valid validates value values variable version visual warehouse weather weekly weigh welche whole ' +
  'without words works world write written wrong wrote yaml years';

/** What looks like a task word with two letters swapped and is none. */
export const OTHER_WORDS: ReadonlySet<string> = new Set(['diets', 'exits', 'flies', 'liens', 'sates', 'uint']);
