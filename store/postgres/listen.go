package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"latchkey/store"
)

const (
	// channel is where replicas of all stores of a database hear of each other.
	channel = "latchkey"
	// unsealed is sent when there are entries without a place, placed when they have
	// theirs. No topic has such a payload.
	unsealed = "!unsealed"
	placed   = "!placed"
	// anybody is sent when everybody is to look again.
	anybody = "!anybody"
)

const (
	// earQuiet is after how long a silence the session that listens is asked whether it still hears,
	// and earPatience how long its answer is waited for. A session can be lost without a word: its
	// silence then looks like that of replicas that have nothing to say.
	earQuiet    = 2 * time.Second
	earPatience = 3 * time.Second
)

// payload is how a topic is sent: the database takes short texts only.
func payload(topic string) string {
	for _, c := range []byte(topic) {
		if c < ' ' || c > '~' || len(topic) > 200 {
			sum := sha256.Sum256([]byte(topic))
			return "#" + hex.EncodeToString(sum[:])
		}
	}
	return "." + topic
}

// hear opens the session that listens.
func (s *Store) hear(ctx context.Context) (*pgx.Conn, error) {
	ear, err := s.dial.session(ctx, nil)
	if err != nil {
		return nil, err
	}
	if err := s.comeIn(ctx, ear); err != nil {
		hangUp(ear)
		return nil, err
	}
	if _, err := ear.Exec(ctx, "listen "+channel); err != nil {
		hangUp(ear)
		return nil, s.dial.lost(err)
	}
	return ear, nil
}

// openKey is what everybody who has the store open holds a lock on.
const openKey = `hashtextextended('latchkey store ' || current_schema(), 0)`

// comeIn has others see that this process has the store open, for as long as the
// session lasts.
func (s *Store) comeIn(ctx context.Context, ear *pgx.Conn) error {
	lock := "pg_try_advisory_lock_shared"
	if s.alone {
		lock = "pg_try_advisory_lock"
	}
	var free bool
	if err := ear.QueryRow(ctx, `SELECT `+lock+`(`+openKey+`)`).Scan(&free); err != nil {
		return s.dial.lost(err)
	}
	if !free {
		return &inUse{s.dial.name, s.alone, whoIsIn(ctx, ear)}
	}
	return nil
}

// whoIsIn says who else has the store open; "" where that can't be told.
func whoIsIn(ctx context.Context, conn *pgx.Conn) string {
	rows, err := conn.Query(ctx, `
		SELECT coalesce('from ' || host(client_addr), 'on its own machine'), to_char(backend_start AT TIME ZONE 'UTC', 'DD Mon HH24:MI')
		FROM pg_locks l JOIN pg_stat_activity a USING (pid)
		WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND pid <> pg_backend_pid()
		AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
		AND classid::bigint = (`+openKey+` >> 32) & 4294967295 AND objid::bigint = `+openKey+` & 4294967295
		ORDER BY backend_start`)
	if err != nil {
		return ""
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (string, error) {
		var where, since string
		err := row.Scan(&where, &since)
		return "one " + where + " since " + since + " UTC", err
	})
	if err != nil {
		return ""
	}
	return strings.Join(all, ", ")
}

// inUse is the error of a database that others have open.
type inUse struct {
	name  string
	alone bool
	who   string
}

func (e *inUse) Error() string {
	switch {
	case e.alone && e.who != "":
		return "a latchkey is running on the database " + e.name + ": stop all of them first (" + e.who + "); of one whose machine is gone the database lets go within half a minute"
	case e.alone:
		return "a latchkey is running on the database " + e.name + ": stop all of them first"
	}
	return "the database " + e.name + " is being copied: wait until that is done"
}

// Is makes it a store.ErrInUse.
func (*inUse) Is(target error) bool { return target == store.ErrInUse }

// listen hears what is notified until the store is closed. What was said while the
// session was down is lost, so everybody is woken when there is a new one.
func (s *Store) listen(ear *pgx.Conn) {
	for s.ctx.Err() == nil {
		err := s.hearNext(ear)
		if err == nil {
			continue
		}
		hangUp(ear)
		if s.ctx.Err() == nil {
			s.log.Warn("the session that hears of other replicas was lost; it is opened anew", "database", s.dial.name, "error", brief(err))
		}
		if ear = s.hearAgain(); ear == nil {
			return
		}
		s.lookAgain()
	}
	hangUp(ear)
}

// hearNext hears the next notice, or sees after a silence that the session still hears. The
// database sends what it has to say before it answers.
func (s *Store) hearNext(ear *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(s.ctx, earQuiet)
	n, err := ear.WaitForNotification(ctx)
	cancel()
	switch {
	case err == nil:
		s.heard(n.Payload)
		return nil
	case s.ctx.Err() != nil || ear.IsClosed():
		return err
	}
	ctx, cancel = context.WithTimeout(s.ctx, earPatience)
	defer cancel()
	return ear.Ping(ctx)
}

// hearAgain tries until there is a session, or the store is closed: nil. As long as nothing can be
// heard everybody looks for themselves.
func (s *Store) hearAgain() *pgx.Conn {
	for pause := firstRest; ; pause = min(2*pause, longestRest) {
		ctx, cancel := context.WithTimeout(s.ctx, connecting)
		ear, err := s.hear(ctx)
		cancel()
		if err == nil {
			return ear
		}
		s.lookAgain()
		select {
		case <-time.After(pause):
		case <-s.ctx.Done():
			return nil
		}
	}
}

// lookAgain wakes everybody who waits for a notice: it may have been missed.
func (s *Store) lookAgain() {
	s.waiters.WakeAll()
	s.sealer.ring()
}

func (s *Store) heard(topic string) {
	if topic == unsealed {
		s.sealer.ring()
		return
	}
	if topic == anybody {
		s.waiters.WakeAll()
		return
	}
	s.waiters.Wake(map[string]bool{topic: true})
}

// hangUp ends a session of which nothing more is asked.
func hangUp(conn *pgx.Conn) {
	if conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx) // whatever it says, it is over
}
