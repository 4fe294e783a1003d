import { asArray, asObject, asString, type CallerLimits, type GatewayKey, parseJson } from '@signalbox/core';

type Column = number | string | null;

/** A key as the file has it. */
export function toColumns(key: GatewayKey): Record<string, Column> {
  return {
    name: key.name,
    owner: key.user ?? null,
    tenant: key.tenant ?? null,
    tags: JSON.stringify(key.tags),
    models: key.models === undefined ? null : JSON.stringify(key.models),
    limits: JSON.stringify(key.limits),
    created_at: key.createdAt,
    expires_at: key.expiresAt ?? null,
    revoked_at: key.revokedAt ?? null,
  };
}

/** A row of the file as a key. */
export function toGatewayKey(row: Readonly<Record<string, unknown>>): GatewayKey {
  return {
    name: String(row.name),
    user: asString(row.owner),
    tenant: asString(row.tenant),
    tags: texts(row.tags),
    models: row.models === null ? undefined : texts(row.models),
    limits: (asObject(parseJson(String(row.limits))) ?? {}) as CallerLimits,
    createdAt: Number(row.created_at),
    expiresAt: moment(row.expires_at),
    revokedAt: moment(row.revoked_at),
  };
}

const texts = (json: unknown) => asArray(parseJson(String(json))).map(String);
const moment = (value: unknown) => (value === null ? undefined : Number(value));
