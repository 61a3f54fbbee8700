package inbox

import (
	"slices"
	"testing"
	"time"

	"latchkey/access"
)

// second is the situation of a request whose first stage Noor has answered in Slack,
// an hour ago, and whose second stage was asked about half an hour ago.
func second() Situation {
	s := waiting()
	yes := access.Answer{By: access.Actor{Person: "noor", Via: access.ViaSlack}, Yes: true}
	s.Case.Request.Stages, s.Case.Request.Stage = []access.Stage{{Answers: []access.Answer{yes}}, {}}, 1
	s.Case.Story = append(s.Case.Story, access.Event{N: 8, Kind: access.EventApproversAsked, Stage: 1, At: noon().Add(-30 * time.Minute)})
	return s
}

// decideIn is the answer that follows from a situation.
func decideIn(t *testing.T, s Situation) Decide {
	t.Helper()
	for _, act := range Interpret(s) {
		if d, ok := act.(Decide); ok {
			return d
		}
	}
	t.Fatal("no answer follows")
	return Decide{}
}

// An answer is one to the stage that was asked about when it was given.
func TestAnAnswerNamesItsStage(t *testing.T) {
	for ago, want := range map[time.Duration]int{45 * time.Minute: 0, 30 * time.Minute: 1, time.Minute: 1} {
		ch := approval(6)
		ch.At = noon().Add(-ago)
		if got := decideIn(t, moved(second(), ch)).Stage; got != want {
			t.Errorf("given %s ago, it is one to stage %d, want %d", ago, got, want)
		}
	}
	s := second()
	s.Seen.Votes = []access.Vote{{ID: "1", By: noorInJira(), Yes: true}}
	if got := decideIn(t, s).Stage; got != 1 {
		t.Errorf("of unknown time, it is one to stage %d", got)
	}
}

// Whoever said the same to the same stage is spared; whatever else they do is told.
func TestWhatAnAnswerThatDoesNotCountIs(t *testing.T) {
	by := Attempt{By: noorInJira(), Was: []access.Phase{access.PhasePending}, Is: []access.Phase{access.PhaseApproved}, Instead: Drift{Key: "6-status"}}
	kept := second()
	kept.Case.Request.Waiting = []access.KeptAnswer{{By: access.Actor{Person: "noor"}, As: access.EventApproved, Stage: 1}}
	for name, c := range map[string]struct {
		s    Situation
		d    Decide
		told bool
	}{
		"the same to the same stage":     {second(), Decide{Attempt: by, Yes: true, Stage: 0}, false},
		"the opposite to the same stage": {second(), Decide{Attempt: by, Yes: false, Stage: 0}, true},
		"an answer to the next stage":    {second(), Decide{Attempt: by, Yes: true, Stage: 1}, true},
		"what is kept":                   {kept, Decide{Attempt: by, Yes: true, Stage: 1}, false},
		"the opposite of what is kept":   {kept, Decide{Attempt: by, Yes: false, Stage: 1}, true},
	} {
		if got := c.d.failed(c.s.Case, "noor", "It doesn't count."); (len(got) > 0) != c.told {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// Whoever made a request of the portal, or of what it asks for, is who asks.
func TestWhoAsksInThePortal(t *testing.T) {
	agent, other := access.Account{ID: "acc-ines", Name: "Ines"}, access.Account{ID: "acc-omar", Name: "Omar"}
	edit := func(field string, by access.Account) access.Change { return access.Change{Field: field, By: by} }
	for name, c := range map[string]struct {
		change func(*access.IssueSnapshot)
		want   []string
	}{
		"its reporter":        {func(s *access.IssueSnapshot) { s.Creator = mayaInJira() }, nil},
		"an unknown creator":  {func(*access.IssueSnapshot) {}, nil},
		"an agent":            {func(s *access.IssueSnapshot) { s.Creator = agent }, []string{"acc-ines"}},
		"an agent's edit":     {func(s *access.IssueSnapshot) { s.Changes = []access.Change{edit("role", agent), edit("app", agent)} }, []string{"acc-ines"}},
		"an agent's reporter": {func(s *access.IssueSnapshot) { s.Changes = []access.Change{edit("reporter", agent)} }, []string{"acc-ines"}},
		"another field":       {func(s *access.IssueSnapshot) { s.Changes = []access.Change{edit("summary", agent)} }, nil},
		"her own edit":        {func(s *access.IssueSnapshot) { s.Changes = []access.Change{edit("role", mayaInJira())} }, nil},
		"two of them":         {func(s *access.IssueSnapshot) { s.Creator, s.Changes = agent, []access.Change{edit("role", other)} }, []string{"acc-ines", "acc-omar"}},
	} {
		seen := portal(access.Form{App: "Miro"}).Seen
		c.change(&seen)
		var got []string
		for _, a := range authors(seen) {
			got = append(got, a.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAnAgentWhoAsksForSomebody(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*access.IssueSnapshot)
		done   []string
	}{
		"is who asks":   {func(s *access.IssueSnapshot) { s.Creator = access.Account{ID: "acc-ines"} }, []string{"ines submits jira:20 miro member IT-20"}},
		"must be known": {func(s *access.IssueSnapshot) { s.Creator = access.Account{ID: "712020"} }, nil},
		"must be one only": {func(s *access.IssueSnapshot) {
			s.Creator, s.Changes = access.Account{ID: "acc-ines"}, []access.Change{{Field: "app", By: access.Account{ID: "acc-omar"}}}
		}, nil},
	} {
		j := open(t)
		seen := portal(access.Form{App: "Miro"}).Seen
		c.change(&seen)
		j.look(seen)
		j.equal(name, j.done, c.done)
	}
}
