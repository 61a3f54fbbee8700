package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/jackc/pgx/v5"
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
	ear, err := s.keeper.working(ctx, nil)
	if err != nil {
		return nil, err
	}
	within, cancel := context.WithTimeout(ctx, connecting)
	defer cancel()
	if _, err := ear.Exec(within, "listen "+channel); err != nil {
		hangUp(ear)
		return nil, s.dial.lost(err)
	}
	return ear, nil
}

// listen hears what is notified until the store is closed. What was said while the
// session was down is lost, so everybody is woken when there is a new one.
func (s *Store) listen(ear *pgx.Conn) {
	for s.ctx.Err() == nil {
		s.stats.listening.Store(true)
		err := s.hearNext(ear)
		if err == nil {
			continue
		}
		s.stats.listening.Store(false)
		s.stats.lost.Add(1)
		hangUp(ear)
		if s.ctx.Err() == nil {
			s.log.Warn("the session that hears of other replicas was lost", "database", s.dial.name, "error", brief(err))
		}
		if s.keeper.alone { // others may have come in meanwhile
			return
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
// heard everybody looks for themselves. How long a session may take is said by those who open it: there may be
// several hosts, and each is given its time.
func (s *Store) hearAgain() *pgx.Conn {
	s.dial.proven.Store(false) // what stands before the database may be another one by now
	said := ""
	for pause := firstRest; ; pause = min(2*pause, longestRest) {
		ear, err := s.hear(s.ctx)
		if err == nil {
			return ear
		}
		if why := brief(err); why != said && s.ctx.Err() == nil {
			s.log.Warn("nothing can be heard of other replicas; it is tried again", "database", s.dial.name, "error", why)
			said = why
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
