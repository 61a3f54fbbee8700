package access_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"latchkey/access"
	"latchkey/catalog"
)

// seatFacts are of an idle seat: given 200 days ago, last used 80 days ago, 60 days being idle.
func seatFacts() access.SeatFacts {
	return access.SeatFacts{
		Rule:   catalog.Reclaim{Idle: 60 * catalog.Day, Grace: catalog.Week, Least: catalog.AppSignIn},
		Grants: []access.Grant{{ID: "G-1", State: access.GrantActive, Started: at.Add(-200 * catalog.Day)}},
		App:    access.Idleness{Last: at.Add(-80 * catalog.Day), Source: "sign-ins in Okta", By: catalog.AppSignIn, Reach: at.Add(-90 * catalog.Day), Read: at},
	}
}

// TestSeatsAreJudged: what isn't known comes before what looks idle, and what holds people's access otherwise before both.
func TestSeatsAreJudged(t *testing.T) {
	day := catalog.Day
	directory := func(ago time.Duration) func(*access.SeatFacts) {
		return func(f *access.SeatFacts) {
			f.App, f.Unread, f.Rule.Least = access.Idleness{}, "Nobody tells.", catalog.DirectorySignIn
			f.SignedIn = access.Idleness{Last: at.Add(-ago), Source: "sign-ins to the directory", By: catalog.DirectorySignIn, Read: at}
		}
	}
	for name, c := range map[string]struct {
		change func(*access.SeatFacts)
		want   access.SeatStanding
	}{
		"idle":                           {nil, access.SeatIdle},
		"never used, as far as is known": {func(f *access.SeatFacts) { f.App.Last = time.Time{} }, access.SeatIdle},
		"used":                           {func(f *access.SeatFacts) { f.App.Last = at.Add(-day) }, access.SeatUsed},
		"new":                            {func(f *access.SeatFacts) { f.Grants[0].Started = at.Add(-day) }, access.SeatNew},
		"new by another role": {func(f *access.SeatFacts) {
			f.Grants = append(f.Grants, access.Grant{State: access.GrantActive, Started: at.Add(-day)})
		}, access.SeatNew},
		"found lately":                 {func(f *access.SeatFacts) { f.Grants[0].Started, f.Grants[0].Created = time.Time{}, at.Add(-day) }, access.SeatNew},
		"within a cycle":               {func(f *access.SeatFacts) { f.Rule.Cycle = 85 * day }, access.SeatUsed},
		"records too short":            {func(f *access.SeatFacts) { f.Rule.Idle, f.App.Last = 100*day, time.Time{} }, access.SeatUnknown},
		"not known":                    {func(f *access.SeatFacts) { f.App = access.Idleness{} }, access.SeatUnknown},
		"new, and not known":           {func(f *access.SeatFacts) { f.App, f.Grants[0].Started = access.Idleness{}, at.Add(-day) }, access.SeatNew},
		"by the directory":             {directory(80 * day), access.SeatIdle},
		"by the directory, in use":     {directory(day), access.SeatUsed},
		"by the directory, failing":    {func(f *access.SeatFacts) { directory(80 * day)(f); f.Failed = true }, access.SeatUnknown},
		"by the directory, not enough": {func(f *access.SeatFacts) { directory(80 * day)(f); f.Rule.Least = catalog.AppSignIn }, access.SeatUnknown},
		"by the directory, never":      {func(f *access.SeatFacts) { directory(80 * day)(f); f.SignedIn = access.Idleness{} }, access.SeatUnknown},
		"the app before the directory": {func(f *access.SeatFacts) { directory(day)(f); f.App, f.Unread = seatFacts().App, "" }, access.SeatIdle},
		"an emergency":                 {func(f *access.SeatFacts) { f.Grants[0].Source = access.SourceBreakGlass }, access.SeatLeftOut},
		"a birthright":                 {func(f *access.SeatFacts) { f.Grants[0].Source = access.SourceBirthright }, access.SeatLeftOut},
		"disputed":                     {func(f *access.SeatFacts) { f.Grants[0].Disputed = true }, access.SeatLeftOut},
		"ending":                       {func(f *access.SeatFacts) { f.Grants[0].State = access.GrantEnding }, access.SeatLeftOut},
		"given by hand":                {func(f *access.SeatFacts) { f.Grants[0].Manual = true }, access.SeatLeftOut},
		"left out":                     {func(f *access.SeatFacts) { f.LeftOut = "runs the audit" }, access.SeatLeftOut},
		"not reclaimed":                {func(f *access.SeatFacts) { f.Rule = catalog.Reclaim{} }, access.SeatLeftOut},
		"left":                         {func(f *access.SeatFacts) { f.Left = true }, access.SeatOfLeaver},
		"without a grant":              {func(f *access.SeatFacts) { f.Grants = nil }, access.SeatUnexplained},
		"partly without a grant":       {func(f *access.SeatFacts) { f.Beside = true }, access.SeatUnexplained},
		"away":                         {func(f *access.SeatFacts) { f.Absent = at.Add(day) }, access.SeatAway},
		"back":                         {func(f *access.SeatFacts) { f.Absent = at.Add(-day) }, access.SeatIdle},
		"asked":                        {before(access.Reclaim{State: access.ReclaimPostponed}), access.SeatAsked},
		"being removed": {func(f *access.SeatFacts) {
			f.Beside, f.Before = true, []access.Reclaim{{State: access.ReclaimRemoving}}
		}, access.SeatAsked},
		"exempted":                 {before(access.Reclaim{State: access.ReclaimExempt, Exempt: at.Add(day)}), access.SeatLeftOut},
		"exempted until yesterday": {before(access.Reclaim{State: access.ReclaimExempt, Exempt: at.Add(-day)}), access.SeatIdle},
		"needed lately":            {before(access.Reclaim{State: access.ReclaimNeeded, Decided: at.Add(-50 * day)}), access.SeatNew},
		"needed long ago":          {before(access.Reclaim{State: access.ReclaimNeeded, Decided: at.Add(-61 * day)}), access.SeatIdle},
		"asked lately":             {before(access.Reclaim{State: access.ReclaimCancelled, Asked: at.Add(-20 * day)}), access.SeatResting},
		"asked, and used again":    {before(access.Reclaim{State: access.ReclaimInUse, Decided: at.Add(-61 * day), Asked: at.Add(-62 * day)}), access.SeatIdle},
	} {
		f := seatFacts()
		if c.change != nil {
			c.change(&f)
		}
		if got := f.Judge(at); got.Standing != c.want {
			t.Errorf("%s: %s (%s), want %s", name, got.Standing, got.Why, c.want)
		}
	}
}

func before(r access.Reclaim) func(*access.SeatFacts) {
	return func(f *access.SeatFacts) { f.Before = []access.Reclaim{r} }
}

// TestASeatThatIsAskedAbout says how it is used, too.
func TestASeatThatIsAskedAbout(t *testing.T) {
	f := seatFacts()
	before(access.Reclaim{ID: "RC-1", State: access.ReclaimAsked, Asked: at.Add(-catalog.Day)})(&f)
	if got := f.Judge(at); got.Case != "RC-1" || got.ByUse != access.SeatResting || !got.Seen.Last.Equal(f.App.Last) {
		t.Errorf("it is %+v", got)
	}
	f.App.Last = at
	if got := f.Judge(at); got.Standing != access.SeatAsked || got.ByUse != access.SeatUsed {
		t.Errorf("used, it is %+v", got)
	}
}

// TestNobodyIsIdleByWhatIsNotKnown, whatever else is: the machine would take each idle seat, and no other.
func TestNobodyIsIdleByWhatIsNotKnown(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ago := func(what string) time.Time {
			return at.Add(-time.Duration(rapid.IntRange(0, 200).Draw(rt, what)) * catalog.Day)
		}
		f := access.SeatFacts{
			Rule:   catalog.Reclaim{Idle: time.Duration(rapid.IntRange(7, 120).Draw(rt, "idle")) * catalog.Day, Grace: catalog.Week, Least: rapid.SampledFrom([]catalog.UsageSource{catalog.AppSignIn, catalog.DirectorySignIn}).Draw(rt, "least")},
			Grants: []access.Grant{{ID: "G-1", State: access.GrantActive, Started: ago("given")}},
			Failed: rapid.Bool().Draw(rt, "failed"),
		}
		if !f.Failed && rapid.Bool().Draw(rt, "known by the app") {
			f.App = access.Idleness{Last: ago("used"), Source: "sign-ins", By: catalog.AppSignIn, Reach: ago("reach"), Read: at}
		}
		if rapid.Bool().Draw(rt, "known by the directory") {
			f.SignedIn = access.Idleness{Last: ago("signed in"), Source: "sign-ins to the directory", By: catalog.DirectorySignIn, Read: at}
		}
		j := f.Judge(at)
		r := access.Reclaim{ID: "RC-1", Person: tom, Grant: "G-1", Grants: []string{"G-1"}, Rule: access.ReclaimRuleOf(f.Rule), Seen: j.Seen}
		_, _, _, err := access.AskAbout(r, at)
		if (j.Standing == access.SeatIdle) != (err == nil) && j.Standing != access.SeatNew {
			rt.Fatalf("%s (%s), and asked about it: %v", j.Standing, j.Why, err)
		}
		if j.Standing == access.SeatIdle && f.Rule.Least == catalog.AppSignIn && j.Seen.By != catalog.AppSignIn {
			rt.Fatalf("idle by %s", j.Seen.By)
		}
	})
}

// TestRightsThatWereNeverUsed are proposed to the next review, with that reason, where records reach back to when they were given.
func TestRightsThatWereNeverUsed(t *testing.T) {
	given := at.Add(-70 * catalog.Day)
	for name, c := range map[string]struct {
		f    access.RowFacts
		want access.RecommendedBecause
	}{
		"never":                       {access.RowFacts{Since: given, Reach: at.Add(-90 * catalog.Day)}, access.BecauseNeverUsed},
		"before it was given":         {access.RowFacts{Since: given, Reach: at.Add(-90 * catalog.Day), Used: given.Add(-catalog.Day)}, access.BecauseNeverUsed},
		"once":                        {access.RowFacts{Since: given, Reach: at.Add(-90 * catalog.Day), Used: given.Add(catalog.Day)}, access.BecauseIdle},
		"given before records":        {access.RowFacts{Since: at.Add(-200 * catalog.Day), Reach: at.Add(-90 * catalog.Day)}, access.BecauseUnused},
		"it isn't known when":         {access.RowFacts{Reach: at.Add(-90 * catalog.Day)}, access.BecauseUnused},
		"lately given":                {access.RowFacts{Since: at.Add(-catalog.Day), Reach: at.Add(-90 * catalog.Day)}, access.BecauseNew},
		"nothing is known":            {access.RowFacts{Since: given, Explained: true, Peers: -1}, access.BecauseNothing},
		"used":                        {access.RowFacts{Since: given, Reach: at.Add(-90 * catalog.Day), Used: at}, access.BecauseUsed},
		"it comes with the position":  {access.RowFacts{Since: given, Reach: at.Add(-90 * catalog.Day), Birthright: true}, access.BecauseBirthright},
		"sign-ins say nothing of use": {access.RowFacts{Since: given, Reach: at.Add(-90 * catalog.Day), UsageOff: true, Explained: true, Peers: -1}, access.BecauseUsageOff},
	} {
		if _, got := access.Recommend(c.f, at); got != c.want {
			t.Errorf("%s: because %s, want %s", name, got, c.want)
		}
	}
	if access.BecauseNeverUsed.Words() == access.BecauseNothing.Words() {
		t.Error("nobody is told why")
	}
}
