package access_test

import (
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"latchkey/access"
)

// However much was found, everything is counted; only the names are bounded.
func TestSurveyCountsWhatItDoesNotName(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s access.Survey
		absent := rapid.IntRange(0, 40).Draw(t, "grants without a membership")
		unexplained := rapid.IntRange(0, 4000).Draw(t, "memberships without a grant")
		first := rapid.IntRange(0, absent).Draw(t, "of those named before the others")
		for range first {
			s.Note(access.Mismatch{Person: "maya", Group: group, Missing: true})
		}
		for i := range unexplained {
			s.Note(access.Mismatch{Person: access.PersonID(strconv.Itoa(i)), Group: group})
		}
		for range absent - first {
			s.Note(access.Mismatch{Person: "maya", Group: group, Missing: true})
		}
		if odd, gone := s.Count(); odd != unexplained || gone != absent {
			t.Fatalf("%d and %d, want %d and %d", odd, gone, unexplained, absent)
		}
		if len(s.Odd)+s.More != absent+unexplained || s.More > 0 && len(s.Odd) != 2000 {
			t.Fatalf("%d are named, %d are not", len(s.Odd), s.More)
		}
		known := s.Known()
		if last := (access.Mismatch{Person: access.PersonID(strconv.Itoa(unexplained - 1)), Group: group}); unexplained > 0 && !known(last) {
			t.Fatalf("of %d, the last would be news every day", unexplained)
		}
	})
}

func TestSurveysThatDiffer(t *testing.T) {
	here := access.Mismatch{Person: "maya", Group: group, App: "figma"}
	was := access.Survey{Odd: []access.Mismatch{here}, Problems: []string{"okta does not answer"}, Looked: 7}
	if known := was.Known(); !known(here) || known(access.Mismatch{Person: "maya", Group: other, App: "figma"}) {
		t.Error("what it found is not what it knows")
	}
	same := was
	same.Looked, same.At = 8, at
	if !same.Same(was) {
		t.Error("when and how much was looked at makes a difference")
	}
	for name, s := range map[string]access.Survey{
		"more":            {Odd: was.Odd, Problems: was.Problems, More: 1},
		"no problem":      {Odd: was.Odd},
		"one less":        {Problems: was.Problems},
		"of one who left": {Odd: []access.Mismatch{{Person: "maya", Group: group, App: "figma", Left: true}}, Problems: was.Problems},
	} {
		if s.Same(was) {
			t.Errorf("%s: it passes as the same", name)
		}
	}
}

// A membership is explained by every grant that has brought it about or is going
// to, and by one that was being taken away when it was seen.
func TestGrantsAccountForMemberships(t *testing.T) {
	for _, s := range grantStates() {
		g := grantIn(s, s == access.GrantEnding)
		if s == access.GrantManual {
			continue // it knows of no groups
		}
		g.Finished = at
		if got, want := g.Accounts(group, at.Add(time.Second)), s != access.GrantEnded; got != want {
			t.Errorf("%s accounts for what was seen afterwards: %v", s, got)
		}
		if !g.Accounts(group, at) {
			t.Errorf("%s does not account for what was seen at that moment", s)
		}
		if g.Accounts(other, at) || g.Missed(other, at.Add(time.Hour)) {
			t.Errorf("%s speaks for another group", s)
		}
		g.Started = at
		if got := g.Missed(group, at.Add(time.Second)); got != (s == access.GrantActive) {
			t.Errorf("%s misses a membership: %v", s, got)
		}
		if g.Missed(group, at) {
			t.Errorf("%s misses a membership that was just made", s)
		}
	}
}
