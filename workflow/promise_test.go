package workflow_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/requests"
)

// What the rooms do by themselves is shown in the rooms. Here is what only all of
// them together can show: that one's work reaches the others, in time.

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

// Whether somebody presses Retry or just puts the token right: it goes on.
func TestLostPermissionIsStuckUntilItIsBack(t *testing.T) {
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
		h.pass(time.Hour)
		h.expect("it is still stuck", h.grant(r).State == access.GrantStuck)
		h.world.set(&h.world.dir, nil)
		if err := h.Retry(h.t.Context(), r.ID, by("maya")); err == nil {
			t.Error("the requester could retry")
		}
		if err := h.Retry(h.t.Context(), r.ID, by("ines")); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		h.expect("it is granted", h.grant(r).State == access.GrantActive && h.world.in("maya"))
	})
	live(t, func(h *house) {
		h.world.set(&h.world.dir, nil)
		r := h.ask("view-1")
		if _, err := h.Query.Case(h.t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
		h.world.set(&h.world.dir, idp.ErrDenied)
		if err := h.yes(r, "noor"); err != nil {
			t.Fatal(err)
		}
		h.pass(time.Hour)
		h.world.set(&h.world.dir, nil)
		h.pass(3 * time.Minute)
		h.expect("it is granted without a click", h.grant(r).State == access.GrantActive && h.world.in("maya"))
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

func TestWhatIsRevokedIsGoneAndToldEverywhere(t *testing.T) {
	live(t, func(h *house) {
		r := h.ask("view-1")
		if err := h.yes(r, "noor"); err != nil {
			t.Fatal(err)
		}
		ctx, maya := h.t.Context(), access.Person{ID: peopletest.ID("maya")}
		if held, err := h.Query.Why(ctx, by("ines"), maya, "figma"); err != nil || len(held) != 1 || held[0].Request.ID != r.ID {
			t.Errorf("she has %+v, %v", held, err)
		}
		if err := h.RevokeAll(ctx, []string{h.grant(r).ID}, "Changed teams", by("ines")); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		h.expect("Maya is out", !h.world.in("maya"))
		h.expect("Jira hears of it", h.world.count(access.EventMemberRemoved) == 1)
		h.pass(time.Minute)
		week, err := h.Query.Week(ctx, by("ines"))
		if err != nil || week.Submitted != 1 || week.Removed != 1 || week.RevokeLag.Count != 1 {
			t.Errorf("the week is %+v, %v", week, err)
		}
		trace, err := h.Query.Trace(ctx, by("ines"), maya.ID, "figma")
		h.expect("the whole story is traced", err == nil && len(trace.Events()) >= 7)
	})
}

func TestALeaverHoldsNothingAndNobodyWaitsForThem(t *testing.T) {
	live(t, func(h *house) {
		held, waiting := h.ask("view-1"), h.askAs("tom", "view-2")
		if err := h.yes(held, "noor"); err != nil {
			t.Fatal(err)
		}
		h.world.leaves("noor")
		if err := h.LeftSlack(h.t.Context(), "U-noor"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if refusal, ok := access.AsRefusal(h.yes(waiting, "noor")); !ok || refusal.Reason != access.NotAllowed {
			t.Errorf("who has left may decide: %v", refusal)
		}
		if err := h.yes(waiting, "omar"); err != nil {
			t.Errorf("who is asked in her place can't: %v", err)
		}
		h.world.leaves("maya")
		if err := h.LeftSlack(h.t.Context(), "U-maya"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		h.expect("Maya is out, Tom is in", !h.world.in("maya") && h.world.in("tom"))
	})
}
