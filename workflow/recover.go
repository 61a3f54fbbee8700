package workflow

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// Conflict is something that a human has to look at after a recovery.
type Conflict struct {
	About  string            // what it is about: a request's label, a group, or the log
	Text   string            // cause and what can be done
	People []access.PersonID `json:",omitempty"` // who is concerned, where it is about a group
}

// Recovery is what a rebuilt store holds.
type Recovery struct {
	Requests  int
	Waiting   int // of them, still to be decided
	Grants    int
	Live      int // of them, still a reason for access
	Overdue   int // of them, with an end that has passed: they end at the next run
	Events    int
	Missing   int // events of the old log that the record does not hold
	Head      access.Event
	Conflicts []Conflict
}

// revived is one case on its way back into the store.
type revived struct {
	r     access.Request
	g     *access.Grant
	story []access.Event
}

// Recover fills an empty store with what the record remembers, and compares the
// result with the directories, in which nothing is changed. A store that is only
// partly filled, because this broke off, is not worked on: see Run. With dry,
// nothing is written.
//
// The log starts anew: its first event names the end of the log that is gone,
// and each recovered event says where it stood in it. Changes that were under way
// are taken up again; a message goes out only about cases that wait for somebody.
func (s *Service) Recover(ctx context.Context, memories []access.RecoveredCase, dry bool) (Recovery, error) {
	if err := s.mustBeEmpty(ctx); err != nil {
		return Recovery{}, err
	}
	var out Recovery
	cases := s.revive(memories, &out)
	chain := collect(cases)
	out.Events, out.Missing, out.Head = len(chain.Events), chain.Missing(), chain.Head
	out.Conflicts = append(out.Conflicts, damage(chain)...)
	found, err := s.compare(ctx, cases)
	if err != nil {
		return out, err
	}
	out.Conflicts = append(out.Conflicts, found...)
	if dry {
		return out, nil
	}
	return out, s.rebuild(ctx, cases, chain.Events, out)
}

// mustBeEmpty refuses a store that knows anything already.
func (s *Service) mustBeEmpty(ctx context.Context) error {
	if err := s.mustBeComplete(ctx); err != nil {
		return err
	}
	return s.Store.View(ctx, func(tx store.Tx) error {
		_, begun, err := tx.Head()
		if err != nil {
			return err
		}
		some, err := store.AllRequests(tx, "", 1)
		if err == nil && (begun || len(some) > 0) {
			err = &access.Failure{Class: access.Rejected,
				Sentence: "The store isn't empty, and a recovery would mix two histories: move it away or configure a new one, then try again"}
		}
		return err
	})
}

// mustBeComplete refuses a store that a recovery has begun to fill and not finished.
func (s *Service) mustBeComplete(ctx context.Context) error {
	return s.Store.View(ctx, func(tx store.Tx) error {
		broken, err := store.Rebuilding(tx)
		if err == nil && broken {
			err = &access.Failure{Class: access.Rejected,
				Sentence: "A recovery of this store broke off, so it holds only a part of what there is: remove it, and run latchkey recover again"}
		}
		return err
	})
}

// revive makes cases of memories and counts them.
func (s *Service) revive(memories []access.RecoveredCase, out *Recovery) []revived {
	var cases []revived
	now := s.Clock.Now()
	for _, m := range memories {
		c, doubts := s.reviveOne(m)
		for _, d := range append(slices.Clone(m.Doubts), doubts...) {
			out.Conflicts = append(out.Conflicts, Conflict{About: m.Request.Label(), Text: d})
		}
		cases = append(cases, c)
		out.count(c, now)
	}
	return cases
}

func (out *Recovery) count(c revived, now time.Time) {
	out.Requests++
	if c.r.State == access.RequestPending {
		out.Waiting++
	}
	if c.g == nil {
		return
	}
	out.Grants++
	if c.g.Live() {
		out.Live++
	}
	if due := c.g.Due(); !due.IsZero() && !due.After(now) {
		out.Overdue++
	}
}

// reviveOne takes the state as it was written down, or tells it from the story
// where it was too long for that. doubts say what does not fit.
func (s *Service) reviveOne(m access.RecoveredCase) (c revived, doubts []string) {
	r, g, err := m.Replay(s.Config.Catalog)
	c = revived{r: m.Request, g: m.Grant, story: m.Story}
	switch {
	case !m.Whole && err != nil:
		doubts = append(doubts, "Its state was too long for the issue, and the story in its comments breaks off: "+sentenceOf(err)+" Check what the person has")
		c.r, c.g = r, g
	case !m.Whole:
		c.r, c.g = r, g
	case err == nil && !sameCourse(r, g, m):
		doubts = append(doubts, "The state in the issue does not follow from its story; the state was used. Somebody may have changed the issue's property: check what the person has and until when")
	}
	if !m.Whole && m.Phase != "" && (access.Case{Request: c.r, Grant: c.g}).Phase() != m.Phase {
		doubts = append(doubts, fmt.Sprintf("The issue says %q, but its story ends at %q; the story was used", m.Phase, access.Case{Request: c.r, Grant: c.g}.Phase()))
	}
	c.r.Version = 0
	if c.g != nil {
		fresh := *c.g
		fresh.Version = 0
		c.g = &fresh
	}
	return c, doubts
}

func sentenceOf(err error) string {
	return strings.TrimSuffix(err.Error(), ".") + "."
}

// sameCourse compares what matters of a case told again with what was written down.
func sameCourse(r access.Request, g *access.Grant, m access.RecoveredCase) bool {
	if r.State != m.Request.State || r.Stage != m.Request.Stage || r.Allowed != m.Request.Allowed || (g == nil) != (m.Grant == nil) {
		return false
	}
	if g == nil {
		return true
	}
	if g.State != m.Grant.State || g.Person != m.Grant.Person || g.End != m.Grant.End || !g.Ends.Equal(m.Grant.Ends) {
		return false
	}
	return slices.EqualFunc(g.Entitlements, m.Grant.Entitlements, func(a, b access.Entitlement) bool { return a.Group == b.Group && a.State == b.State })
}

// collect brings the events of all cases into the order they happened in.
func collect(cases []revived) access.Chain {
	var all []access.Event
	for _, c := range cases {
		all = append(all, c.story...)
	}
	return access.Assemble(all)
}

// damage words what is wrong with the old log, as far as the record shows it.
func damage(chain access.Chain) []Conflict {
	var out []Conflict
	for _, e := range chain.Breaks {
		out = append(out, Conflict{About: "log", Text: fmt.Sprintf(
			"Event %s of request %s was altered after it was sealed, or does not follow the event before it: compare the issue's comments with what people remember", e.ID(), e.Request)})
	}
	return out
}

// rebuilding is how many cases, or events, are written in one transaction.
const rebuilding = 500

// rebuild writes everything: the log, then the state, then, once all is there,
// what has to go on, for what one grant keeps depends on the others.
func (s *Service) rebuild(ctx context.Context, cases []revived, events []access.Event, out Recovery) error {
	if err := s.update(ctx, func(st *step) error { return st.beginAnew(out) }); err != nil {
		return fmt.Errorf("begin the log anew: %w", err)
	}
	if err := inBatches(ctx, s, events, (*step).replay); err != nil {
		return fmt.Errorf("write the log: %w", err)
	}
	if err := inBatches(ctx, s, cases, (*step).put); err != nil {
		return err
	}
	if err := inBatches(ctx, s, cases, (*step).resume); err != nil {
		return err
	}
	return s.update(ctx, func(st *step) error { return store.EndRebuild(st.tx) })
}

// inBatches does one thing for each of many, some at a time.
func inBatches[T any](ctx context.Context, s *Service, all []T, do func(*step, T) error) error {
	for some := range slices.Chunk(all, rebuilding) {
		err := s.update(ctx, func(st *step) error {
			for _, one := range some {
				if err := do(st, one); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// beginAnew writes the first event, which names the end of the log before.
func (st *step) beginAnew(out Recovery) error {
	first := access.Event{Kind: access.EventLogRebuilt, At: st.at, Actor: access.Actor{Via: access.ViaCLI}, Note: out.note()}
	if out.Head.Seq > 0 {
		first.Was = was(out.Head)
	}
	if _, err := st.tx.Append(first); err != nil {
		return err
	}
	return store.MarkRebuild(st.tx)
}

func (st *step) replay(e access.Event) error {
	e.Was = was(e)
	_, err := st.tx.Append(e)
	return err
}

// was is an event's place in the log that is gone.
func was(e access.Event) string { return e.ID() + " " + e.Hash }

// note is what the log says about itself.
func (out Recovery) note() string {
	text := fmt.Sprintf("This log was rebuilt from Jira: %d requests, %d grants and %d events.", out.Requests, out.Grants, out.Events)
	if out.Head.Seq == 0 {
		return text + " Nothing of an earlier log was found."
	}
	text += fmt.Sprintf(" The log before it is gone. Its last event found in Jira is %s with the hash %s, on request %s.", out.Head.ID(), out.Head.Hash, out.Head.Request)
	if out.Missing > 0 {
		text += fmt.Sprintf(" %d of its events were not found there.", out.Missing)
	}
	return text
}

func (st *step) put(c revived) error {
	if err := store.PutRequest(st.tx, &c.r); err != nil || c.g == nil {
		return err
	}
	g := *c.g // a transaction may run twice, and putting raises the version
	return store.PutGrant(st.tx, &g)
}
