package workflow_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/requests"
)

var errDown = errors.New("connection refused")

func TestRequestIsGrantedAndEndsByItself(t *testing.T) {
	live(t, func(h *house) {
		r := h.ask("view-1")
		h.expect("nobody is added before the approval", !h.world.in("maya"))
		if err := h.yes(r, "noor"); err != nil {
			t.Fatal(err)
		}
		h.expect("the group changed", h.world.in("maya"))
		h.pass(6*time.Hour - time.Minute)
		h.expect("access lasts its time", h.world.in("maya"))
		h.pass(2 * time.Minute)
		h.expect("access ended", !h.world.in("maya"))
		h.expect("the grant knows", h.grant(r).State == access.GrantEnded && h.grant(r).End == access.EndExpired)
		h.expect("the removal was recorded", h.world.count(access.EventMemberRemoved) == 1)
	})
}

func TestTheSameSubmissionMakesOneRequest(t *testing.T) {
	live(t, func(h *house) {
		if a, b := h.ask("view-1"), h.ask("view-1"); a.ID != b.ID {
			t.Errorf("two requests: %s and %s", a.ID, b.ID)
		}
		h.expect("one issue", h.world.issues == 1)
	})
}

func TestOnlyTheRightPersonDecides(t *testing.T) {
	live(t, func(h *house) {
		r := h.ask("view-1")
		for _, who := range []string{"maya", "tom", "ines", "grace"} {
			if refusal, ok := access.AsRefusal(h.yes(r, who)); !ok || refusal.Reason != access.NotAllowed {
				t.Errorf("%s: %v", who, refusal)
			}
		}
		h.expect("nothing was granted", !h.world.in("maya"))
		c, err := h.Query.Case(h.t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		notes := 0
		for _, e := range c.Story {
			if e.Actor.Person != "" && e.Actor.Person != peopletest.ID("maya") && e.Note != "" {
				notes++
			}
		}
		h.expect("every refused answer is in the log", notes >= 3)
	})
}

func TestNoChangeWithoutARecord(t *testing.T) {
	live(t, func(h *house) {
		h.world.set(&h.world.jira, errDown)
		r := h.ask("view-1")
		if err := h.yes(r, "noor"); err != nil {
			t.Fatal(err)
		}
		h.pass(time.Hour)
		h.expect("the grant waits for its issue", h.grant(r).State == access.GrantWaiting && !h.world.in("maya"))
		h.world.set(&h.world.jira, nil)
		h.pass(2 * time.Minute)
		h.expect("it goes on by itself", h.world.in("maya") && h.world.issues == 1)
	})
}

func TestRemovalWaitsForNobody(t *testing.T) {
	live(t, func(h *house) {
		r := h.ask("view-1")
		if err := h.yes(r, "noor"); err != nil {
			t.Fatal(err)
		}
		h.world.set(&h.world.jira, errDown)
		h.pass(6*time.Hour + time.Second)
		h.expect("access ended while Jira was down", !h.world.in("maya"))
		h.world.set(&h.world.jira, nil)
		h.pass(2 * time.Minute)
		h.expect("the record caught up", h.world.count(access.EventEnding) == 1 && h.world.count(access.EventMemberRemoved) == 1)
	})
}

func TestDowntimeOverAnEnd(t *testing.T) {
	live(t, func(h *house) {
		r := h.ask("view-1")
		if err := h.yes(r, "noor"); err != nil {
			t.Fatal(err)
		}
		h.close()
		h.pass(24 * time.Hour)
		h.open()
		h.pass(time.Second)
		h.expect("what came due is done at the start", !h.world.in("maya") && h.grant(r).State == access.GrantEnded)
	})
}

func TestLostPermissionIsStuckUntilITRetries(t *testing.T) {
	live(t, func(h *house) {
		h.world.set(&h.world.dir, nil)
		r := h.ask("view-1")
		c, _ := h.Query.Case(h.t.Context(), r.ID) // the people are known before the directory refuses
		_ = c
		h.world.set(&h.world.dir, idp.ErrDenied)
		if err := h.yes(r, "noor"); err != nil {
			t.Fatal(err)
		}
		g := h.grant(r)
		h.expect("visibly stuck, with the cause", g.State == access.GrantStuck && g.Problem != "")
		h.expect("Jira hears of it", h.world.count(access.EventStuck) == 1)
		h.world.set(&h.world.dir, nil)
		h.pass(time.Hour)
		h.expect("it waits for a human", h.grant(r).State == access.GrantStuck)
		if err := h.Retry(h.t.Context(), r.ID, by("maya")); err == nil {
			t.Error("the requester could retry")
		}
		if err := h.Retry(h.t.Context(), r.ID, by("ines")); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		h.expect("it is granted", h.grant(r).State == access.GrantActive && h.world.in("maya"))
	})
}

func TestBeingAskedToWaitCostsNoAttempt(t *testing.T) {
	live(t, func(h *house) {
		h.world.set(&h.world.jira, &access.Failure{Class: access.Limited, After: time.Minute, Sentence: "Jira asks to wait"})
		r := h.ask("view-1")
		h.pass(3 * time.Hour)
		if err := h.store.View(h.t.Context(), func(tx store.Tx) error {
			task, err := tx.Task("open/" + r.ID)
			h.expect("no attempt is counted", task.Attempts == 0 && task.State == store.Ready)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		h.expect("it was tried about once a minute", h.world.attempts > 100 && h.world.attempts < 200)
	})
}

func TestARequestNobodyAnswersLapses(t *testing.T) {
	live(t, func(h *house) {
		r := h.ask("view-1")
		h.pass(14*24*time.Hour + time.Second)
		c, err := h.Query.Case(h.t.Context(), r.ID)
		if err != nil || c.Request.State != access.RequestLapsed {
			t.Errorf("%s, %v", c.Request.State, err)
		}
		if refusal, ok := access.AsRefusal(h.yes(r, "noor")); !ok || refusal.Reason != access.TooLate {
			t.Errorf("a lapsed request could be approved: %v", refusal)
		}
	})
}

func TestDecisionWhileTheDirectoryIsDown(t *testing.T) {
	live(t, func(h *house) {
		r := h.ask("view-1")
		h.pass(2 * time.Minute) // nothing is remembered as fresh
		h.world.set(&h.world.lookups, errDown)
		if err := h.yes(r, "noor"); err != nil {
			t.Fatalf("the approver who was asked can't answer: %v", err)
		}
		c, err := h.Query.Case(h.t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		h.expect("approved", c.Request.State == access.RequestApproved)
	})
}

func TestConfirmationIsTyped(t *testing.T) {
	live(t, func(h *house) {
		maya, err := h.People.Who(h.t.Context(), "U-maya")
		if err != nil {
			t.Fatal(err)
		}
		r, err := h.Submit(h.t.Context(), requests.Submission{ID: "v", By: maya, App: "figma", Role: "root", Wanted: 6 * time.Hour, Reason: "Billing", Via: access.ViaSlack})
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if refusal, ok := access.AsRefusal(h.yes(r, "noor")); !ok || refusal.Field != "typed" {
			t.Errorf("a click was enough: %v", refusal)
		}
		if _, err := h.Decide(h.t.Context(), requests.Decision{Request: r.ID, By: by("noor"), Yes: true, Typed: " figma "}); err != nil {
			t.Error(err)
		}
	})
}

func TestTwoAnswersAtOnce(t *testing.T) {
	live(t, func(h *house) {
		r := h.ask("view-1")
		results := make(chan error, 2)
		for _, yes := range []bool{true, false} {
			go func() {
				_, err := h.Decide(h.t.Context(), requests.Decision{Request: r.ID, By: by("noor"), Yes: yes, Reason: "no"})
				results <- err
			}()
		}
		a, b := <-results, <-results
		synctest.Wait()
		if (a == nil) == (b == nil) {
			t.Errorf("one of two answers counts: %v, %v", a, b)
		}
		h.expect("one answer was recorded", h.world.count(access.EventApproved)+h.world.count(access.EventDenied) == 1)
	})
}
