/** Words that speak for something, as a person would list them. How much they count is learned. */
export interface WordCue {
  readonly name: string;
  /** In lower case. Linear: no nested repetition. Each alternative begins where a word does, or all of the pattern where the text does (`^`). */
  readonly pattern: RegExp;
}

/**
 * Words for kinds of task and for the size of work. They are cues beside the hashed words: they carry what few examples can't teach (that "swagger"
 * is like "OpenAPI"). A new word takes a run of `npm run routing:train`.
 */
export const TASK_LEXICON: readonly WordCue[] = [
  {
    name: 'translation',
    pattern:
      /\btranslat|\blocali[sz]e\b|übersetz|\btradui|\btraduce|\bhow do you say\b|\b(?:in|into|to) (?:english|french|german|spanish|italian|portuguese|dutch|polish|russian|chinese|japanese|korean|arabic|hindi|turkish|swedish|latin|greek)\b|翻译|翻訳|译成|\bwie sagt man|\bcómo se dice|\bcomment dit-on|\b(?:auf|ins) (?:englisch|deutsch|französisch|spanisch)|\bal (?:inglés|alemán|francés)|\ben (?:anglais|allemand|espagnol)\b|перев(?:еди|ести|ед|од)|번역(?:해|하|을|문)|ترجم|अनुवाद|\btradu(?:z|ci|zi)|\bprzetłumacz|\btłumacz|\bvertaal|翻成|译为|译文|英訳|和訳|訳して|英語に|日本語に|\bauf (?:englisch|deutsch)|\b(?:russian|french|german|spanish|italian|dutch|japanese|korean|chinese|polish|arabic|greek|swedish|english) (?:for|to|into|word)\b|\bal (?:inglés|español|alemán)|на (?:английский|французский|немецкий|русский)|到英文|成英文|成中文|成法语|영어로|한국어로|일본어로|بالفرنسية|إلى الإنجليزية|अंग्रेज़ी में|\bjak (?:jest|się mówi) po\b|\bpo (?:angielsku|niemiecku|polsku)\b|по-(?:английски|русски|немецки)|英語で|日本語で/,
  },
  {
    name: 'summary',
    pattern:
      /\bsummar|\btl;?dr\b|\bkey points|\btakeaways?\b|\bgist\b|\bcondense|\brecap\b|\bboil (?:this|it|that) down|\bsum (?:up|this up|it up)|\bshorten\b|\babstract of|总结|概括|摘要|要約|要点|まとめ|\bzusammenfass|\bfass(?:e|t)? .{0,80}\bzusammen\b|\bkernaussagen|\bresumen\b|\bresume (?:el|la|los|las|est|lo)|\bresumir|\bpuntos clave|résum|\bpoints clés|\bin a nutshell|\bmain points|\bmeeting minutes|\bminutes with|\bhighlights\b|\bcondense|\blong story short|перескаж|краткое|кратко |обобщи|요약해|간추려|لخص|ملخص|सारांश|\bresum[ao]\b|\briassum|\briassunto|\bsintetizza|\bkurzfassung|归纳|梗概|大意|\bbriefly what|\bin (?:three|two|five|four|ten|one|\d{1,2}) (?:sentences?|words|bullets?|lines)|\bwhat did i miss|\bessentials of|\bin stichworten|\ben (?:trois|dix|cinq|deux) (?:lignes|phrases)|\ben un párrafo|\ben (?:tres|cinco) (?:frases|puntos)|三句话|要点を|以内で|кратко |\bpodsumuj|\bstreść|\bthe essence|三行で|\bin kürze\b/,
  },
  {
    name: 'structured output',
    pattern:
      /\bjson\b(?!\()|\bopenapi\b|\bswagger\b|\byaml\b|\bcsv\b|\bxml\b|\bprotobuf\b|\bgraphql schema|\bavro\b|\bapi (?:spec|contract|definition|description)|\bjson schema|\bmachine-readable|\bstructured (?:output|format|data|table)|\bkey-value|\btoml\b|\bnamed entit|\bentity recognition|\bextract (?:all|the|every|each|any)|\bcomma-separated|\btab-separated|\btriples\b|\bkey: value|\bfill (?:in |out )?(?:this|the) (?:template|form)|извлеки|추출해|استخرج|提取|抽出|\bextrahier|\bextra(?:e|is|ire|er) /,
  },
  {
    name: 'review',
    pattern:
      /\b(?:code |peer )?review|\baudit\b|\bcritique|\bfeedback on|\bpull request|\bmy pr\b|\bthis pr\b|\bthe diff\b|\bthis diff\b|\bfind (?:the |any )?(?:bugs?|issues?|problems?|flaws?)|\b(?:look|go) (?:over|through)|\bbest practices|\bwhat could go wrong|\banything wrong|\bspot (?:issues|bugs|problems)|\bproofread|\bcheck (?:this|my|the) (?:code|implementation|function|patch|changes)|审查|代码有没有|コードレビュー|レビュー|überprüf|\bprüfe\b|\brevisa(?:r)?\b|\brelis\b|\brelire|\bthread-safe|\bcode smell|\bvulnerab|\bcritici[sz]e|\blgtm\b|\bsecurity (?:holes?|problems?|issues?)|ревью|코드 리뷰|리뷰해|有没有问题|有没有性能|检查这段|\brace conditions?|\bmemory leaks?|\bdeadlock|\boff-by-one|\bspot the\b|\bnitpick|\bsanity check|\bthread ?safe|\bsecurity (?:check|audit)|\bbackwards? compat|\bschwachstelle|\bfailles? de|\bcondición de carrera|竞态|漏洞|脆弱性|утечк|уязвим|\bbłędy w|\bwould you (?:approve|merge)\b|\bpatch\b/,
  },
  {
    name: 'documentation',
    pattern:
      /\bdocument(?:ation|s|ing)?\b|\bdocs\b|\bdocstrings?|\breadme|\bchangelog|\bjsdoc|\bjavadoc|\btutorial|\b(?:user|setup|onboarding) guide|\brelease notes|\bman page|\bwiki\b|\bcomments? (?:to|in|for)\b|\bcode comments?|文档|ドキュメント|説明書|\bdokumentier|\bdokumentation|\bdocumenta(?:r|ción)?\b|\bdocumente[rz]?\b|\banleitung|\bguía\b|\bcommit message|документаци|문서화|문서를|\bdocumentazione|\bdocumentação|注释|\brunbook|\bmanual\b|\bonboarding (?:guide|page)|\bhelp text|\bmigration guide|\btroubleshooting (?:guide|section)|\binstrukcj|说明书|使用说明|説明書/,
  },
  {
    name: 'data',
    pattern:
      /\bdata ?set|\bdata ?frame|\b(?:sales|survey|log|usage|customer|time series) data|\banaly[sz]e\b.{0,60}\b(?:data|figures|numbers|results|logs?|table)\b|\bregression\b|\bcorrelat|\bstatistic|\boutliers?|\bpandas\b|\bmedian\b|\bstandard deviation|\bpivot table|\ba\/b test|\btrends?\b|\bchurn\b|\bforecast|数据|データ|\b(?:verkaufs|mess|umsatz)\w{0,8}\b|\bausreißer|\bauswert|\bdaten\b|\bdatos\b|\bcifras\b|\bdonnées\b|\bchiffres\b|\btendenc|\btendance|\bsignificant\b|\bbe chance\b|\bconversion rate|\bpercentile|\bp9[059]\b|\bcohort|\banomal|\bhistogram|\bheat ?map|\bscatter ?plot|\berror rate|\baccess log|\bp-value|\bstd err|\bspreadsheet|\bexcel\b|\bmatplotlib|\bseaborn|\bggplot|\bdplyr|\bmonth,|\bdate[,;]|данны[ехм]|데이터|통계를|بيانات|\bdados\b|\bstatistik|分析|统计|销售额|売上|\boutlier|\bsales per|\bper week\b|\bfigures\b|\bkpis?\b|\bmargin of error|\bcsv\b|\btable below|\bin this table|\bstatistical test|\bvariance|\bdaten|\bumsätze|\banalysiere|\banaly[sz]e (?:these|this|the|our)|\banalyser?\b|\banaliza|\banalise\b|проанализ|분석해|分析して|売上|傾向/,
  },
  {
    name: 'creative',
    pattern:
      /\bpoems?\b|\bstor(?:y|ies)\b|\bhaiku|\bsongs?\b|\blyrics|\bnovel\b|\bblog post|\bslogan|\bscreenplay|\bessay|\bfictional|\bdialogue|\bspeech\b|\bjoke|\brap about|\brole-?play|\bfantasy\b|\bcover letter|\btagline|\bin the style of|\bcharacter (?:for|in|called|named)|的诗|故事|詩を|物語|\bgedicht|\bgeschichte\b|\bpoema|\bcuento\b|\bhistoria\b|\bpoème|\bhistoire\b|\bcaptions?\b|\bheadlines?\b|\bpress release|\bproduct description|\bnewsletter|\blimerick|\bsonnet|\bmonologue|\bscenes?\b|\bfables?\b|\bfan ?fic|\bbrainstorm|\bideas (?:for|about|on)|\bnames? for|\brephras|\bparaphras|\breword|\bpolite|\bfriendl(?:y|ier)|\bresignation|\bcomplaint|\bemail (?:to|for|asking|that)|\bletter (?:to|of|for)|\btoast (?:to|for)|\bpretend\b|\bin character|\bcompose\b|\brhym|\bverses?\b|\bchapter|\bepisode|стих|рассказ|сказк|поэм|песн[юия]|сочини|придумай|이야기|소설을|노래를|시를 |قصيدة|قصة|कविता|कहानी|\bracconto|\bpoesia|\bfilastrocca|\bconto\b|\bmärchen|\bbriefe?\b|\bcorreo\b|\bcuento|\blettre\b|写一[首篇个段封]|小说|剧本|文案|广告|扮演|歌词|俳句|歌詞|台詞|キャラ|手紙|\bfiaba|\bmärchen|\bwiersz|\bhikaye|\bbài thơ|\bviết\b|\bcontos?\b|\btext message|\binvitation|\bthank-you|\bprofessional(?:ly)?\b|\bformal(?:er|ly|mente)?\b|\bproofread|\bactive voice|\bgrammar\b|\bsimplify for|\bstyle\b|\bmore (?:formal|elegant|concise|natural|engaging)|\bflowing text|\bplot twist|\bbackstory|\bnarrator|\bdiary entry|\beulogy|\bopinion column|\bscript for|\bepisode|\bvillain|\bromance|\brap battle|\bslogans|\bfunny\b|\bhorror\b|\bwerbetext|\bentschuldigung|\beinladung|\bkündigung|\bverfasse|\bformulier|\breformul|\brédige|\bredact[ae]|\bredacción|\bescreva|\bscrivi\b|\bécris\b|\bescribe\b|\bschreib(?:e)? (?:mir |uns )?(?:ein|eine|einen)\b|\binventa\b|\binvente\b|\bpièce|\bideen für|\bidées de|\bideas (?:de|para)|\bideias\b|\bcarta\b|\btom formal|напиши (?:стих|поздрав|письмо|пись|рассказ)|поздравл|письмо|официальн|메시지를|자연스럽게|편지를|이름을|고쳐 줘|رسالة|بأسلوب|लिखो|औपचारिक|创意|名字|邮件|道歉信|润色|改得|童话|编一个|を書いて|書き直|丁寧に|メールを|名前を|\btoasts?\b|\bspeeches\b|\bvows\b|\beulog|\bpuns?\b|\broast (?:my|me|our)\b|\bwarmer\b|\bpunchier|\bless (?:stiff|wordy|robotic)|\bwordy\b|\btone\b|\bsounds? (?:more|less|like)|\bvivid|\bmetaphor|\bpast tense|\bplain language|\bjargon|\bnicer\b|\bwording\b|\breads? well|\bflow better|\bhöflicher|\bfreundlicher|\brede (?:zum|zur|für)|\bbrindis|\bdiscours\b|致辞|スピーチ|挨拶|тост|вежлив|礼貌|丁寧に|\bżyczenia|\bprzemów|\bopowiadanie|\bmaila do|\bmniej oficjaln|\bmás corto|\bplus poli\b|\bbedtime|\bnursery rhyme/,
  },
  {
    name: 'mathematics',
    pattern:
      /\bsolve\b.{0,20}[=x0-9]|\bintegral|\bequation|\bprobabilit|\btheorem|\bpolynomial|\bmatri(?:x|ces)\b|\btriangle|\\(?:frac|sqrt|sum|int|cdot|le|ge)\b|\$[^$]{1,80}\$|\bhow many ways|\bderivative|\bperimeter|\beigenvalue|\bremainder\b|\bprime (?:number|factor)|\bintegers?\b|\bhow many (?:integers|positive|ordered|distinct|ways|different)|\bin total\b|\baltogether\b|\bhow much (?:money|does|did|will)|вероятност|уравнени|сколько |확률은|방정식|概率|方程|積分|积分|求出|を求めよ/,
  },
  {
    name: 'code',
    pattern:
      /\bimplement|\bcod(?:e|ing)\b|\bfunctions?\b|\bclass(?:es)?\b|\bscripts?\b|\bunit tests?|\bbugs?\b|\bcompile|\btypescript|\bjavascript|\bpython|\brust\b|\bgolang|\bjava\b|\bc\+\+|\bsql\b|\bregex|\bapi\b|\bendpoints?|\bcomponents?\b|\bdashboard|\balgorithm|\bhtml\b|\bcss\b|\breact\b|\bdocker|\bgit\b|\bfiles?\b|```|\bcli\b|\bcommand[- ]line|\bwebsite|\bassert\b|\btraceback|\bexception|\bstack trace|\btypeerror|\bundefined\b|\bnginx|\bkubernetes|\bkubectl|\bterraform|\bbash\b|\bshell\b|\bnpm\b|\bdef [a-z_]|\bfonction\b|\bfunci[oó]n\b|\bfunzione|\bfunção|\bprogramm?a?\b|\bkommandozeile|\bligne de commande|функци|скрипт|программ|утилит|코드를|함수를|프로그램|代码|函数|脚本|程序|命令行|コード|関数|プログラム|スクリプト|コマンド|\bpandas\b|\bnumpy\b|\bphp\b|\bswift(?:ui)?\b|\bkotlin|\bruby\b|\brails\b|\bdjango|\bflask\b|\blaravel|\bspring boot|\bvue\b|\bangular\b|\bsvelte|\bnode\.?js\b|\bexpress\b|\bnext\.?js|\bflutter|\bunity\b|\bpowershell|\bansible|\bhelm\b|\bjenkins|\bgithub action|\bwebpack|\bvite\b|\bmakefile|\btsconfig|\bpyproject|\bmysql|\bpostgres|\bmongodb|\bredis\b|\bffmpeg|\bssh\b|\bvim\b|\bcron\b|\bsed\b|\bawk\b|\bgrep\b|\bmacro\b|\bvba\b|\bmatlab|\bhaskell|\belixir|\bc# |\b\.net\b|\barrays?\b|\blinked list|\bstring\b|\bdebug|\berror:|\berror \w{0,3}\d|\bfatal:|\bpanic:|\bsegmentation fault|\bundefined reference|\bkeyerror|\bimporterror|\bnameerror|\bvalueerror|\bindexerror|\bmodulenotfound|\breferenceerror|\bsyntaxerror|\bnullpointer|\bstderr|\bstdin|\bprint(?:f|ln)?\(|\bconsole\.log|\bselect .{1,80} from |\bimport [a-z]{2,30} ?(?:\n|as |from)|#include|ошибк|报错|错误|エラー|에러가|오류가|\bbuttons?\b|\bnavbar|\bsidebar|\bfooter\b|\bmodal\b|\bcheckbox|\bdropdown|\bpadding\b|\bplaceholder|\blogin (?:page|form)|按钮|ボタン|кнопк|\bprzycisk|\bbot[oó]n\b|\bbouton\b|导航栏|\bfor ?\(|\bwhile ?\(|\bconsole\.|\bparseint|\bconst [a-z]|\blet [a-z]{1,12} ?=|\bselect \*|\bprint\(|\bfunkcj|\bkontener|関数を/,
  },
  {
    name: 'reasoning',
    pattern:
      /\bpuzzle|\briddle|\btrade-?offs?|\broot cause|\bweigh\b|\bpros and cons|\bstrateg|\bdecide\b|\bstep by step|\blogic(?:al|ally)?\b|\bdeadlock|\brace condition|\bjustify|\bevaluate whether|\bwho is lying|\bfallac|\bpremise|\bentail|\bhelp me decide|\bshould (?:i|we) |\bitinerary|\bmeal plan|\btraining plan|\bplan (?:a|an|my|our) |\bvalid argument|\bargument valid|\bargue|\bconclusion\b|\bsecond-order|\bdilemma|загадк|головоломк|수수께끼|旅行计划|旅行プラン|推理|逻辑|论证|\brätsel|\bacertijo|\bdevinette|\bwho is telling|\btells? the truth|\bliar\b|\blies\b|\bexactly one of|\bdeduce|\bfollows? necessarily|\bwhich order|\banalogy|\breasoning\b|\breason (?:it|backwards|step)|\bthink (?:it through|carefully|through)|\bexplain the (?:trap|answer)|\bassumptions|\bestimate (?:how|the number)|\bconsider\b|\bweighing|\bconflicts?\b|\broster\b|\brotation\b|\bseat\b|\bassign\b|\babwägen|\bwäge\b|\bempfehlung|\braisonne|\brazona|\bpeser le|\brecomienda|\bargumenta|\bplan(?:ifica|ifie|e|ung)?\b|\breiseplan|\blernplan|\broteiro|\bprogramme de|\bétape par étape|\bpaso a paso|\bschritt für schritt|利弊|推断|计划|说谎|撒谎|真话|計画|論理|推論|계획을|추론|логическ|план |спланируй|составь план/,
  },
  {
    name: 'design',
    pattern:
      /\barchitect|\bsystem design|\bdesign(?:ing)? (?:a|an|the|our|my|some|highly|scalable|micro|distributed)|\bblueprint|\binfrastructure|\bdesign of\b|\btechnical (?:plan|strategy|design)|\bthreat model|架构|アーキテクチャ|设计|設計|\barchitektur|\barquitectura|\bentwirf|\bentwerf|\bdiseñ|\bconçois|\bconcevoir|спроектиру|архитектур|아키텍처|설계해|설계하|\barchitettura|\barquitetura/,
  },
  {
    name: 'reworking',
    pattern:
      /\brefactor|\brestructur|\bmoderni[sz]|\boverhaul|\brework|\bredesign|\buntangl|\brewrit|\bre-?architect|\bmigrat|\bdecompos|\bbreak(?:ing)? (?:up|down|apart)|\bsplit (?:up|our|the|this) |\breengineer|重构|重構|リファクタ|拆分|作り直|\brefaktor|überarbeit|\bumbau|\bbauen wir\b|\bstrukturier|\brefactoris|\brefactoriz|\breestructur|\bzerleg|рефактор|переработ|перепиши|리팩터|리팩토|\boverhaul|\bredesign|\brework\b|\brestructuring|\bmoderni[sz]ation|\bground[- ]up|\brefonte|\bprzebudow|\brefatora|彻底|全面的/,
  },
  {
    name: 'large scope',
    pattern:
      /\bwhole\b|\bentire\b|\bcompany-wide|\bcomprehensive|\bin depth|\bin-depth|\bthorough|\bscal(?:e|able|ability|ing)\b|\bdistributed|\bfault[- ]toler|\bresilien|\bconsensus|\breplicat|\bsharding|\bhigh(?:ly)? availab|\bdowntime|\bmulti-?tenant|\bmicro-?services?|\bmonolith|\blegacy|\bcode ?base|\b(?:years?|decade)[- ]old|\bold (?:code|system|application|app)|\bend[- ]to[- ]end|\bformal(?:ly)? (?:verif|spec|proof)|\bconcurren|\bevent[- ]driven|\bmillions? of|\bproduction[- ]grade|分布式|分散|整个|全体|高可用|微服务|マイクロサービス|\bverteilt|\bgesamte|\bkomplett|\bgrundlegend|\bdistribuid|\btod[oa] (?:el|la)\b|\btout (?:l|le|la)\b|\bdistribué|\bheredad|распредел|микросервис|отказоустойчив|대규모|마이크로서비스|千万|数百万/,
  },
  {
    name: 'proof',
    pattern:
      /\bprove\b|\bproof\b|\bderive\b|\bshow that\b|\bfind all functions|证明|証明|\bbeweis|\bdemuestra|\bdémontre/,
  },
  {
    name: 'small work',
    pattern:
      /\btypos?\b|\bquick(?:ly)?\b|\bsimple\b|\bone-?liner|\bbriefly|\bin one (?:line|sentence|word)|\bmisspell|\bspelling|\brename\b|\bsemicolon|\bindent|\bunused imports?|\bversion (?:number|in)|\bgrammar\b|\bhello world|\bjust (?:show|list|print|tell|fix|change)|\bsingle (?:line|word|character)|\btiny\b|\bminor\b|\bsmall (?:fix|change|edit|tweak)|опечатк|переименуй|오타를|오타가|맞춤법|错别字|错字|拼写|笔误|改名|重命名|誤字|スペルミス|\btippfehler|\bschreibfehler|\brechtschreib|\bfaute de frappe|\bcoquille|\berrata\b|\bortogr|\borthograph|\berro de digita|\berrore di battitura|\bliterówk|الإملائي|वर्तनी|タイプミス|打ち間違い|脱字|\btypefout|\bstavfel|\brefuso\b|\btipográfico/,
  },
  {
    name: 'begins with a small verb',
    pattern:
      /^\W{0,5}(?:please |can you |could you |quickly |just )?(?:list|show|print|count|rename|format|display|find|sort|delete|remove|convert|swap|replace|bump|correct|enumerate|which files|what files|name|give me|pretty|reformat|tidy|get|lista|liste|muestra|montre|affiche|zeige?|nenne)\b|^\W{0,5}(?:列出|显示|删除|修正|改正|покажи|переименуй|исправь|удали)/,
  },
  {
    name: 'begins with a short question',
    pattern:
      /^\W{0,5}(?:what(?:'s| is| does| year| time| port| are)|who|when|where|which|is|are|does|how (?:do|many|much|tall|old|long|far))\b/,
  },
  {
    name: 'feature with tests',
    pattern:
      /\bfeature\b|\bwith (?:unit )?tests?\b|\band (?:unit )?tests?\b|\bincluding tests?\b|\b(?:write|add) (?:unit )?tests?\b|\bcover it with tests|\btest suite|\btests? (?:too|as well|please)\b|\btest coverage|\btdd\b|\bplus tests?\b|\+ ?tests?\b|\bunit-?tested|\bpytest\b|\bjunit\b|\bjest\b|\bvitest\b|\brspec\b|\band specs?\b|\bwith specs?\b|\bintegration tests?\b|\btest it\b|\btested\b|测试|テスト|\bmit (?:unit-?)?tests\b|\bcon (?:tests|pruebas)\b|\bavec (?:des )?tests\b/,
  },
  {
    name: 'image',
    pattern:
      /\bimages?\b|\bpictures?\b|\bphotos?\b|\bphotographs?\b|\bscreen ?shots?\b|\bscreen ?grab|\bdiagrams?\b|\bmock-?ups?\b|\bwireframes?\b|\bocr\b|\bhandwrit|\bscanned\b|\bscan of\b|\bcaption|\balt text|\binfographic|\bx-ray|\bpainting|\bdrawing\b|\bflowchart|\bwhiteboard|\.(?:png|jpe?g|gif|webp|bmp|heic|tiff?)\b|图片|照片|截图|图像|这张图|画像|写真|スクリーンショット|\bbild(?:e|es)?\b|\bfotos?\b|\bbildschirmfoto|\bimagen(?:es)?\b|\bcaptura\b|\bcapture d|изображ|картин|фотограф|снимк|скриншот|사진을|사진이|사진 |이미지|그림을|صورة|चित्र|तस्वीर|\bimmagin|\bimagem/,
  },
  {
    name: 'begins with a verb of looking',
    pattern:
      /^\W{0,5}(?:please |can you |could you )?(?:describe|look at|have a look|take a look|analy[sz]e|read|caption|explain|interpret|identify|recogni[sz]e|transcribe|ocr|extract|what(?:'s| is| are| does| do| can)|which|who|where|how many|tell me what)\b/,
  },
  {
    name: 'files',
    pattern:
      /\bfiles?\b|\bfolders?\b|\bdirector(?:y|ies)\b|\bfile ?names?\b|\bextensions?\b|\bls\b|\bsubfolders?\b|\bscripts?\b|\bmodules?\b|\bsource tree|\*\.[a-z]|文件|ファイル|\bdatei(?:en)?\b|\bordner\b|\barchivos?\b|\bficheros?\b|\bfichiers?\b|\bdossier|列出|一覧|файл|каталог|папк|파일을|파일 |폴더를|目录|文件夹|フォルダ|\bpasta\b|\bcartella|文件夹|目录/,
  },
  {
    name: 'a wrong word',
    pattern:
      /\btypos?\b|\bmisspel|\bmis-spel|\bmistyp|\bspelling|\bspelled|\bspelt\b|\btyping error|\bshould (?:be|read|say)\b|\bmust be\b|\binstead of\b|\bcomma\b|\bapostrophe|\bfull stop|\bpunctuation|\bletters?\b|\bwording\b|\bcapitali[sz]|\bgrammar|\bwrong word|\bdoubled? word|->|=>|→|\bs\/[a-z]|错别字|错字|拼写|誤字|スペルミス|\btippfehler|\bschreibfehler|\brechtschreib|\berrata|\bortogr|\borthograph|\bfaute de frappe|\bcoquille|опечатк|오타를|오타가|맞춤법|철자가|الإملائي|वर्तनी|\berro de digita|\berrore di battitura|\bliterówk|\byazım hata|\bspeling|笔误|改成|改为|改正|スペル|タイプミス|打ち間違い|脱字|\btypefout|\bstavfel|\brefuso\b|\btipográfico/,
  },
  {
    name: 'old code',
    pattern:
      /\blegacy\b|\bold\b|\bancient\b|\boutdated|\baging\b|\bageing\b|\bspaghetti|\bmess(?:y)?\b|\btangled|\bmonolith|\bcode ?base|\btech(?:nical)? debt|\bgod (?:class|object)|\bgrown\b|\bgrew\b|\binherited\b|\btook over\b|\bcobol\b|\bfortran\b|\bdelphi\b|\bvb6\b|\bvisual basic|\bmainframe|\bpascal\b|\bthousands? of lines|\bk-line|\bk lines|\bk loc\b|\bunmaintain|\bmaintainable|\bcircular dep|\bhacks?\b|\bworkarounds?\b|\bdecades?\b|\bdates? (?:from|back)|\bfrom (?:19|20)\d\d|\bobsolete|\bdeprecated|\beverywhere\b|\bthroughout\b|\ball (?:the )?(?:modules|packages|layers|services)\b|遗留|旧系统|レガシー|古い|\bcodebasis|\baltlasten|\balte[ns]?\b|\bheredad|\bbase de código|\bbase de code|\bvieux\b|\bvieille\b|\bancien(?:ne)?\b|устаревш|унаследован|레거시/,
  },
];
