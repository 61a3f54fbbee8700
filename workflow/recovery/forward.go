package recovery

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/requests"
)

// Behind says how far a store is behind what is anchored of its log.
type Behind struct {
	Size       uint64 // how many events of the log it shares with others
	Anchored   uint64 // how many the newest anchor knows of
	Instance   uint64 // the newest Latchkey that wrote
	Checkpoint string // the store's newest own, as it is; may be empty
	Newest     string // the newest that is anchored, as it is; may be empty
}

// Forwarded is what bringing a store up has done.
type Forwarded struct {
	Requests    int      // whose stories go on in Jira
	New         int      // of them, those that the store had never heard of
	Events      int      // that came back
	Gap         uint64   // events that are nowhere any more, as far as anchors tell
	Unconfirmed int      // of the requests, those that wait for a human's word
	Disputed    int      // and those that may not be the newest
	Rejoined    []string // who the record says they are whom the store had met anew, as people know them
	Log         string   // name of the log that begins
	Conflicts   []Conflict
}

// Forward brings a store up that is older than its log: of each request, what the
// issue has more of and is signed is put behind what is here, which it has to go on
// from. Nobody is put into a group because of it. Then a new log begins, which names
// the old one's head: what the lost one still said is nobody's. It may be broken off
// and begun again. With dry, nothing is written.
func (s *Service) Forward(ctx context.Context, found Found, by Behind, dry bool) (Forwarded, error) {
	if err := s.MustBeComplete(ctx); err != nil {
		return Forwarded{}, err
	}
	j, err := s.newJudge(ctx, found)
	if err != nil {
		return Forwarded{}, err
	}
	all, err := j.all(ctx)
	if err != nil {
		return Forwarded{}, err
	}
	ahead, out, err := s.continued(ctx, j, all)
	if err != nil {
		return out, err
	}
	decided := Recovery{}
	people := reunite(ahead, s.units.Now(), &decided)
	seen, err := s.look(ctx, s.catalog(), ahead, pinned(ahead))
	if err != nil {
		return out, err
	}
	ahead = decide(ahead, table{catalog: s.catalog(), live: seen, people: people}, &decided)
	for _, c := range ahead {
		decided.count(c, s.units.Now())
	}
	anew, known, err := s.metAnew(ctx, people)
	if err != nil {
		return out, err
	}
	out.Rejoined, decided.Conflicts = known, slices.Concat(decided.Conflicts, out.Conflicts, anew)
	decided.sort()
	out.Conflicts, out.Unconfirmed, out.Disputed, out.Requests = decided.Conflicts, decided.Unconfirmed, decided.Disputed, len(ahead)
	out.Gap = by.Anchored - min(by.Anchored, by.Size+uint64(out.Events))
	if out.Log, err = s.nextLog(ctx, j.epoch); err != nil || dry || out.Events == 0 && by.Anchored <= by.Size {
		return out, err
	}
	return out, s.bringUp(ctx, ahead, people, by, out)
}

// continued are the cases of which Jira has more than the store, and which go on from
// what is here.
func (s *Service) continued(ctx context.Context, j *judge, all []restoredCase) (ahead []restoredCase, out Forwarded, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		ahead, out = nil, Forwarded{}
		for _, c := range all {
			here, err := endOf(tx, c.Subject())
			if err != nil {
				return err
			}
			switch next := here.N; {
			case next >= uint64(len(c.Entries)):
			case c.Entries[next].Prev != here.Leaf:
				out.Conflicts = append(out.Conflicts, Conflict{About: c.r.Label(), Urgent: true, Do: lookAt(c.Issue), Text: fmt.Sprintf(
					"The issue %s is signed, and its event %d does not go on from event %d of this store: there are two stories. Nothing of it was taken over", c.Issue.Key, next+1, next)})
			default:
				if next == 0 {
					out.New++
				}
				out.Events += len(c.Entries) - int(next)
				ahead = append(ahead, c)
			}
		}
		out.Conflicts = append(out.Conflicts, j.listed...)
		return nil
	})
	return ahead, out, err
}

// endOf is the last event of a subject that is here; the zero entry if there is none.
func endOf(tx store.Tx, about access.Subject) (last access.Entry, err error) {
	const page = 1000
	for {
		some, err := tx.Entries(store.Filter{Subject: about}, last.N, page)
		if err != nil || len(some) == 0 {
			return last, err
		}
		last = some[len(some)-1]
	}
}

// bringUp writes it all down.
func (s *Service) bringUp(ctx context.Context, ahead []restoredCase, known recordedPeople, by Behind, out Forwarded) error {
	if err := inBatches(ctx, s, known.people, known.meet); err != nil {
		return fmt.Errorf("write down who people are: %w", err)
	}
	if err := inBatches(ctx, s, ahead, s.goOn); err != nil {
		return err
	}
	if err := s.eachPage(ctx, tryNow); err != nil {
		return fmt.Errorf("try what waited: %w", err)
	}
	return s.units.Update(ctx, func(u *engine.Unit) error { return succeed(u, by, out) })
}

// goOn puts what came after behind what is here of one request, and takes up what was
// under way.
func (s *Service) goOn(u *engine.Unit, c restoredCase) error {
	here, err := endOf(u.Tx, c.Subject())
	if err != nil || here.N >= uint64(len(c.Entries)) {
		return err
	}
	for _, e := range c.Entries[here.N:] {
		if err := store.Restore(u.Tx, e); err != nil {
			return err
		}
	}
	if err := replace(u, c); err != nil {
		return err
	}
	last := c.Entries[len(c.Entries)-1]
	if err := store.PutSeen(u.Tx, last.Subject, last.N, last.Leaf); err != nil {
		return err
	}
	if err := store.DropAhead(u.Tx, last.Subject); err != nil {
		return err
	}
	for _, e := range c.Story { // the issue has been told
		if err := u.Drop(ledger.RecordID(e)); err != nil {
			return err
		}
	}
	return s.resume(u, c)
}

// tryNow has some tasks tried at once that wait for their next attempt: what they waited for
// was, for many, that the store was brought up.
func tryNow(u *engine.Unit, after uint64) (last uint64, more bool, err error) {
	all, err := u.Tx.Tasks(store.Ready, after, rebuilding)
	if err != nil || len(all) == 0 {
		return after, false, err
	}
	for _, t := range all {
		if t.Problem == "" || !t.NotBefore.After(u.At) { // one without waits for a moment of its own
			continue
		}
		t.NotBefore = u.At
		if err := u.Tx.Requeue(t); err != nil {
			return after, false, err
		}
	}
	return all[len(all)-1].Seq, true, nil
}

// replace puts request and grant in the place of those that are here. They are due when
// they say, whatever kept those from being carried out.
func replace(u *engine.Unit, c restoredCase) error {
	r := c.r
	was, err := store.Request(u.Tx, r.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	r.Version = was.Version
	if err := u.DropAside(engine.Requests().Kind, r.ID); err != nil {
		return err
	}
	if err := engine.Save(u, engine.Requests(), &r); err != nil || c.g == nil {
		return err
	}
	g := *c.g
	old, err := store.Grant(u.Tx, g.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	g.Version = old.Version
	if err := u.DropAside(engine.Grants().Kind, g.ID); err != nil {
		return err
	}
	return engine.Save(u, engine.Grants(), &g)
}

// succeed begins the next log. What could not be brought up is not waited for any
// longer: access that it may be about is disputed until a human has looked.
func succeed(u *engine.Unit, by Behind, out Forwarded) error {
	old, err := store.LogName(u.Tx)
	if err != nil {
		return err
	}
	left, err := store.Aheads(u.Tx)
	if err != nil {
		return err
	}
	if err := store.NameLog(u.Tx, out.Log); err != nil {
		return err
	}
	signing, err := store.LoadSigning(u.Tx)
	if err != nil {
		return err
	}
	signing.Instance = max(signing.Instance, by.Instance)
	if err := store.PutSigning(u.Tx, signing); err != nil {
		return err
	}
	if _, err := u.Append(access.Event{Kind: access.EventLogRebuilt, At: u.At, Actor: access.Actor{Via: access.ViaCLI}, Note: out.note(old, by)}); err != nil {
		return err
	}
	if err := gap(u, out.Gap, old); err != nil {
		return err
	}
	for _, a := range left {
		if err := leaveBehind(u, a); err != nil {
			return err
		}
	}
	for _, cause := range []string{store.QuarantineOlder, store.QuarantineRestored} {
		if err := requests.EndQuarantine(u, cause, access.Actor{Via: access.ViaCLI}, fmt.Sprintf("The store was brought up from Jira: %s of %s came back.", counted(out.Events, "event"), counted(out.Requests, "request"))); err != nil {
			return err
		}
	}
	return nil
}

// leaveBehind disputes what a story may be about that could not be brought up.
func leaveBehind(u *engine.Unit, a store.Ahead) error {
	if err := store.DropAhead(u.Tx, a.Subject); err != nil {
		return err
	}
	r, err := u.Request(a.Subject.Request())
	if err != nil {
		return nil // it isn't here, so nothing follows from it
	}
	g, err := u.Grant(r.GrantID())
	if err != nil || g.State != access.GrantActive || g.Disputed {
		return nil
	}
	e := g.Event(access.EventDisputed, access.System(), u.At)
	e.Note = fmt.Sprintf("Jira once held %d events of this, more than the store, and they could not be brought back.", a.N)
	_, err = u.MoveGrant(g, e)
	return err
}

// note is what the new log says of the old one.
func (out Forwarded) note(old string, by Behind) string {
	text := fmt.Sprintf("The store was older than the log %s: it had %s of it, and was brought up from Jira by %s of %s.", old, counted(by.Size, "event"), counted(out.Events, "event"), counted(out.Requests, "request"))
	if out.Gap > 0 {
		text += fmt.Sprintf(" At least %d events of the old log are gone: they had not reached Jira, or concern no request.", out.Gap)
	}
	if by.Checkpoint != "" {
		text += " The store's own newest checkpoint was:\n" + by.Checkpoint
	}
	if by.Newest != "" {
		text += " The newest that is anchored outside is:\n" + by.Newest
	}
	return text
}

// counted is how many there are of something.
func counted[N int | uint64](n N, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
