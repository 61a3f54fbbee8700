package workflow_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/requests"
)

func (h *house) who(handle string) access.Person {
	h.t.Helper()
	p, err := h.People.Who(h.t.Context(), "U-"+handle)
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

func (h *house) wanting(role string) requests.Submission {
	return requests.Submission{ID: "view", By: h.who("maya"), App: "figma", Role: role, Wanted: 6 * time.Hour, Reason: "Launch assets", Via: access.ViaSlack}
}

func TestSeveralAsksAreTakenTogetherOrNotAtAll(t *testing.T) {
	live(t, func(h *house) {
		t := h.t
		bad := h.wanting("nope")
		_, err := h.SubmitAll(t.Context(), []requests.Submission{h.wanting("editor"), bad})
		var refused *requests.Refused
		if !errors.As(err, &refused) || refused.Item != 1 {
			t.Fatalf("got %v", err)
		}
		if list, err := h.Query.Asked(t.Context(), peopletest.ID("maya"), 0, 10); err != nil || list.Total != 0 {
			t.Fatalf("something was taken all the same: %+v, %v", list, err)
		}
		both := []requests.Submission{h.wanting("editor"), h.wanting("root")}
		first, err := h.SubmitAll(t.Context(), both)
		if err != nil || len(first) != 2 || first[0].Origin != first[1].Origin {
			t.Fatalf("got %+v, %v", first, err)
		}
		again, err := h.SubmitAll(t.Context(), both)
		if err != nil || len(again) != 2 {
			t.Fatalf("the second delivery: %+v, %v", again, err)
		}
		synctest.Wait()
		if list, _ := h.Query.Asked(t.Context(), peopletest.ID("maya"), 0, 1); list.Total != 2 || len(list.Items) != 1 {
			t.Errorf("asked %+v", list)
		}
		if list, _ := h.Query.Awaiting(t.Context(), peopletest.ID("noor"), 0, 10); list.Total != 2 {
			t.Errorf("Noor sees %d decisions", list.Total)
		}
		twice := []requests.Submission{h.wanting("editor"), h.wanting("editor")}
		twice[0].ID, twice[1].ID = "other", "other"
		if _, err := h.SubmitAll(t.Context(), twice); err == nil {
			t.Error("the same role was taken twice")
		}
	})
}

func TestAnAskForSomebodyElseIsTheirs(t *testing.T) {
	live(t, func(h *house) {
		t := h.t
		sub := h.wanting("editor")
		sub.By, sub.For = h.who("ines"), peopletest.ID("tom")
		if _, err := h.Submit(t.Context(), sub); err == nil {
			t.Fatal("IT may not, unless configured")
		}
		h.close()
		h.onBehalf = []people.OnBehalf{people.AdminsMay}
		h.open()
		r, err := h.Submit(t.Context(), sub)
		if err != nil || r.Beneficiary != peopletest.ID("tom") || r.Requester != peopletest.ID("ines") {
			t.Fatalf("got %+v, %v", r, err)
		}
		synctest.Wait()
		for _, who := range []access.PersonID{peopletest.ID("tom"), peopletest.ID("ines")} {
			if list, _ := h.Query.Asked(t.Context(), who, 0, 10); list.Total != 1 {
				t.Errorf("%s sees %d requests", who, list.Total)
			}
		}
	})
}

func TestSomethingUnlistedIsDecidedByITAndGrantsNothing(t *testing.T) {
	live(t, func(h *house) {
		t := h.t
		sub := requests.Submission{ID: "w", By: h.who("maya"), Unlisted: "Balsamiq", Reason: "Wireframes", Via: access.ViaSlack}
		r, err := h.Submit(t.Context(), sub)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if list, _ := h.Query.Awaiting(t.Context(), peopletest.ID("ines"), 0, 10); list.Total != 1 {
			t.Fatal("IT isn't asked")
		}
		if err := h.yes(r, "ines"); err != nil {
			t.Fatal(err)
		}
		c, err := h.Query.Case(t.Context(), r.ID)
		if err != nil || c.Grant != nil || c.Request.State != access.RequestApproved || c.App.Name != "Balsamiq" {
			t.Errorf("got %+v, %v", c, err)
		}
		h.expect("the answer is recorded", h.world.count(access.EventApproved) == 1)
	})
}

func TestOversightIsForThoseWhoAreEntitled(t *testing.T) {
	live(t, func(h *house) {
		t := h.t
		r := h.ask("v")
		if err := h.yes(r, "noor"); err != nil {
			t.Fatal(err)
		}
		ctx, maya := t.Context(), h.who("maya")
		for handle, want := range map[string]bool{"ines": true, "noor": true, "tom": false} {
			who := by(handle)
			_, holders := h.Query.Holders(ctx, who, "figma", 0, 10)
			_, trace := h.Query.Trace(ctx, who, maya.ID, "figma")
			_, why := h.Query.Why(ctx, who, maya, "figma")
			for what, err := range map[string]error{"holders": holders, "trace": trace, "why": why} {
				if (err == nil) != want {
					t.Errorf("%s of %s: %v", what, handle, err)
				}
			}
		}
		for _, handle := range []string{"noor", "maya"} {
			if _, err := h.Query.Stuck(ctx, by(handle), 0, 10); err == nil {
				t.Errorf("%s sees what is stuck", handle)
			}
			if _, err := h.Query.Week(ctx, by(handle)); err == nil {
				t.Errorf("%s sees the week", handle)
			}
		}
		if list, err := h.Query.Why(ctx, by("maya"), maya, "figma"); err != nil || len(list) != 1 || list[0].Request.ID != r.ID {
			t.Errorf("her own: %+v, %v", list, err)
		}
		if trace, err := h.Query.Trace(ctx, by("maya"), maya.ID, "figma"); err != nil || len(trace.Events()) < 5 {
			t.Errorf("her own story: %d events, %v", len(trace.Events()), err)
		}
	})
}

func TestRevokingIsAllOrNothing(t *testing.T) {
	live(t, func(h *house) {
		t := h.t
		r := h.ask("v")
		if err := h.yes(r, "noor"); err != nil {
			t.Fatal(err)
		}
		id := h.grant(r).ID
		if err := h.RevokeAll(t.Context(), []string{id}, "no", by("tom")); err == nil {
			t.Fatal("anybody can revoke")
		}
		if err := h.RevokeAll(t.Context(), []string{id, "G-gone"}, "no", by("ines")); err == nil || !h.world.in("maya") {
			t.Fatalf("half of it was done: %v", err)
		}
		if err := h.RevokeAll(t.Context(), []string{id}, "Changed teams", by("ines")); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		h.expect("Maya is out", !h.world.in("maya"))
		h.pass(time.Minute)
		w, err := h.Query.Week(t.Context(), by("ines"))
		if err != nil || w.Submitted != 1 || w.Requests[access.RequestApproved] != 1 || w.Removed != 1 || w.RevokeLag.Count != 1 {
			t.Errorf("the week is %+v, %v", w, err)
		}
		h.pass(8 * catalog.Day)
		if w, err = h.Query.Week(t.Context(), by("ines")); err != nil || w.Submitted != 0 || w.Removed != 0 {
			t.Errorf("a week later it is %+v, %v", w, err)
		}
	})
}

func TestTheCatalogueKnowsWhatIsUsedAndHowLongItTakes(t *testing.T) {
	live(t, func(h *house) {
		t := h.t
		design := h.world.people["maya"]
		design.Department = "Design"
		h.world.people["maya"] = design
		r := h.ask("v")
		h.pass(10 * time.Minute)
		if err := h.yes(r, "noor"); err != nil {
			t.Fatal(err)
		}
		pace, err := h.Query.Pace(t.Context(), "figma")
		if err != nil || pace.Of != 1 || pace.There < 10*time.Minute || pace.There > 11*time.Minute {
			t.Errorf("the pace is %+v, %v", pace, err)
		}
		used, err := h.Query.UsedBy(t.Context(), " design")
		if err != nil || strings.Join(used, " ") != "figma" {
			t.Errorf("Design uses %v, %v", used, err)
		}
		if used, _ = h.Query.UsedBy(t.Context(), "Sales"); len(used) != 0 {
			t.Errorf("Sales uses %v", used)
		}
	})
}

func TestARequestIsLinkedByThoseWhoTakePart(t *testing.T) {
	live(t, func(h *house) {
		t := h.t
		r := h.ask("v")
		const talk = "https://acme.slack.com/archives/C1/p1"
		for who, want := range map[string]bool{"maya": true, "noor": true, "ines": true, "tom": false} {
			if err := h.Link(t.Context(), r.ID, talk, by(who)); (err == nil) != want {
				t.Errorf("%s: %v", who, err)
			}
		}
		for _, bad := range []string{"", "javascript:alert(1)", "http://acme.slack.com/x", "https://" + strings.Repeat("x", 1000)} {
			if err := h.Link(t.Context(), r.ID, bad, by("maya")); err == nil {
				t.Errorf("%.30q is linked", bad)
			}
		}
		synctest.Wait()
		h.expect("it is said once, however often it is linked", h.world.count(access.EventNote) == 1)
	})
}

func TestNewsOfAMemberIsTakenIn(t *testing.T) {
	live(t, func(h *house) {
		t := h.t
		h.who("maya")
		promoted := h.world.people["maya"]
		promoted.Title = "Head of Design"
		h.world.people["maya"] = promoted
		if p := h.who("maya"); p.Title != "" {
			t.Fatal("the old answer isn't used at all")
		}
		h.People.ForgetAccount("slack", "U-maya")
		if p := h.who("maya"); p.Title != "Head of Design" {
			t.Errorf("she is still %q", p.Title)
		}
		if names := h.People.Names(t.Context(), []access.PersonID{peopletest.ID("maya"), peopletest.ID("nobody")}); len(names) != 1 {
			t.Errorf("known are %v", names)
		}
	})
}
