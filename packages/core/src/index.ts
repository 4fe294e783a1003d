// The public surface of @signalbox/core: what is not named here is not an API.
export { AllCandidatesFailed } from './all-candidates-failed.ts';
export {
  type AnswerRecord,
  type AnswerSoFar,
  type CallSoFar,
  createAnswerRecord,
  outputSoFar,
} from './answer-so-far.ts';
export type { Attempt, AttemptCause, AttemptError, Cost } from './attempt.ts';
export type { AttemptSums } from './attempt-sums.ts';
export type { BatchCall, BatchCodec, BatchItem, BatchResult, BatchState } from './batch-codec.ts';
export {
  type BudgetStanding,
  type BudgetStore,
  grantedOf,
  type Lease,
  type LeaseWish,
  type PastOutput,
  type SpendAccount,
  type SpendScope,
} from './budget-store.ts';
export { type Cancellation, cancellationOf, createCancellation } from './cancellation.ts';
export type { Candidate, Removal, RemovalKind } from './candidate.ts';
export type { Decision, DecisionEntry } from './decision.ts';
export { editDistance } from './edit-distance.ts';
export { effortOfBudget, fieldOf, readEffort } from './effort.ts';
export type { EncodeContext, EncodedRequest, Quirks } from './encoded-request.ts';
export { entryOf } from './entry-of.ts';
export {
  ProviderError,
  type ProviderErrorInit,
  type ProviderErrorKind,
  RouterError,
  type RouterErrorInit,
  type RouterErrorKind,
} from './errors.ts';
export { estimateTokens, estimateTokensOfAll } from './estimate-tokens.ts';
export { createEventObserver, type EventSource, type Observed } from './event-observer.ts';
export {
  type ForeignField,
  type FormRules,
  foreignFields,
  formKey,
  isFormKey,
  joinForm,
  splitForm,
} from './extensions.ts';
export {
  createFieldReader,
  type FieldFault,
  type FieldLeniency,
  type FieldReader,
  fieldPath,
  invalidField,
} from './field-reader.ts';
export type { Finish, FinishReason } from './finish.ts';
export type { CallerLimits, GatewayKey, GatewayKeys } from './gateway-key.ts';
export { givenOrder } from './given-order.ts';
export { type Inbound, inboundFromRequest } from './inbound.ts';
export { instructionOf, VENDORS_LINE } from './instruction-of.ts';
export {
  asArray,
  asCount,
  asNumber,
  asObject,
  asString,
  DEEPEST_JSON,
  isDeeperThan,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  mergeObjects,
  parseJson,
} from './json.ts';
export { jsonInside } from './json-inside.ts';
export { createJsonProgress, type JsonProgress } from './json-progress.ts';
export { bytesAt, readRange, scanTopLevel, spliceBytes, type TopLevelScan } from './json-scan.ts';
export type { KeptHolder, KeptHolders } from './kept-holders.ts';
export { lastUserText } from './last-user-text.ts';
export { leastOutput } from './least-output.ts';
export { isLoopbackHost, isLoopbackUrl } from './loopback.ts';
export type { Capabilities, CatalogSlice, ModelAlias, ModelFacts } from './model-facts.ts';
export type {
  CustomTool,
  FunctionTool,
  Message,
  ModelRequest,
  OpaqueTool,
  OutputFormat,
  OutputModality,
  ReasoningEffort,
  ReasoningRequest,
  Sampling,
  ServerState,
  Tool,
  ToolChoice,
  WebSearch,
} from './model-request.ts';
export {
  collectResponse,
  createResponseFold,
  type ModelResponse,
  type OtherAnswer,
  type ResponseFold,
  responseEvents,
  responseText,
} from './model-response.ts';
export {
  decimalToInteger,
  formatUsd,
  NANO_USD_PER_USD,
  type NanoUsd,
  type NanoUsdPerMillion,
  nanoToUsd,
  usdToNano,
} from './money.ts';
export { namePatterns } from './name-pattern.ts';
export { namedSchema } from './named-schema.ts';
export { notOfAnApi } from './not-of-an-api.ts';
export { createNoteList, type NoteList } from './note-list.ts';
export {
  aBoolean,
  aCount,
  aFunction,
  aListOf,
  aNumber,
  anObject,
  anyText,
  aPort,
  aRecordOf,
  aStrategy,
  aText,
  type OptionPart,
  type OptionRule,
  type OptionRules,
  oneOf,
  requireOptions,
} from './option-rules.ts';
export { OUTCOME_WEIGHTS, type Outcome, type OutcomeSource, type QualityEvidence } from './outcome.ts';
export { pairToolResults } from './pair-tool-results.ts';
export { parseRequest } from './parse-request.ts';
export type {
  AudioPart,
  CacheMark,
  Citation,
  DocumentPart,
  Extensions,
  ImagePart,
  MediaSource,
  OpaquePart,
  Part,
  ReasoningPart,
  ReasoningSignature,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  VideoPart,
} from './part.ts';
export {
  CUSTOM_TOOL_ARGUMENT,
  type FunctionRequest,
  plainTools,
  spokenToolName,
  type ToolKinds,
} from './plain-tools.ts';
export type {
  Admission,
  AdmissionRequest,
  AdmissionStanding,
  Analyser,
  AttemptRequest,
  Caller,
  Clock,
  EndpointState,
  Health,
  Ledger,
  LedgerRow,
  Measured,
  MeasuredCall,
  MeasurementStore,
  Measurements,
  Pricing,
  QualityEstimate,
  Quantiles,
  Reservation,
  Vault,
  VaultKey,
} from './ports.ts';
export { type PricePeriod, type PriceTier, RATE_KINDS, type Rates } from './price.ts';
export type { PromptCacheTerms } from './prompt-cache-terms.ts';
export type { Provider, ProviderDefinition, ProviderSettings, WireCall, WireReply } from './provider.ts';
export { type ReportedLimit, reportedLimits } from './provider-limits.ts';
export { type BilledRequest, ratesAt } from './rates-at.ts';
export {
  createFrameRepeater,
  type FrameRepeater,
  type PieceEvent,
  pieceText,
  type RepeatedFrames,
  withFrameRepeater,
} from './repeated-events.ts';
export { noRequestObject, requestObject, withRequestModel } from './request-body.ts';
export type { ByteRange } from './request-bytes.ts';
export { BodyPieces, type RequestBytes, requestText, wholeBytes } from './request-bytes.ts';
export { type HeadFields, refuseTwoReadings, scanRequestHead } from './request-head.ts';
export type {
  AnswerStore,
  CacheBypass,
  CacheHit,
  CacheLookup,
  CacheMiss,
  CacheQuestion,
  CacheUse,
  KeptAnswer,
  ResponseCache,
} from './response-cache.ts';
export { restatedAnswer, restatedEvent, restatedRequest } from './restate.ts';
export { headerRetryAfterMs, parseWireDuration } from './retry-after.ts';
export type { RuleUse, RuleUses } from './rule-uses.ts';
export { serverToolChoice } from './server-tool-choice.ts';
export { type SessionCache, sessionSentence } from './session-cache.ts';
export type { LimitLease, LimitUse, LimitWish, SharedLimits } from './shared-limits.ts';
export { shortDigest } from './short-digest.ts';
export type { EmbeddingCodec, EmbeddingRequest, EmbeddingResponse, TokenCounting } from './side-operations.ts';
export type { StandardIssue, StandardResult, StandardSchema } from './standard-schema.ts';
export type { Need, RankedCandidate, Ranking, Snapshot, Strategy, StrategyDefinition, WarmCache } from './strategy.ts';
export {
  type AnswerContinuedEvent,
  type AnswerEvent,
  bringsCallsAlone,
  type FinishEvent,
  isContentEvent,
  type OpaquePartEvent,
  type OtherAnswerEvent,
  type ReasoningDeltaEvent,
  type ReasoningSignatureEvent,
  type StartEvent,
  type StreamEvent,
  type TextDeltaEvent,
  type TextExtensionEvent,
  type ToolCallDeltaEvent,
  type ToolCallStartEvent,
  type UsageUpdateEvent,
} from './stream-event.ts';
export {
  type FrameVerdict,
  type ObserveContext,
  type ObserverParts,
  type StreamObserver,
  streamObserver,
  type UsageEstimate,
} from './stream-observer.ts';
export type { FrameVisitor, StreamPiece } from './stream-piece.ts';
export { backgroundClock, systemClock } from './system-clock.ts';
export { type Complexity, type Needs, NO_NEEDS, TASK_TYPES, type TaskProfile, type TaskType } from './task-profile.ts';
export { createTextTemplate, type TextTemplate } from './text-template.ts';
export { readTokenLogprobs, type TokenChoice, type TokenLogprob, writeTokenLogprobs } from './token-logprob.ts';
export { plainToolName, TOOL_NAME_LENGTHS } from './tool-name.ts';
export type { TranslationNote } from './translation-note.ts';
export { UnansweredRequest } from './unanswered-request.ts';
export { addUsage, type Provenance, USAGE_PARTS, type Usage, weakerProvenance } from './usage.ts';
export { decodeUtf8, encodeUtf8 } from './utf8.ts';
export { ENDED, sourceOf, ValueSource } from './value-source.ts';
export { createWaitingLists, type Waiting, type WaitingLists } from './waiting-lists.ts';
export { noteWebSearch, webSearchFrom } from './web-search.ts';
export type {
  AnswerGlance,
  ClientCodec,
  EncodedError,
  ForwardedRequest,
  JoinedFrames,
  KeptAnswers,
  KeptQuestion,
  KeptState,
  NamedItems,
  RequestHead,
  ServerCodec,
  ServerContext,
  StreamDecoder,
  StreamEncoder,
  WireFormat,
} from './wire-format.ts';
export type { WireFrame, WireHeaders } from './wire-frame.ts';
export { forgetWrittenTexts, type WrittenTexts, writtenTexts } from './written-texts.ts';
