package anchor

import (
	"sync/atomic"
	"time"

	"latchkey/access"
	"latchkey/store"
)

func causes() []string {
	return []string{store.QuarantineOlder, store.QuarantineFork, store.QuarantineTwin}
}

// Outage is what the log is called among what doesn't work as it should.
const Outage = "log"

// askAgain is how soon what waits for a comparison looks again.
const askAgain = 10 * time.Second

// gate keeps the log from growing in ways that may be wrong, by what was found out of it so far.
type gate struct {
	compared atomic.Bool // since this start
	older    atomic.Bool // some stories are not to be gone on with: see Frozen
	barred   atomic.Bool // nothing is written into the record: see MayRecord
}

// Compared refuses additions until the store was compared with what is anchored, once
// in each start.
func (g *gate) Compared() error {
	if g.compared.Load() {
		return nil
	}
	return &access.Failure{Class: access.Limited, After: askAgain,
		Sentence: "Nobody is put into a group before the store was compared with what is anchored of it in Jira"}
}

// Frozen refuses to go on with the story of a subject that Jira has more of: what was
// added to it here would be another story.
func (g *gate) Frozen(tx store.Tx, about access.Subject) error {
	if !g.older.Load() {
		return nil
	}
	ahead, err := store.IsAhead(tx, about)
	if err == nil && ahead {
		err = access.Refuse(access.TooLate, "", "Jira knows more about this than Latchkey's store, which is an older one, so it is left as it is. IT was told; it goes on when the store was brought up.")
	}
	return err
}

// MayRecord refuses to write stories into Jira while it is not certain that this is
// the log they belong to.
func (g *gate) MayRecord() error {
	if !g.barred.Load() {
		return nil
	}
	return &access.Failure{Class: access.Limited, After: time.Minute,
		Sentence: "Nothing is written into Jira's issues while the log has another history than what is anchored of it, or another Latchkey writes to it"}
}
