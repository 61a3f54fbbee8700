-- +goose Up

-- Names are bytes, because they sort and compare as such and may hold any text but NUL.
-- Times are twelve bytes that sort as the times do (store/moment); latchkey_time reads them.

CREATE TABLE latchkey_about (
	name  text PRIMARY KEY,
	value text NOT NULL
);
INSERT INTO latchkey_about VALUES ('format', '1');

-- Nothing but a lock. Whoever writes holds it together with all others; a group that others stood in the way of
-- holds it alone.
CREATE TABLE latchkey_gate ();

CREATE TABLE latchkey_record (
	kind    bytea  NOT NULL,
	id      bytea  NOT NULL,
	version bigint NOT NULL,
	schema  integer NOT NULL,
	due     bytea,
	keys    bytea[] NOT NULL,
	body    bytea  NOT NULL,
	PRIMARY KEY (kind, id)
);
CREATE INDEX latchkey_record_due ON latchkey_record (kind, due, id) WHERE due IS NOT NULL;

-- What a record is found by.
CREATE TABLE latchkey_key (
	kind bytea NOT NULL,
	key  bytea NOT NULL,
	id   bytea NOT NULL,
	PRIMARY KEY (kind, key, id)
);

CREATE TABLE latchkey_task (
	id         bytea    PRIMARY KEY,
	seq        bigint   GENERATED ALWAYS AS IDENTITY UNIQUE,
	queue      bytea    NOT NULL,
	kind       bytea    NOT NULL,
	subject    bytea    NOT NULL,
	priority   smallint NOT NULL,
	lane       bytea    NOT NULL,
	lock       bytea    NOT NULL,
	schema     integer  NOT NULL,
	payload    bytea    NOT NULL,
	state      smallint NOT NULL, -- 0 ready, 1 claimed, 2 stuck
	head       boolean  NOT NULL, -- the oldest of its lane, or in none
	not_before bytea    NOT NULL,
	created    bytea    NOT NULL,
	attempts   integer  NOT NULL,
	begun      boolean  NOT NULL,
	owner      bytea    NOT NULL,
	until      bytea    NOT NULL,
	problem    bytea    NOT NULL
);
CREATE INDEX latchkey_task_ready ON latchkey_task (queue, priority, not_before, seq) WHERE state = 0 AND head;
CREATE INDEX latchkey_task_claimed ON latchkey_task (until) WHERE state = 1;
CREATE INDEX latchkey_task_claimed_queue ON latchkey_task (queue, until) WHERE state = 1;
CREATE INDEX latchkey_task_stuck ON latchkey_task (seq) WHERE state = 2;
CREATE INDEX latchkey_task_lane ON latchkey_task (lane, seq) WHERE lane <> '';
-- Of the tasks with one lock one is claimed, whoever claims.
CREATE UNIQUE INDEX latchkey_task_lock ON latchkey_task (lock) WHERE state = 1 AND lock <> '';

-- Processes that claim tasks, each of which holds an advisory lock for as long as it is there.
CREATE TABLE latchkey_owner (
	owner bytea PRIMARY KEY
);

CREATE TABLE latchkey_lease (
	name  bytea  PRIMARY KEY,
	owner bytea  NOT NULL,
	until bytea  NOT NULL,
	token bigint NOT NULL
);

-- The end of the chain of each subject.
CREATE TABLE latchkey_chain (
	subject bytea  PRIMARY KEY,
	n       bigint NOT NULL,
	leaf    bytea  NOT NULL
) WITH (fillfactor = 70);

-- Entries that have no place yet.
CREATE TABLE latchkey_unsealed (
	seq     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	log     bytea  NOT NULL,
	id      bytea  NOT NULL,
	subject bytea  NOT NULL,
	n       bigint NOT NULL,
	prev    bytea  NOT NULL,
	schema  integer NOT NULL,
	body    bytea  NOT NULL,
	salt    bytea,
	private bytea,
	erased  bytea,
	leaf    bytea  NOT NULL,
	person  bytea  NOT NULL,
	app     bytea  NOT NULL,
	UNIQUE (subject, n)
);

-- The names of logs.
CREATE TABLE latchkey_log (
	number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name   bytea   NOT NULL UNIQUE
);

-- Entries that have one, in partitions by place, which the sealer makes. An old one can be detached; its
-- leaves stay in latchkey_leaf.
CREATE TABLE latchkey_event (
	place   bigint NOT NULL,
	log     integer NOT NULL,
	id      bytea  NOT NULL,
	subject bytea  NOT NULL,
	n       bigint NOT NULL,
	prev    bytea  NOT NULL,
	schema  integer NOT NULL,
	body    bytea  NOT NULL,
	salt    bytea,
	private bytea,
	erased  bytea,
	leaf    bytea  NOT NULL,
	person  bytea  NOT NULL,
	app     bytea  NOT NULL,
	PRIMARY KEY (place)
) PARTITION BY RANGE (place);
CREATE INDEX latchkey_event_subject ON latchkey_event (subject, n);
CREATE INDEX latchkey_event_person ON latchkey_event (person, place) WHERE person <> '';
CREATE INDEX latchkey_event_app ON latchkey_event (person, app, place) WHERE app <> '';

-- The leaves of the tree of all entries, and the roots of its first perfect subtrees.
CREATE TABLE latchkey_leaf (
	place bigint PRIMARY KEY,
	leaf  bytea  NOT NULL
);
CREATE TABLE latchkey_subtree (
	last bigint PRIMARY KEY,
	root bytea  NOT NULL
);

-- +goose StatementBegin
CREATE FUNCTION latchkey_time(at bytea) RETURNS timestamptz LANGUAGE sql IMMUTABLE STRICT AS $$
	SELECT to_timestamp(('x' || encode(substr(at, 1, 8), 'hex'))::bit(64)::bigint # (-9223372036854775808))
$$;
-- +goose StatementEnd

