import * as z from 'zod';

/** What an HTTP endpoint takes and gives: the document is written from it, and so are the checks of what comes in. */
export interface EndpointDescription {
  readonly method: 'get' | 'post';
  /** With `{name}` for a segment that varies. */
  readonly path: string;
  readonly summary: string;
  readonly query?: z.ZodObject | undefined;
  readonly body?: z.ZodType | undefined;
  /** By status. */
  readonly answers: Readonly<Record<number, AnswerDescription>>;
  /** It is answered without a credential. */
  readonly open?: boolean | undefined;
}

interface AnswerDescription {
  readonly description: string;
  readonly schema: z.ZodType;
  /** Default `application/json`. */
  readonly contentType?: string | undefined;
}

/** An OpenAPI 3.1 document, whose schemas are JSON Schema 2020-12 (https://spec.openapis.org/oas/v3.1.1). */
export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly [more: string]: unknown;
}

/** Writes the document of some endpoints. `security` is the name of the HTTP scheme that opens them. */
export function openApiDocument(
  info: OpenApiDocument['info'],
  endpoints: readonly EndpointDescription[],
  security: string,
): OpenApiDocument {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method]: operation(endpoint) };
  }
  return {
    openapi: '3.1.1',
    info,
    paths,
    components: { securitySchemes: { [security]: { type: 'http', scheme: 'bearer' } } },
    security: [{ [security]: [] }],
  };
}

function operation({
  method,
  path,
  summary,
  query,
  body,
  answers,
  open,
}: EndpointDescription): Record<string, unknown> {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: !(schema as z.ZodType).safeParse(undefined).success,
    schema: jsonSchema(schema as z.ZodType, 'input'),
  }));
  return {
    operationId: operationId(method, path),
    summary,
    ...(open === true ? { security: [] } : {}),
    ...(inPath.length + inQuery.length === 0 ? {} : { parameters: [...inPath, ...inQuery] }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: !body.safeParse({}).success,
            content: { 'application/json': { schema: jsonSchema(body, 'input') } },
          },
        }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, { description, schema, contentType = 'application/json' }]) => [
        status,
        { description, content: { [contentType]: { schema: jsonSchema(schema, 'output') } } },
      ]),
    ),
  };
}

/** `postKeysByNameRevoke`: generators of clients name their functions so. */
function operationId(method: string, path: string): string {
  const words = path.split('/').flatMap((segment) => {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    return name === undefined ? segment.split(/\W+/) : ['by', name];
  });
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}
