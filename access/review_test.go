package access_test

import (
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

const (
	rita = access.PersonID("P-RITA")
	bo   = access.PersonID("P-BO")
	ivy  = access.PersonID("P-IVY")
	tom  = access.PersonID("P-TOM")
)

func reviewedAt() time.Time { return time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC) }

func asked(who ...access.PersonID) access.ReviewItem {
	return access.ReviewItem{
		Campaign: "RV-1", Row: 7, Person: tom, App: "figma", Role: "editor", State: access.ItemOpen, Reviewers: who,
		Rule: access.ItemRule{Strategies: []catalog.ReviewStrategy{catalog.AllMustKeep, catalog.AllMustKeep}, Undo: time.Hour, Restore: catalog.Week},
	}
}

func answers(t *testing.T, i access.ReviewItem, who access.PersonID, v access.ReviewDecision, change ...func(*access.Event)) access.ReviewItem {
	t.Helper()
	e := i.Event(access.EventRowAnswered, access.Actor{Person: who, Via: access.ViaSlack}, reviewedAt())
	e.Review.Decision = v
	for _, do := range change {
		do(&e)
	}
	i, _, err := i.Apply(e, reviewedAt())
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// TestWhatSeveralAnswersComeTo is the table of strategies: one keep and one revoke; one keep, and the other silent; both
// silent; each before and after nobody can answer any more.
func TestWhatSeveralAnswersComeTo(t *testing.T) {
	keep, revoke, none := access.DecisionKeep, access.DecisionRevoke, access.DecisionNone
	for s, want := range map[catalog.ReviewStrategy][3]access.ReviewDecision{
		catalog.OneKeepKeeps:     {keep, keep, none},
		catalog.AllMustKeep:      {revoke, none, none},
		catalog.OneRevokeRevokes: {revoke, keep, none},
		catalog.KeptUnlessRevoke: {revoke, keep, keep},
	} {
		i := asked(rita, bo)
		i.Rule.Strategies = []catalog.ReviewStrategy{s}
		silent := i
		one := answers(t, i, rita, keep)
		both := answers(t, one, bo, revoke)
		if got := [3]access.ReviewDecision{both.Final(), one.Final(), silent.Final()}; got != want {
			t.Errorf("%s: %q, want %q", s, got, want)
		}
		if one.State == access.ItemDecided && s != catalog.OneKeepKeeps {
			t.Errorf("%s: one of two decides at once", s)
		}
		if back := answers(t, both, bo, access.DecisionNotMine); back.Final() != want[1] {
			t.Errorf("%s: not to be asked isn't silence: %q", s, back.Final())
		}
	}
}

// TestWhatARowComesToInAWorklist: added up over its reviewers, it is what each still has to do.
func TestWhatARowComesToInAWorklist(t *testing.T) {
	i := asked(rita, bo)
	w := access.Worklist{Campaign: "RV-1", Reviewer: rita, Rows: 1}
	if w.Left() != 1 || i.Share(ivy) != (access.Share{}) {
		t.Error("it isn't left")
	}
	step := func(next access.ReviewItem, left, answered, revoked int) {
		t.Helper()
		if w = w.Count(i.Share(rita), next.Share(rita)); w.Left() != left || w.Answered != answered || w.Revoked != revoked {
			t.Errorf("it is %+v, %d left", w, w.Left())
		}
		i = next
	}
	step(answers(t, i, rita, access.DecisionKeep), 0, 1, 0)
	step(answers(t, i, rita, access.DecisionNone), 1, 0, 0)
	step(answers(t, i, bo, access.DecisionRevoke), 0, 0, 0) // that determines it: nothing is left to say
	step(answers(t, i, rita, access.DecisionRevoke), 0, 1, 1)
	step(answers(t, i, rita, access.DecisionNotMine), 0, 0, 0)
	w.Done = true
	if w.Count(access.Share{}, access.Share{Rows: 3}).Left() != 0 {
		t.Error("something is left of what is done")
	}
}

// TestAKeepOfPrivilegedAccessNeedsAReason, or it doesn't count.
func TestAKeepOfPrivilegedAccessNeedsAReason(t *testing.T) {
	i := asked(rita)
	i.Privileged = true
	if i = answers(t, i, rita, access.DecisionKeep); i.State != access.ItemOpen || i.Share(rita).Answered != 0 {
		t.Errorf("it is %s", i.State)
	}
	if i = answers(t, i, rita, access.DecisionKeep, func(e *access.Event) { e.Reason = "runs it" }); i.Decision != access.DecisionKeep || i.Share(rita).Answered != 1 {
		t.Errorf("it is %s", i.State)
	}
}

// TestARowThatIsLeftToIT is answered by any one of them, and counted in lists of its own.
func TestARowThatIsLeftToIT(t *testing.T) {
	i := answers(t, asked(rita), rita, access.DecisionNotMine)
	e := i.Event(access.EventRowReassigned, access.System(), reviewedAt())
	e.Review.Reviewers, e.Review.AnyOne, e.Review.Grounds = []access.PersonID{ivy, bo, tom}, true, access.BySilence
	i, _, err := i.Apply(e, reviewedAt())
	if err != nil || slices.Contains(i.Reviewers, tom) || i.List() != access.StageIT || len(i.Answers) > 0 {
		t.Fatalf("it is %+v, %v", i, err)
	}
	i = answers(t, i, bo, access.DecisionNotMine)
	if i = answers(t, i, ivy, access.DecisionRevoke); i.Decision != access.DecisionRevoke {
		t.Errorf("one answer isn't enough: %+v", i)
	}
	if i = answers(t, i, ivy, access.DecisionNone); i.State != access.ItemOpen {
		t.Errorf("taken back it is %s", i.State)
	}
}

// TestWhoAnswersAWorklist in whose place.
func TestWhoAnswersAWorklist(t *testing.T) {
	w := access.Worklist{Campaign: "RV-1", Reviewer: rita, Rows: 1}
	moves := func(from, to access.PersonID, beside bool) error {
		e := access.Event{Kind: access.EventReviewerMoved, Actor: access.Actor{Person: ivy}, Review: &access.ReviewDetails{From: from, To: to, Beside: beside}}
		next, err := w.Move(e, reviewedAt())
		if err == nil {
			w = next
		}
		return err
	}
	for _, step := range []struct {
		from, to access.PersonID
		beside   bool
		refused  bool
		want     []access.PersonID
	}{
		{rita, rita, false, true, []access.PersonID{rita}},
		{rita, "", false, true, []access.PersonID{rita}},
		{bo, ivy, false, true, []access.PersonID{rita}},
		{rita, bo, true, false, []access.PersonID{rita, bo}},
		{rita, bo, false, false, []access.PersonID{bo}},
		{rita, ivy, false, true, []access.PersonID{bo}},
		{bo, rita, false, false, []access.PersonID{rita}},
	} {
		if err := moves(step.from, step.to, step.beside); (err != nil) != step.refused || !slices.Equal(w.AskedNow(), step.want) {
			t.Errorf("%s to %s: %v, asked are %v", step.from, step.to, err, w.AskedNow())
		}
	}
	if len(w.Moved) != 3 || w.Moved[0].By.Person != ivy {
		t.Errorf("kept is %+v", w.Moved)
	}
	w.Done = true
	if moves(rita, bo, false) == nil {
		t.Error("what is done is moved")
	}
	if _, err := w.Move(access.Event{Kind: access.EventRowAnswered}, reviewedAt()); err == nil {
		t.Error("an answer moves it")
	}
}

// TestNamesOfRowsAndLists are read as they are written.
func TestNamesOfRowsAndLists(t *testing.T) {
	if c, n, err := access.ParseReviewItemID(access.ReviewItemID("RV-1", 42)); c != "RV-1" || n != 42 || err != nil {
		t.Errorf("%s, %d, %v", c, n, err)
	}
	if c, stage, who, err := access.ParseWorklistID(access.WorklistID("RV-1", 1, rita)); c != "RV-1" || stage != 1 || who != rita || err != nil {
		t.Errorf("%s, %d, %s, %v", c, stage, who, err)
	}
	for _, id := range []string{"", "RV-1", "RV-1/x"} {
		if _, _, err := access.ParseReviewItemID(id); err == nil {
			t.Errorf("%q names a row", id)
		}
		if _, _, _, err := access.ParseWorklistID(id); err == nil {
			t.Errorf("%q names a list", id)
		}
	}
}

// TestWhenReviewersAreTold: at half-time, three days and one day before, and when it is due; of a short review less often.
func TestWhenReviewersAreTold(t *testing.T) {
	for _, c := range []struct {
		lasts time.Duration
		want  []time.Duration // before it is due
	}{
		{2 * catalog.Week, []time.Duration{catalog.Week, 3 * catalog.Day, catalog.Day, 0}},
		{6 * catalog.Day, []time.Duration{3 * catalog.Day, catalog.Day, 0}},
		{3 * catalog.Day, []time.Duration{36 * time.Hour, catalog.Day, 0}},
		{catalog.Day, []time.Duration{12 * time.Hour, 0}},
		{2 * time.Hour, []time.Duration{time.Hour, 0}},
	} {
		start := reviewedAt()
		due := start.Add(c.lasts)
		var got []time.Duration
		for at := access.NextReviewReminder(start, due, start); !at.IsZero(); at = access.NextReviewReminder(start, due, at) {
			got = append(got, due.Sub(at))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("of %s: %v before, want %v", c.lasts, got, c.want)
		}
	}
}

// running is a campaign that goes on for a week from now.
func running(t *testing.T, change func(*access.Campaign)) access.Campaign {
	t.Helper()
	at := reviewedAt()
	c := access.Campaign{ID: "RV-1", State: access.CampaignOpen, Started: at, Due: at.Add(catalog.Week), Review: catalog.Review{Undo: time.Hour, Stages: make([]catalog.ReviewStage, 2)}}
	if change != nil {
		change(&c)
	}
	return c
}

// TestWhenAStageEnds: when nothing is left and nobody can take an answer back, or when those who are late had their time.
func TestWhenAStageEnds(t *testing.T) {
	at := reviewedAt()
	due := at.Add(catalog.Week)
	for name, c := range map[string]struct {
		change func(*access.Campaign)
		left   int
		at     time.Time
		ends   bool
	}{
		"nothing is left, just now":   {func(c *access.Campaign) { c.AllSaid = at }, 0, at.Add(time.Minute), false},
		"nothing is left, since then": {func(c *access.Campaign) { c.AllSaid = at }, 0, at.Add(time.Hour), true},
		"nothing was ever left":       {nil, 0, at.Add(time.Hour), false},
		"due, nothing left":           {nil, 0, due, true},
		"due, something left":         {nil, 1, due, false},
		"late":                        {nil, 1, due.Add(access.LateOver - time.Second), false},
		"late for too long":           {nil, 1, due.Add(access.LateOver), true},
		"over already":                {func(c *access.Campaign) { c.Over = at }, 0, due.Add(catalog.Week), false},
		"left to IT":                  {func(c *access.Campaign) { c.Due, c.ToIT = time.Time{}, 1 }, 1, due.Add(100 * catalog.Day), false},
	} {
		if got := running(t, c.change).StageEnds(c.left, c.at); got != c.ends {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestTheStepsOfACampaignThatIsOpen are refused in any other order.
func TestTheStepsOfACampaignThatIsOpen(t *testing.T) {
	at := reviewedAt()
	over := func(c *access.Campaign) { c.Over = at }
	for _, c := range []struct {
		kind   access.EventKind
		change func(*access.Campaign)
		r      access.ReviewDetails
		at     time.Time
		ok     bool
	}{
		{access.EventStageOver, nil, access.ReviewDetails{}, at, true},
		{access.EventStageOver, over, access.ReviewDetails{}, at, false},
		{access.EventStageBegun, nil, access.ReviewDetails{Due: at.Add(catalog.Day)}, at, false},
		{access.EventStageBegun, over, access.ReviewDetails{Due: at.Add(catalog.Day)}, at, true},
		{access.EventStageBegun, over, access.ReviewDetails{Due: at}, at, false},
		{access.EventStageBegun, func(c *access.Campaign) { c.Over, c.Early = at, true }, access.ReviewDetails{Due: at.Add(catalog.Day)}, at, false},
		{access.EventDecidingOver, nil, access.ReviewDetails{}, at, false},
		{access.EventDecidingOver, over, access.ReviewDetails{Progress: &access.Progress{Kept: 3}}, at, true},
		{access.EventRowsLeftToIT, nil, access.ReviewDetails{Left: 1}, at, false},
		{access.EventRowsLeftToIT, over, access.ReviewDetails{}, at, false},
		{access.EventRowsLeftToIT, over, access.ReviewDetails{Left: 1}, at, true},
		{access.EventReviewersLate, nil, access.ReviewDetails{}, at, false},
		{access.EventReviewersLate, nil, access.ReviewDetails{}, at.Add(catalog.Week), true},
		{access.EventReviewersLate, func(c *access.Campaign) { c.Escalated = 3 }, access.ReviewDetails{}, at.Add(catalog.Week + access.LateOver), false},
	} {
		before := running(t, c.change)
		e := before.Event(c.kind, access.System(), c.at)
		e.Review = &c.r
		after, _, err := before.Apply(e, c.at)
		if (err == nil) != c.ok {
			t.Errorf("%s of %+v: %v", c.kind, before, err)
		}
		if c.kind == access.EventDecidingOver && err == nil && (after.State != access.CampaignEnforcing || after.Progress.Kept != 3) {
			t.Errorf("it is %s, %+v", after.State, after.Progress)
		}
	}
}

// TestWhatIsLookedAtOfACampaign, and when: never while what follows of a stage is done.
func TestWhatIsLookedAtOfACampaign(t *testing.T) {
	at := reviewedAt()
	for _, c := range []struct {
		change func(*access.Campaign)
		want   time.Time
	}{
		{nil, at.Add(catalog.Week)},
		{func(c *access.Campaign) { c.Remind = at.Add(catalog.Day) }, at.Add(catalog.Day)},
		{func(c *access.Campaign) { c.Escalated = 1 }, at.Add(catalog.Week + access.LateAsksManager)},
		{func(c *access.Campaign) { c.AllSaid = at }, at.Add(time.Hour)},
		{func(c *access.Campaign) { c.Over = at }, time.Time{}},
		{func(c *access.Campaign) { c.State, c.RecheckAt = access.CampaignEnforcing, at }, at},
		{func(c *access.Campaign) { c.State = access.CampaignClosed }, time.Time{}},
	} {
		if got := running(t, c.change).DueAt(); !got.Equal(c.want) {
			t.Errorf("it is looked at %s, want %s", got, c.want)
		}
	}
}

// TestEndsOfAReviewSettleItsRows, whichever way they go; those of other reasons don't.
func TestEndsOfAReviewSettleItsRows(t *testing.T) {
	ref := catalog.GroupRef{Directory: "okta", Group: "g"}
	for end, want := range map[access.End]bool{access.EndReviewed: true, access.EndRevoked: false} {
		for kind, note := range map[access.EventKind]string{access.EventMemberRemoved: "", access.EventMemberKept: "", access.EventMemberGone: "", access.EventStuck: "it fails"} {
			g := access.Grant{ID: "G-1", State: access.GrantEnding, Revoking: true, End: end, Entitlements: []access.Entitlement{{Group: ref, State: access.EntitlementHeld}}}
			e := g.Event(kind, access.System(), reviewedAt())
			e.Group, e.Note = &ref, note
			_, effs, err := g.Apply(e, reviewedAt())
			settles := slices.ContainsFunc(effs, func(f access.Effect) bool { return f.Kind == access.EffectSettleReview })
			if err != nil || settles != want {
				t.Errorf("%s, %s: settles %v, %v", end, kind, settles, err)
			}
		}
	}
}

// TestOnlyWhatWasApprovedAndReviewedIsGivenBack, for as long as was left of it.
func TestOnlyWhatWasApprovedAndReviewedIsGivenBack(t *testing.T) {
	at := reviewedAt()
	r := access.Request{ID: "AR-1", State: access.RequestApproved}
	was := access.Grant{ID: r.GrantID(), Request: "AR-1", Person: tom, State: access.GrantEnded, End: access.EndReviewed, Ends: at.Add(time.Hour), Entitlements: []access.Entitlement{{State: access.EntitlementRemoved, Account: "a"}}}
	g, e, err := access.GiveBack(access.GivenBack{ID: "GR-1", Was: was, Approved: r}, at)
	if err != nil || g.State != access.GrantWaiting || g.Wanted != time.Hour || g.Entitlements[0] != (access.Entitlement{State: access.EntitlementWanted}) || e.Kind != access.EventGrantStarted || !g.Recorded() {
		t.Errorf("given back is %+v, %v", g, err)
	}
	for name, change := range map[string]func(*access.GivenBack){
		"nobody approved it":    func(b *access.GivenBack) { b.Approved = access.Request{} },
		"another was approved":  func(b *access.GivenBack) { b.Was.ID, b.Was.Request = "G-2", "AR-2" },
		"IT revoked it":         func(b *access.GivenBack) { b.Was.End = access.EndRevoked },
		"it is still ending":    func(b *access.GivenBack) { b.Was.State = access.GrantEnding },
		"its time is up":        func(b *access.GivenBack) { b.Was.Ends = at },
		"it was made by hand":   func(b *access.GivenBack) { b.Was.Manual = true },
		"the request is denied": func(b *access.GivenBack) { b.Approved.State = access.RequestDenied },
	} {
		b := access.GivenBack{ID: "GR-1", Was: was, Approved: r}
		change(&b)
		if _, _, err := access.GiveBack(b, at); err == nil {
			t.Errorf("%s: it is given back", name)
		}
	}
}
