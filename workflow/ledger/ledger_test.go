package ledger_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
)

func TestIssueIsOpenedOnceAndThenToldTheStory(t *testing.T) {
	w := newWorld(t, nil)
	e := w.pending(access.Request{ID: "AR-1"})
	if err := w.work("open/AR-1", nil); err != nil {
		t.Fatal(err)
	}
	if err := w.work(ledger.RecordID(e), begun); err != nil {
		t.Fatal(err)
	}
	w.do(func(u *engine.Unit) error { return ledger.Effects()[access.EffectOpenIssue](u, e, access.Effect{}) })
	if err := w.work("open/AR-1", begun); err != nil { // it has its issue
		t.Fatal(err)
	}
	w.expect("open AR-1 afresh", "record AR-1 request.submitted again")
	if story := w.story(store.Filter{Subject: access.RequestSubject("AR-1")}); len(story) < 2 || story[1].Issue.Key != "IT-1" {
		t.Errorf("story: %+v", story)
	}
}

// Whoever writes an event on the issue knows whether more of the story is still to be written there: it is what comes last
// that closes the issue.
func TestWhatIsToldBeforeMore(t *testing.T) {
	w := newWorld(t, nil)
	first := w.pending(access.Request{ID: "AR-1"})
	if err := w.work("open/AR-1", nil); err != nil {
		t.Fatal(err)
	}
	var last access.Event
	w.do(func(u *engine.Unit) error {
		r, err := u.Request("AR-1")
		if err == nil {
			last, err = u.Append(r.Event(access.EventNote, access.System(), u.At), access.Effect{Kind: access.EffectRecord})
		}
		return err
	})
	for _, e := range []access.Event{first, last} {
		if err := w.work(ledger.RecordID(e), nil); err != nil {
			t.Fatal(err)
		}
	}
	w.expect("open AR-1 afresh", "record AR-1 request.submitted afresh before more", "record AR-1 note afresh")
}

func TestAnAttemptThatMayHaveWorkedIsLookedFor(t *testing.T) {
	w := newWorld(t, nil)
	w.pending(access.Request{ID: "AR-1"})
	w.err = &access.Failure{Class: access.Unclear, Sentence: "Jira did not answer"}
	if err := w.work("open/AR-1", begun); access.Classify(err).Class != access.Unclear {
		t.Errorf("got %v", err)
	}
	w.expect("open AR-1 again")
}

func TestEventsThatCanNotBeRecorded(t *testing.T) {
	w := newWorld(t, nil)
	e := w.pending(access.Request{ID: "AR-1"})
	if err := w.work(ledger.RecordID(e), func(t *store.Task) { t.Payload = []byte(`{"Event": "99"}`) }); access.Classify(err).Class != access.Rejected {
		t.Errorf("an event that is not there: %v", err)
	}
	if err := w.work(ledger.RecordID(e), func(t *store.Task) { t.Payload = nil }); access.Classify(err).Class != access.Rejected {
		t.Errorf("a payload that can't be read: %v", err)
	}
	if err := w.work(ledger.RecordID(e), func(t *store.Task) { t.Subject.ID = "AR-9" }); err == nil {
		t.Error("an unknown request is recorded")
	}
	if err := w.work(ledger.RecordID(e), func(t *store.Task) { t.Subject = access.GrantSubject("G-1") }); access.Classify(err).Class != access.Rejected {
		t.Errorf("a noun that nobody writes about: %v", err)
	}
	w.do(func(u *engine.Unit) error {
		return ledger.Effects()[access.EffectRecord](u, access.Event{Grant: "GF-1"}, access.Effect{})
	}) // has no issue of its own
	w.expect()
}

// What was found is written down in the issue that said so: that it is gone, and that it
// is back. Where no issue says so, the log is the record.
func TestWhatWasFoundIsToldWhereItIsWrittenDown(t *testing.T) {
	for key, comments := range map[string]int{"IT-7": 2, "": 0} {
		w := newWorld(t, nil)
		w.do(func(u *engine.Unit) error {
			adopted := access.Event{Kind: access.EventAdopted, Grant: "GF-1", Person: maya, At: u.At, Actor: access.System()}
			if key != "" {
				adopted.Issue = &access.Issue{ID: "7", Key: key}
			}
			_, err := u.Append(adopted)
			return err
		})
		w.do(func(u *engine.Unit) error {
			ref := catalog.GroupRef{Directory: "okta", Group: "figma-editors"}
			for _, kind := range []access.EventKind{access.EventMemberMissing, access.EventMemberBack, access.EventEnding} {
				e := access.Event{Kind: kind, Grant: "GF-1", Person: maya, At: u.At, Actor: access.System(), Group: &ref}
				if _, err := u.Append(e, access.Effect{Kind: access.EffectRecord}); err != nil {
					return err
				}
			}
			return nil
		})
		w.do(func(u *engine.Unit) error {
			tasks, err := u.Tx.Tasks("", 0, 100)
			n := 0
			for _, task := range tasks {
				if task.Kind == ledger.CommentTask && strings.Contains(string(task.Payload), "GF-1 (adopted)") && strings.Contains(string(task.Payload), "okta:figma-editors") {
					n++
				}
			}
			if n != comments {
				t.Errorf("%q: %d comments", key, n)
			}
			return err
		})
	}
}

func TestEmergenciesAlarmOnce(t *testing.T) {
	w := newWorld(t, nil)
	w.pending(access.Request{ID: "AR-1"})
	w.pending(access.Request{ID: "AR-2", BreakGlass: true})
	soon := func(id string) (yes bool) {
		w.do(func(u *engine.Unit) (err error) {
			yes, err = ledger.Failures(engine.Policy{})[ledger.OpenTask].Soon(u, store.Task{Subject: access.RequestSubject(id)}, nil)
			return err
		})
		return yes
	}
	if soon("AR-1") || !soon("AR-2") {
		t.Error("an emergency alarms, and nothing else")
	}
	w.do(func(u *engine.Unit) error {
		_, err := u.Append(access.Event{Kind: access.EventTaskBlocked, At: u.At, Request: "AR-2"})
		return err
	})
	if soon("AR-2") {
		t.Error("it alarms twice")
	}
}

func TestComments(t *testing.T) {
	w := newWorld(t, nil)
	for _, about := range []access.Subject{{}, access.RequestSubject("AR-1")} {
		r := ledger.Comment{Marker: "m" + about.ID, Subject: about, Issue: access.Issue{ID: "1", Key: "IT-1"}, Body: access.IssueComment{Title: "Which app?"}}
		w.do(func(u *engine.Unit) error { return ledger.AddComment(u, r) })
		if err := w.work("comment/m"+about.ID, nil); err != nil {
			t.Error(err)
		}
	}
	w.expect("say Which app? on IT-1 afresh", "say Which app? on IT-1 afresh")
}

func TestIncidents(t *testing.T) {
	w := newWorld(t, nil)
	w.pending(access.Request{ID: "AR-1", Incident: "ops-7", Issue: access.Issue{ID: "1", Key: "IT-1"}})
	link := func(err error) error {
		w.err = err
		w.do(func(u *engine.Unit) error { return ledger.LinkIncident(u, "AR-1") })
		return w.work("incident/AR-1", nil)
	}
	if err := link(errors.New("no route to host")); err == nil {
		t.Error("a passing failure is given up")
	}
	if err := link(nil); err != nil {
		t.Error(err)
	}
	before := len(w.story(store.Filter{Subject: access.RequestSubject("AR-1")}))
	if err := link(&access.Failure{Class: access.Rejected, Sentence: "there is no such issue"}); err != nil {
		t.Error(err)
	}
	if story := w.story(store.Filter{Subject: access.RequestSubject("AR-1")}); len(story) != before+1 || !strings.Contains(story[before].Note, "ops-7 could not be linked") {
		t.Errorf("story: %+v", story)
	}
	w.expect("link IT-1 to OPS-7", "link IT-1 to OPS-7", "link IT-1 to OPS-7")
}

func TestWithoutJirasExtras(t *testing.T) {
	w := newWorld(t, func(c *ledger.Config) { c.Comments, c.Incidents = nil, nil })
	w.pending(access.Request{ID: "AR-1"})
	w.do(func(u *engine.Unit) error {
		return errors.Join(ledger.AddComment(u, ledger.Comment{Marker: "m"}), ledger.LinkIncident(u, "AR-1"))
	})
	for _, id := range []string{"comment/m", "incident/AR-1"} {
		if err := w.work(id, nil); err != nil {
			t.Error(err)
		}
	}
	w.expect()
}

func TestEveryTaskHasAPurpose(t *testing.T) {
	w := newWorld(t, nil)
	for kind := range w.Handlers() {
		if say, known := ledger.Purposes()[kind]; !known || say(nil, store.Task{}) == "" {
			t.Errorf("nothing says what %s is for", kind)
		}
	}
}

// There tells whether an issue is there: what Jira says of it.
type presence map[string]bool

func (p presence) There(_ context.Context, issue access.Issue) (bool, error) {
	return p[issue.Key], nil
}

// What can't be written because the issue is gone is no trouble of the record's; what
// can't be written to an issue that is there is.
func TestAnIssueThatIsGoneIsNotWrittenTo(t *testing.T) {
	seen := presence{}
	var told []string
	w := newWorld(t, func(c *ledger.Config) {
		c.Presence, c.Gone = seen, func(u *engine.Unit, request string) error {
			told = append(told, request)
			_, err := ledger.MarkGone(u, request)
			return err
		}
	})
	e := w.pending(access.Request{ID: "AR-1", Issue: access.Issue{ID: "1", Key: "IT-1"}})
	w.err = &access.Failure{Class: access.Rejected, Sentence: "It isn't there."}
	seen["IT-1"] = true
	if err := w.work(ledger.RecordID(e), nil); err == nil {
		t.Error("a refusal is taken for a deletion")
	}
	seen["IT-1"] = false
	if err := w.work(ledger.RecordID(e), nil); err != nil || len(told) == 0 {
		t.Errorf("%v, told %q", err, told)
	}
	before := len(w.done)
	w.do(func(u *engine.Unit) error {
		r, err := u.Request("AR-1")
		if err == nil {
			e, err = u.Append(r.Event(access.EventNote, access.System(), u.At), access.Effect{Kind: access.EffectRecord})
		}
		return err
	})
	if err := w.work(ledger.RecordID(e), nil); err != nil || len(w.done) != before {
		t.Errorf("%v, written %q", err, w.done[before:])
	}
	w.do(func(u *engine.Unit) error {
		news, err := ledger.MarkBack(u, "AR-1")
		if !news {
			t.Error("it is no news that the issue is back")
		}
		return err
	})
	w.err = nil
	all := w.story(store.Filter{Subject: access.RequestSubject("AR-1")})
	if err := w.work(ledger.RecordID(all[len(all)-1]), nil); err != nil || len(w.done) != before+1 {
		t.Errorf("%v, written %q", err, w.done[before:])
	}
}

// An issue from before a quarantine may know more than the store: nothing is written there
// until the quarantine is over. What was asked for since is.
func TestNothingIsWrittenOverWhatMayBeNewer(t *testing.T) {
	w := newWorld(t, nil)
	e := w.pending(access.Request{ID: "AR-1", Issue: access.Issue{ID: "1", Key: "IT-1"}})
	w.do(func(u *engine.Unit) error {
		return store.PutQuarantine(u.Tx, &store.Quarantine{Cause: store.QuarantineRestored, Since: u.At.Add(time.Second), Why: "It was restored."})
	})
	if err := w.work(ledger.RecordID(e), nil); access.Classify(err).Class != access.Limited || !strings.Contains(access.Classify(err).Sentence, "IT-1 may know more") {
		t.Errorf("it is written: %v", err)
	}
	since := w.pending(access.Request{ID: "AR-2", Created: time.Now().Add(24 * time.Hour), Issue: access.Issue{ID: "2", Key: "IT-2"}})
	if err := w.work(ledger.RecordID(since), nil); err != nil {
		t.Errorf("what was asked for since: %v", err)
	}
	w.do(func(u *engine.Unit) error { return store.DropQuarantine(u.Tx, store.QuarantineRestored) })
	if err := w.work(ledger.RecordID(e), nil); err != nil {
		t.Error(err)
	}
	w.expect("record AR-2 request.submitted afresh", "record AR-1 request.submitted afresh")
}

// A request from before a quarantine may have its issue although the store doesn't know
// it. That it was opened would be the begin of another story, so it waits.
func TestNoIssueIsOpenedForWhatMayHaveOne(t *testing.T) {
	w := newWorld(t, nil)
	w.pending(access.Request{ID: "AR-1"})
	w.do(func(u *engine.Unit) error {
		return store.PutQuarantine(u.Tx, &store.Quarantine{Cause: store.QuarantineRestored, Since: u.At.Add(time.Second), Why: "It was restored."})
	})
	if err := w.work("open/AR-1", begun); access.Classify(err).Class != access.Limited || !strings.Contains(access.Classify(err).Sentence, "The issue of AR-1, if there is one by now, may know more") {
		t.Errorf("it is opened: %v", err)
	}
	w.do(func(u *engine.Unit) error { return store.DropQuarantine(u.Tx, store.QuarantineRestored) })
	if err := w.work("open/AR-1", begun); err != nil {
		t.Error(err)
	}
	w.expect("open AR-1 again")
}

// What changes access that was given is written into an issue, if need be another one
// than before; there is an end to that, too.
func TestWhatChangesAccessIsWrittenIntoAnotherIssue(t *testing.T) {
	var told []string
	w := newWorld(t, func(c *ledger.Config) {
		c.Presence = presence{}
		c.Gone = func(u *engine.Unit, request string) error {
			_, err := ledger.MarkGone(u, request)
			return err
		}
		c.Again = func(_ *engine.Unit, r access.Request, was access.Issue) error {
			told = append(told, was.Key+" "+r.Issue.Key)
			return nil
		}
	})
	w.pending(access.Request{ID: "AR-1", Issue: access.Issue{ID: "0", Key: "IT-0"}})
	if err := w.work("open/AR-1", nil); err != nil { // it has its issue
		t.Fatal(err)
	}
	g := access.Grant{ID: "G-1", Request: "AR-1", Person: maya, State: access.GrantActive, Started: start()}
	happens := func(kind access.EventKind) (e access.Event) {
		w.do(func(u *engine.Unit) (err error) {
			g.Version = 0
			if _, err := u.Grant(g.ID); err != nil {
				if err := engine.Save(u, engine.Grants(), &g); err != nil {
					return err
				}
			}
			e, err = u.Append(g.Event(kind, access.System(), u.At), access.Effect{Kind: access.EffectRecord})
			return err
		})
		return e
	}
	reminded, ending, removed := happens(access.EventReminded), happens(access.EventEnding), happens(access.EventMemberRemoved)
	w.err = &access.Failure{Class: access.Rejected, Sentence: "It isn't there."}
	if err := w.work(ledger.RecordID(ending), nil); err != nil { // it is found to be gone
		t.Fatal(err)
	}
	w.err = nil
	w.done = nil
	for _, id := range []string{ledger.RecordID(reminded), ledger.RecordID(removed), "open/AR-1", ledger.RecordID(ending), ledger.RecordID(removed)} {
		if err := w.work(id, nil); err != nil {
			t.Fatal(err)
		}
	}
	w.expect("open AR-1 afresh", "record AR-1 grant.ending afresh before more", "record AR-1 grant.member_removed afresh before more") // that it was opened
	if len(told) == 0 || told[0] != "IT-0 IT-1" {
		t.Errorf("told %q", told)
	}
	for range 10 { // somebody deletes each of them
		w.do(func(u *engine.Unit) error {
			_, err := ledger.MarkGone(u, "AR-1")
			return err
		})
		e := happens(access.EventMemberKept)
		if err := w.work(ledger.RecordID(e), nil); err != nil {
			t.Fatal(err)
		}
		if _, err := w.task("open/AR-1"); err == nil {
			if err := w.work("open/AR-1", nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	opened := 0
	for _, line := range w.done {
		if strings.HasPrefix(line, "open") {
			opened++
		}
	}
	if opened != 3 {
		t.Errorf("%d issues for one request", opened)
	}
}

// TestAnOlderStateThatMayHaveComeLastIsWrittenOver: another process took the record over and
// went on, before this one's call arrived.
func TestAnOlderStateThatMayHaveComeLastIsWrittenOver(t *testing.T) {
	w := newWorld(t, nil)
	e := w.pending(access.Request{ID: "AR-1"})
	for _, id := range []string{"open/AR-1", ledger.RecordID(e)} {
		if err := w.work(id, nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, kind := range []string{ledger.RecordTask, ledger.StateTask, ledger.SettleTask, ledger.RenewTask} {
		w.done = nil
		h := w.Handlers()[kind]
		w.do(func(u *engine.Unit) error {
			return h.Overtaken(u, store.Task{Kind: kind, Subject: access.RequestSubject("AR-1")}, u.At)
		})
		if err := w.work("state/AR-1", nil); err != nil {
			t.Fatal(err)
		}
		if len(w.done) != 1 || !strings.HasSuffix(w.done[0], " again") || !h.Doubts {
			t.Errorf("%s: wrote %q", kind, w.done)
		}
	}
}
