package workflow_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow"
)

func (h *house) who(handle string) access.Person {
	h.t.Helper()
	p, err := h.Who(h.t.Context(), "U-"+handle)
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

func (h *house) wanting(role string) workflow.Submission {
	return workflow.Submission{ID: "view", By: h.who("maya"), App: "figma", Role: role, Wanted: 6 * time.Hour, Reason: "Launch assets", Via: access.ViaSlack}
}

func TestSeveralAsksAreTakenTogetherOrNotAtAll(t *testing.T) {
	live(t, func(h *house) {
		t := h.t
		bad := h.wanting("nope")
		_, err := h.SubmitAll(t.Context(), []workflow.Submission{h.wanting("editor"), bad})
		var refused *workflow.Refused
		if !errors.As(err, &refused) || refused.Item != 1 {
			t.Fatalf("got %v", err)
		}
		if list, err := h.Asked(t.Context(), "maya@acme.example", 0, 10); err != nil || list.Total != 0 {
			t.Fatalf("something was taken all the same: %+v, %v", list, err)
		}
		both := []workflow.Submission{h.wanting("editor"), h.wanting("root")}
		first, err := h.SubmitAll(t.Context(), both)
		if err != nil || len(first) != 2 || first[0].Origin != first[1].Origin {
			t.Fatalf("got %+v, %v", first, err)
		}
		again, err := h.SubmitAll(t.Context(), both)
		if err != nil || len(again) != 2 {
			t.Fatalf("the second delivery: %+v, %v", again, err)
		}
		synctest.Wait()
		if list, _ := h.Asked(t.Context(), "maya@acme.example", 0, 1); list.Total != 2 || len(list.Items) != 1 {
			t.Errorf("asked %+v", list)
		}
		if list, _ := h.Awaiting(t.Context(), "noor@acme.example", 0, 10); list.Total != 2 {
			t.Errorf("Noor sees %d decisions", list.Total)
		}
		twice := []workflow.Submission{h.wanting("editor"), h.wanting("editor")}
		twice[0].ID, twice[1].ID = "other", "other"
		if _, err := h.SubmitAll(t.Context(), twice); err == nil {
			t.Error("the same role was taken twice")
		}
	})
}

func TestWhoMayAskForWhom(t *testing.T) {
	tom, maya := access.Person{ID: "tom@x", Email: "tom@x", Manager: "noor@x"}, access.PersonID("maya@x")
	for _, c := range []struct {
		by    access.PersonID
		kinds []workflow.OnBehalf
		want  bool
	}{
		{"tom@x", nil, true}, {"noor@x", nil, false}, {"noor@x", []workflow.OnBehalf{workflow.ManagersMay}, true}, {maya, []workflow.OnBehalf{workflow.ManagersMay}, false},
		{"ines@x", []workflow.OnBehalf{workflow.AdminsMay}, true}, {maya, []workflow.OnBehalf{workflow.AdminsMay}, false},
		{"noor@acme.example", []workflow.OnBehalf{workflow.OwnersMay}, true}, {maya, []workflow.OnBehalf{workflow.OwnersMay}, false},
		{maya, []workflow.OnBehalf{workflow.EverybodyMay}, true}, {maya, []workflow.OnBehalf{"martians"}, false},
	} {
		s := workflow.New(workflow.Config{Catalog: office(), Admins: []access.Email{"ines@x"}, OnBehalf: c.kinds})
		if err := s.MayAskFor(access.Person{ID: c.by, Email: access.Email(c.by)}, tom, "figma"); (err == nil) != c.want {
			t.Errorf("%s with %v: %v", c.by, c.kinds, err)
		}
	}
}

func TestAnAskForSomebodyElseIsTheirs(t *testing.T) {
	live(t, func(h *house) {
		t := h.t
		sub := h.wanting("editor")
		sub.By, sub.For = h.who("ines"), "tom@acme.example"
		if _, err := h.Submit(t.Context(), sub); err == nil {
			t.Fatal("IT may not, unless configured")
		}
		h.OnBehalf = []workflow.OnBehalf{workflow.AdminsMay}
		r, err := h.Submit(t.Context(), sub)
		if err != nil || r.Beneficiary != "tom@acme.example" || r.Requester != "ines@acme.example" {
			t.Fatalf("got %+v, %v", r, err)
		}
		synctest.Wait()
		for _, who := range []access.PersonID{"tom@acme.example", "ines@acme.example"} {
			if list, _ := h.Asked(t.Context(), who, 0, 10); list.Total != 1 {
				t.Errorf("%s sees %d requests", who, list.Total)
			}
		}
	})
}

func TestSomethingUnlistedIsDecidedByITAndGrantsNothing(t *testing.T) {
	live(t, func(h *house) {
		t := h.t
		sub := workflow.Submission{ID: "w", By: h.who("maya"), Unlisted: "Balsamiq", Reason: "Wireframes", Via: access.ViaSlack}
		r, err := h.Submit(t.Context(), sub)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if list, _ := h.Awaiting(t.Context(), "ines@acme.example", 0, 10); list.Total != 1 {
			t.Fatal("IT isn't asked")
		}
		if err := h.yes(r, "ines"); err != nil {
			t.Fatal(err)
		}
		c, err := h.Case(t.Context(), r.ID)
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
		for who, want := range map[access.PersonID]bool{"ines@acme.example": true, "noor@acme.example": true, "tom@acme.example": false} {
			_, holders := h.Holders(ctx, who, "figma", 0, 10)
			_, trace := h.Trace(ctx, who, maya.ID, "figma")
			_, why := h.Why(ctx, who, maya, "figma")
			for what, err := range map[string]error{"holders": holders, "trace": trace, "why": why} {
				if (err == nil) != want {
					t.Errorf("%s of %s: %v", what, who, err)
				}
			}
		}
		for _, who := range []access.PersonID{"noor@acme.example", maya.ID} {
			if _, err := h.Stuck(ctx, who, 0, 10); err == nil {
				t.Errorf("%s sees what is stuck", who)
			}
			if _, err := h.Week(ctx, who); err == nil {
				t.Errorf("%s sees the week", who)
			}
		}
		if list, err := h.Why(ctx, maya.ID, maya, "figma"); err != nil || len(list) != 1 || list[0].Request.ID != r.ID {
			t.Errorf("her own: %+v, %v", list, err)
		}
		if events, err := h.Trace(ctx, maya.ID, maya.ID, "figma"); err != nil || len(events) < 5 {
			t.Errorf("her own story: %d events, %v", len(events), err)
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
		w, err := h.Week(t.Context(), "ines@acme.example")
		if err != nil || w.Asked != 1 || w.Approved != 1 || w.Ended != 1 || w.Removals != 1 {
			t.Errorf("the week is %+v, %v", w, err)
		}
		h.pass(8 * catalog.Day)
		if w, err = h.Week(t.Context(), "ines@acme.example"); err != nil || w.Asked != 0 || w.Removals != 0 {
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
		pace, err := h.Pace(t.Context(), "figma")
		if err != nil || pace.Of != 1 || pace.There < 10*time.Minute || pace.There > 11*time.Minute {
			t.Errorf("the pace is %+v, %v", pace, err)
		}
		used, err := h.UsedBy(t.Context(), " design")
		if err != nil || strings.Join(used, " ") != "figma" {
			t.Errorf("Design uses %v, %v", used, err)
		}
		if used, _ = h.UsedBy(t.Context(), "Sales"); len(used) != 0 {
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
		h.Forget("U-maya")
		if p := h.who("maya"); p.Title != "Head of Design" {
			t.Errorf("she is still %q", p.Title)
		}
		if names := h.Names(t.Context(), []access.PersonID{"maya@acme.example", "nobody@acme.example"}); len(names) != 1 {
			t.Errorf("known are %v", names)
		}
	})
}
