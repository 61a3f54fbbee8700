-- +goose Up

-- Erasures since the partition they are in was written anew. The trigger notes those of replicas of the version before,
-- too, which run beside this one.
CREATE TABLE latchkey_erased (
	n     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	place bigint NOT NULL
);
CREATE INDEX latchkey_erased_place ON latchkey_erased (place);

-- +goose StatementBegin
CREATE FUNCTION latchkey_note_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO latchkey_erased (place) VALUES (NEW.place);
	RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER latchkey_erased AFTER UPDATE ON latchkey_event FOR EACH ROW EXECUTE FUNCTION latchkey_note_erased();

-- What was erased before may lie in any partition that is there.
INSERT INTO latchkey_erased (place)
	SELECT substring(c.relname FROM '^latchkey_event_(\d+)$')::bigint FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
	WHERE i.inhparent = 'latchkey_event'::regclass AND c.relname ~ '^latchkey_event_\d+$';

-- The database keeps samples of what stands in columns, for its planner. It is to keep none of what can be erased.
ALTER TABLE latchkey_event ALTER COLUMN salt SET STATISTICS 0, ALTER COLUMN private SET STATISTICS 0;
ALTER TABLE latchkey_unsealed ALTER COLUMN salt SET STATISTICS 0, ALTER COLUMN private SET STATISTICS 0;
ALTER TABLE latchkey_record ALTER COLUMN keys SET STATISTICS 0, ALTER COLUMN body SET STATISTICS 0;
ALTER TABLE latchkey_key ALTER COLUMN key SET STATISTICS 0;
ALTER TABLE latchkey_task ALTER COLUMN payload SET STATISTICS 0, ALTER COLUMN problem SET STATISTICS 0;

-- Those that are there already are cleared away with what is erased next.
INSERT INTO latchkey_about
	SELECT 'samples', 'to be cleared away' WHERE EXISTS (SELECT FROM pg_stats WHERE schemaname = current_schema() AND tablename LIKE 'latchkey\_%'
	AND attname IN ('private', 'keys', 'body', 'key', 'payload', 'problem'));
