package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/evidence/note"
	"latchkey/evidence/note/notetest"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
)

// carried is Jira as far as issues carry something for machines: the last of it, by
// issue.
type carried struct {
	*world
	keys note.Keys
	by   map[string]access.IssueRecord
	err  error // of what is written anew
}

func (j *carried) take(issue access.Issue, maker access.RecordMaker) error {
	r, err := maker(issue)
	if err == nil && !r.Empty() {
		j.by[issue.Key] = r
	}
	return err
}

func (j *carried) Open(ctx context.Context, c access.Case, since time.Time) (access.Issue, error) {
	return j.world.Open(ctx, c, since)
}

func (j *carried) Record(ctx context.Context, c access.Case, e access.Event, maker access.RecordMaker, looks bool, with ...access.Event) error {
	if err := j.take(c.Request.Issue, maker); err != nil {
		return err
	}
	return j.world.Record(ctx, c, e, maker, looks)
}

func (j *carried) Renew(_ context.Context, c access.Case, maker access.RecordMaker) error {
	return errors.Join(j.note("renew", c.Request.ID), j.err, j.take(c.Request.Issue, maker))
}

func (j *carried) Erase(_ context.Context, c access.Case, maker access.RecordMaker) error {
	if err := errors.Join(j.note("erase", c.Request.ID), j.err); err != nil {
		return err
	}
	return j.take(c.Request.Issue, maker)
}

// newSigned is a world in which issues carry what is signed.
func newSigned(t *testing.T, change func(*ledger.Config), over ...func(store.Store) store.Store) (*world, *carried) {
	t.Helper()
	j := &carried{by: map[string]access.IssueRecord{}}
	w := newWorld(t, func(c *ledger.Config) {
		c.Issues, c.Renewals, c.Erasures = j, j, j
		c.Sign = func(ctx context.Context, log string, k note.Kind, text string) (string, error) {
			return j.keys.Signer.Sign(ctx, log, k, text)
		}
		if change != nil {
			change(c)
		}
	}, over...)
	j.world = w
	w.do(func(u *engine.Unit) error {
		log, err := store.LogName(u.Tx)
		j.keys = notetest.Keys(log)
		return err
	})
	return w, j
}

// seen is how many events of a request Jira was noted to hold.
func (w *world) seen(request string) (n uint64) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		s, err := store.LoadSeen(u.Tx, access.RequestSubject(request))
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		n = s.N
		return err
	})
	return n
}

func firstIssue() access.Issue { return access.Issue{ID: "1", Key: "IT-1"} }

// What an issue carries is signed, tells the whole story, and is noted as what Jira was
// seen to hold.
func TestTheIssueCarriesTheSignedStory(t *testing.T) {
	w, jira := newSigned(t, nil)
	e := w.pending(access.Request{ID: "AR-1", Issue: firstIssue()})
	if n := w.seen("AR-1"); n != 0 {
		t.Errorf("before anything was written, Jira was seen to hold %d events", n)
	}
	if err := w.work(ledger.RecordID(e), nil); err != nil {
		t.Fatal(err)
	}
	c, err := (evidence.Reading{Trust: jira.keys.Trust}).ReadIssue(firstIssue(), jira.by["IT-1"])
	if err != nil || c.ID != "AR-1" || len(c.Entries) != 1 || c.Entries[0].ID != e.ID || c.Doubt != "" {
		t.Errorf("the issue says %+v, %v", c, err)
	}
	if n := w.seen("AR-1"); n != 1 {
		t.Errorf("Jira was seen to hold %d events, want 1", n)
	}
}

// Where nothing can be signed nothing is written: it would count for nothing.
func TestNothingIsWrittenUnsigned(t *testing.T) {
	broken := func(context.Context, string, note.Kind, string) (string, error) {
		return "", errors.New("the vault is sealed")
	}
	for name, c := range map[string]struct {
		sign evidence.Sign
		says string
	}{"no key": {nil, "There is no key"}, "a key that can't be used": {broken, "the vault is sealed"}} {
		t.Run(name, func(t *testing.T) {
			w, jira := newSigned(t, func(cfg *ledger.Config) { cfg.Sign = c.sign })
			e := w.pending(access.Request{ID: "AR-1", Issue: firstIssue()})
			err := w.work(ledger.RecordID(e), nil)
			if f := access.Classify(err); f.Class != access.Denied || !strings.Contains(f.Sentence, c.says) {
				t.Errorf("got %v", err)
			}
			if w.expect(); len(jira.by) != 0 || w.seen("AR-1") != 0 {
				t.Errorf("Jira has %+v, and was seen to hold %d events", jira.by, w.seen("AR-1"))
			}
		})
	}
}

// While stories may not be written, as by a second Latchkey on the same log, nothing
// asks Jira for anything.
func TestStoriesWaitWhileTheyMayNotBeWritten(t *testing.T) {
	why := &access.Failure{Class: access.Limited, Sentence: "Another Latchkey writes it."}
	w, _ := newSigned(t, func(c *ledger.Config) { c.MayWrite = func() error { return why } })
	e := w.pending(access.Request{ID: "AR-1", Issue: firstIssue()})
	w.do(func(u *engine.Unit) error {
		return errors.Join(ledger.EraseIssue(u, access.Request{ID: "AR-1", Issue: firstIssue()}), ledger.Renew(u, "k"))
	})
	w.enqueue(store.Task{ID: "renew/AR-1", Queue: ledger.Queue, Kind: ledger.RenewTask, Subject: access.RequestSubject("AR-1")})
	for _, id := range []string{"open/AR-1", ledger.RecordID(e), "erase/AR-1", "renew/AR-1"} {
		if err := w.work(id, nil); !errors.Is(err, why) {
			t.Errorf("%s: %v", id, err)
		}
	}
	w.expect()
}

func (w *world) enqueue(t store.Task) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		_, err := u.Enqueue(t)
		return err
	})
}

// lossy is a store that can't read one event back.
type lossy struct {
	store.Store
	id *string
}

func (s lossy) View(ctx context.Context, fn func(store.Tx) error) error {
	return s.Store.View(ctx, func(tx store.Tx) error { return fn(lossyTx{tx, *s.id}) })
}

func (s lossy) Update(ctx context.Context, fn func(store.Tx) error) error {
	return s.Store.Update(ctx, func(tx store.Tx) error { return fn(lossyTx{tx, *s.id}) })
}

type lossyTx struct {
	store.Tx
	id string
}

func (tx lossyTx) Entries(f store.Filter, after uint64, limit int) ([]access.Entry, error) {
	all, err := tx.Tx.Entries(f, after, limit)
	if i := slices.IndexFunc(all, func(e access.Entry) bool { return e.ID == tx.id }); i >= 0 && err == nil {
		return slices.Delete(all, i, i+1), store.Damage{{Kind: "event", ID: tx.id, Err: errors.New("bit rot")}}
	}
	return all, err
}

// A story of which a part is lost is told without it, says so, and carries no state
// beyond it. What is missing is shown until it can be read again; then the state is
// written.
func TestAStoryOfWhichAPartIsLost(t *testing.T) {
	var lost string
	w, jira := newSigned(t, nil, func(s store.Store) store.Store { return lossy{s, &lost} })
	first := w.pending(access.Request{ID: "AR-1", Issue: firstIssue()})
	second := w.happens("AR-1")
	lost = first.ID
	for _, e := range []access.Event{first, second} {
		if err := w.work(ledger.RecordID(e), nil); err != nil {
			t.Fatal(err)
		}
	}
	w.expect("record AR-1 note afresh before more", "record AR-1 note afresh")
	if len(jira.by) != 0 || w.seen("AR-1") != 0 {
		t.Errorf("a state is carried: %+v, and %d events were seen", jira.by, w.seen("AR-1"))
	}
	err := w.work("state/AR-1", nil)
	if f := access.Classify(err); f.Class != access.Rejected || !strings.Contains(f.Sentence, "IT-1") || !strings.Contains(f.Sentence, first.ID) {
		t.Errorf("what is missing is not shown: %v", err)
	}
	lost = ""
	if err := w.work("state/AR-1", nil); err != nil || w.seen("AR-1") != 0 {
		t.Errorf("%v", err)
	}
	if jira.by["IT-1"].Empty() {
		t.Error("the state is not written once all can be read again")
	}
}

// The state is not written apart while something of the story is about to be told:
// that carries it along.
func TestTheStateWaitsForWhatIsToldAnyway(t *testing.T) {
	w, jira := newSigned(t, nil)
	w.pending(access.Request{ID: "AR-1", Issue: firstIssue()})
	w.enqueue(store.Task{ID: "state/AR-1", Queue: ledger.Queue, Kind: ledger.StateTask, Subject: access.RequestSubject("AR-1")})
	if err := w.work("state/AR-1", nil); err != nil || len(jira.by) > 0 {
		t.Errorf("%v, carried %+v", err, jira.by)
	}
	w.expect()
}

// When another key signs from now on, the issue of each grant that is still there is
// signed anew, once. One that is over or disputed is left as it is.
func TestOpenIssuesAreSignedAnew(t *testing.T) {
	w, jira := newSigned(t, nil)
	const many = 230 // more than are looked at in one unit
	w.do(func(u *engine.Unit) error {
		for i := range many {
			g := access.Grant{ID: fmt.Sprintf("G-%03d", i), Request: fmt.Sprintf("AR-%03d", i), Person: maya, State: access.GrantActive}
			switch i {
			case 1:
				g.State = access.GrantEnded
			case 2:
				g.Disputed = true
			case 3:
				g.Request = "" // it was found, and has no issue of its own
			}
			if err := store.PutGrant(u.Tx, &g); err != nil {
				return err
			}
		}
		return ledger.Renew(u, "second-key")
	})
	if err := errors.Join(w.work("renew/second-key/", nil), w.work("renew/second-key/G-199", nil)); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]bool{"AR-000": true, "AR-001": false, "AR-002": false, "AR-229": true} {
		if _, err := w.task("renew/" + id); (err == nil) != want {
			t.Errorf("the issue of %s is signed anew: %v", id, err)
		}
	}
	w.pending(access.Request{ID: "AR-000", Issue: firstIssue()})
	if err := w.work("renew/AR-000", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := (evidence.Reading{Trust: jira.keys.Trust}).ReadIssue(firstIssue(), jira.by["IT-1"]); err != nil || w.seen("AR-000") != 1 {
		t.Errorf("%v, %d events seen", err, w.seen("AR-000"))
	}
	if _, refused := access.AsRefusal(w.work("renew/AR-229", nil)); !refused {
		t.Error("nobody hears of a grant whose request can't be found")
	}
	w.expect("renew AR-000")
}

// What was erased in the log is erased on the issue as well, once however often it is
// asked for. Where there is no issue there is nothing to erase.
func TestErasingOnTheIssue(t *testing.T) {
	there, told := presence{"IT-1": true}, 0
	w, jira := newSigned(t, func(c *ledger.Config) {
		c.Presence, c.Gone = there, func(*engine.Unit, string) error { told++; return nil }
	})
	w.pending(access.Request{ID: "AR-1", Issue: firstIssue()})
	w.do(func(u *engine.Unit) error {
		return errors.Join(
			ledger.EraseIssue(u, access.Request{ID: "AR-2"}), ledger.EraseIssue(u, access.Request{ID: "AR-3", Issue: access.Issue{ID: "3", Gone: true}}),
			ledger.EraseIssue(u, access.Request{ID: "AR-1", Issue: firstIssue()}), ledger.EraseIssue(u, access.Request{ID: "AR-1", Issue: firstIssue()}))
	})
	for _, id := range []string{"erase/AR-2", "erase/AR-3"} {
		if _, err := w.task(id); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: %v", id, err)
		}
	}
	jira.err = &access.Failure{Class: access.Rejected, Sentence: "It can't be changed."}
	if err := w.work("erase/AR-1", nil); err == nil || told > 0 {
		t.Errorf("a refusal is taken for a deletion: %v, told %d times", err, told)
	}
	jira.err = nil
	if err := w.work("erase/AR-1", nil); err != nil || jira.by["IT-1"].Empty() || w.seen("AR-1") != 1 {
		t.Errorf("%v, carried %+v", err, jira.by)
	}
	w.do(func(u *engine.Unit) error {
		return ledger.EraseIssue(u, access.Request{ID: "AR-1", Issue: firstIssue()})
	})
	there["IT-1"], jira.err = false, &access.Failure{Class: access.Rejected, Sentence: "There is no such issue."}
	if err := w.work("erase/AR-1", nil); err != nil || told == 0 {
		t.Errorf("of an issue that was deleted: %v, told %d times", err, told)
	}
	w.expect("erase AR-1", "erase AR-1", "erase AR-1")
}

// Whatever is to be written on an issue finds out that it was deleted: that is told, and nobody
// has to do anything about the task.
func TestNothingIsWrittenOnAnIssueThatIsGone(t *testing.T) {
	for kind, enqueue := range map[string]func(*world){
		ledger.EraseTask: func(w *world) {
			w.do(func(u *engine.Unit) error {
				return ledger.EraseIssue(u, access.Request{ID: "AR-1", Issue: firstIssue()})
			})
		},
		ledger.RenewTask: func(w *world) {
			w.enqueue(store.Task{ID: "it", Queue: ledger.Queue, Kind: ledger.RenewTask, Subject: access.RequestSubject("AR-1")})
		},
		ledger.StateTask: func(w *world) {
			w.enqueue(store.Task{ID: "it", Queue: ledger.Queue, Kind: ledger.StateTask, Subject: access.RequestSubject("AR-1")})
		},
	} {
		there, told := presence{"IT-1": true}, 0
		w, jira := newSigned(t, func(c *ledger.Config) {
			c.Presence, c.Gone = there, func(*engine.Unit, string) error { told++; return nil }
		})
		e := w.pending(access.Request{ID: "AR-1", Issue: firstIssue()})
		if err := w.work(ledger.RecordID(e), nil); err != nil {
			t.Fatal(err)
		}
		enqueue(w)
		id := "it"
		if kind == ledger.EraseTask {
			id = "erase/AR-1"
		}
		refused := &access.Failure{Class: access.Rejected, Sentence: "There is no such issue."}
		jira.err, w.err = refused, refused
		if err := w.work(id, nil); err == nil || told > 0 {
			t.Errorf("%s: a refusal is taken for a deletion: %v, told %d times", kind, err, told)
		}
		there["IT-1"] = false
		if err := w.work(id, nil); err != nil || told == 0 {
			t.Errorf("%s of an issue that was deleted: %v, told %d times", kind, err, told)
		}
	}
}

// happens adds an event to the story of a request, for its issue to be told.
func (w *world) happens(request string) (e access.Event) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		r, err := u.Request(request)
		if err != nil {
			return err
		}
		e, err = u.Append(r.Event(access.EventNote, access.System(), u.At), access.Effect{Kind: access.EffectRecord})
		return err
	})
	return e
}

// An issue of whose request nothing is told carries the state all the same, after a while; and
// where something is told, nothing is written twice.
func TestAnIssueOfWhichNothingIsToldCarriesTheState(t *testing.T) {
	for _, told := range []bool{false, true} {
		w, jira := newSigned(t, nil)
		e := w.pending(access.Request{ID: "AR-1"})
		if err := w.work("open/AR-1", nil); err != nil {
			t.Fatal(err)
		}
		first, err := w.task("first/AR-1")
		if err != nil || !first.NotBefore.After(start().Add(time.Minute)) || first.Lane != "" {
			t.Fatalf("it is looked at %s in %q, %v", first.NotBefore, first.Lane, err)
		}
		if told {
			if err := w.work(ledger.RecordID(e), nil); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.work("first/AR-1", nil); err != nil {
			t.Fatal(err)
		}
		_, err = w.task("renew/AR-1")
		if waits := err == nil; waits == told {
			t.Errorf("told: %t, and written by itself: %t", told, waits)
		}
		if told {
			continue
		}
		if err := w.work("renew/AR-1", nil); err != nil {
			t.Fatal(err)
		}
		if jira.by["IT-1"].Empty() || w.seen("AR-1") == 0 {
			t.Errorf("the issue carries %+v, and was seen to hold %d events", jira.by["IT-1"], w.seen("AR-1"))
		}
	}
}
