package engine

import (
	"hash/fnv"
	"time"

	"latchkey/store"
)

// grace is how long a process leaves what is due to one whose turn it is before its own.
const grace = 250 * time.Millisecond

// turns is when this process carries out what is due. Of processes that share the store every
// one does so on its own, and nobody waits for a leader; but each record is the turn of one
// first, of the next one once it was left lying for a while, and so on: if all began at the
// same moment, all but one would have done it for nothing.
type turns struct {
	place, among int
}

func (s *Units) turns() turns {
	if shared, ok := s.store.(store.Attended); ok {
		place, among := shared.Attendance()
		return turns{place, among}
	}
	return turns{0, 1}
}

// at is when it is this process's turn to do what a record has due.
func (t turns) at(r store.Record) time.Time {
	sum := fnv.New32a()
	sum.Write([]byte(r.Kind + "/" + r.ID))
	first := int(sum.Sum32() % uint32(t.among))
	return r.Due.Add(grace * time.Duration((t.place-first+t.among)%t.among))
}
