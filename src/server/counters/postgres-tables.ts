/** What all names of {@link postgresTables} are in, unless something else is said. */
export const SCHEMA = 'bucket_upload'

/**
 * The tables and functions of `postgresCounter`, as SQL that can be run again: run it as a migration, by
 * someone who may create a schema.
 *
 * `claims` has each upload, `open` what an upload has taken that is not kept, and `counts` how much is
 * taken in all. A function is one transaction. It locks the id of the upload and then all that is counted,
 * always in the same order, so that calls wait for each other and never in a circle. What has become
 * useless is deleted by those who come later, two rows at a time.
 *
 * @param schema what all of it is in
 * @throws {Error} when the schema has a name that would have to be quoted
 */
export function postgresTables({ schema = SCHEMA }: { schema?: string } = {}): string {
  return TABLES.replaceAll('$schema', checkSchema(schema))
}

/** @throws {Error} */
export function checkSchema(schema: string): string {
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) return schema
  throw new Error('"schema" must be a name of lowercase letters, digits and "_".')
}

const TABLES = `
CREATE SCHEMA IF NOT EXISTS $schema;

CREATE TABLE IF NOT EXISTS $schema.counts (
  key text PRIMARY KEY,
  used bigint NOT NULL,
  ends timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS counts_ends ON $schema.counts (ends);

CREATE TABLE IF NOT EXISTS $schema.claims (
  id text PRIMARY KEY,
  state text NOT NULL,
  lease timestamptz NOT NULL,
  forgotten timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS claims_forgotten ON $schema.claims (forgotten);

CREATE TABLE IF NOT EXISTS $schema.open (
  id text NOT NULL REFERENCES $schema.claims ON DELETE CASCADE,
  key text NOT NULL,
  amount bigint NOT NULL,
  lease timestamptz NOT NULL,
  ends timestamptz NOT NULL,
  PRIMARY KEY (id, key)
);
CREATE INDEX IF NOT EXISTS open_key_lease ON $schema.open (key, lease);

CREATE OR REPLACE FUNCTION $schema.lock(keys text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  each bigint;
BEGIN
  FOR each IN SELECT DISTINCT hashtextextended(key, 0) AS hash FROM unnest(keys) AS key ORDER BY hash LOOP
    PERFORM pg_advisory_xact_lock(each);
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION $schema.take(
  upload text, amounts jsonb, seconds float8, OUT refused int, OUT wait float8
) LANGUAGE plpgsql AS $$
DECLARE
  moment timestamptz;
  until timestamptz;
  known text;
BEGIN
  refused := -1;
  PERFORM pg_advisory_xact_lock(hashtextextended(upload, 1));
  PERFORM $schema.lock(ARRAY(SELECT each ->> 'key' FROM jsonb_array_elements(amounts) AS each));
  moment := clock_timestamp();
  until := moment + make_interval(secs => seconds);

  SELECT claims.state INTO known FROM $schema.claims WHERE id = upload AND forgotten > moment;
  IF known = 'taken' THEN
    UPDATE $schema.claims SET lease = until, forgotten = greatest(forgotten, until) WHERE id = upload;
    UPDATE $schema.open SET lease = until WHERE id = upload;
  END IF;
  IF known IN ('taken', 'kept') THEN
    RETURN;
  END IF;

  SELECT each.place - 1,
    CASE WHEN each.amount <= each.most AND counts.ends < 'infinity'
      THEN extract(epoch FROM counts.ends - moment) END
  INTO refused, wait
  FROM (
    SELECT ordinality AS place, value ->> 'key' AS key,
      (value ->> 'amount')::bigint AS amount, (value ->> 'limit')::bigint AS most
    FROM jsonb_array_elements(amounts) WITH ORDINALITY
  ) AS each
  LEFT JOIN $schema.counts ON counts.key = each.key AND counts.ends > moment
  WHERE coalesce(counts.used, 0) + each.amount > each.most
  ORDER BY each.place LIMIT 1;
  IF FOUND THEN
    RETURN;
  END IF;
  refused := -1;

  DELETE FROM $schema.claims WHERE id = upload;
  INSERT INTO $schema.claims (id, state, lease, forgotten)
  SELECT upload, 'taken', until, greatest(until, max(
    coalesce(moment + make_interval(secs => (value ->> 'window')::float8), 'infinity')
  )) FROM jsonb_array_elements(amounts);
  WITH counted AS (
    INSERT INTO $schema.counts AS counts (key, used, ends)
    SELECT value ->> 'key', (value ->> 'amount')::bigint,
      coalesce(moment + make_interval(secs => (value ->> 'window')::float8), 'infinity')
    FROM jsonb_array_elements(amounts)
    ON CONFLICT (key) DO UPDATE SET
      used = excluded.used + CASE WHEN counts.ends > moment THEN counts.used ELSE 0 END,
      ends = CASE WHEN counts.ends > moment THEN counts.ends ELSE excluded.ends END
    RETURNING counts.key, counts.ends
  )
  INSERT INTO $schema.open (id, key, amount, lease, ends)
  SELECT upload, counted.key, (value ->> 'amount')::bigint, until, counted.ends
  FROM counted JOIN jsonb_array_elements(amounts) ON value ->> 'key' = counted.key;

  DELETE FROM $schema.claims WHERE id IN (
    SELECT id FROM $schema.claims WHERE forgotten <= moment
    ORDER BY forgotten LIMIT 2 FOR UPDATE SKIP LOCKED
  );
  DELETE FROM $schema.counts WHERE key IN (
    SELECT key FROM $schema.counts WHERE ends <= moment
    ORDER BY ends LIMIT 2 FOR UPDATE SKIP LOCKED
  );
END $$;

CREATE OR REPLACE FUNCTION $schema.finish(upload text, verdict text, if_ended boolean)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  moment timestamptz;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(upload, 1));
  moment := clock_timestamp();
  PERFORM FROM $schema.claims
  WHERE id = upload AND state = 'taken' AND forgotten > moment AND NOT (if_ended AND lease > moment);
  IF NOT FOUND THEN
    RETURN;
  END IF;
  UPDATE $schema.claims SET state = verdict, forgotten = moment + interval '1 hour' WHERE id = upload;
  IF verdict = 'given' THEN
    PERFORM $schema.lock(ARRAY(SELECT key FROM $schema.open WHERE id = upload));
    UPDATE $schema.counts SET used = counts.used - open.amount FROM $schema.open
    WHERE open.id = upload AND counts.key = open.key AND counts.ends = open.ends;
  END IF;
  DELETE FROM $schema.open WHERE id = upload;
END $$;

CREATE OR REPLACE FUNCTION $schema.ended(counted text, most int)
RETURNS SETOF text LANGUAGE sql STABLE AS $$
  SELECT open.id FROM $schema.open JOIN $schema.counts USING (key, ends)
  WHERE open.key = counted AND open.lease <= clock_timestamp() AND counts.ends > clock_timestamp()
  ORDER BY open.lease LIMIT most
$$;
`
