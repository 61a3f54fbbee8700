package inbox

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

func errDown() error { return errors.New("connection refused") }

func TestADecisionGoesThroughTheDoor(t *testing.T) {
	j := open(t)
	seen := j.asked()
	seen.Changes = []access.Change{approval(6)}
	j.look(seen)
	j.equal("done", j.done, []string{"noor approves AR-1"})
	j.equal("the story", j.story(), nil)
	if c := j.read(); c.Change != 6 || c.Request != "AR-1" || !c.Updated.Equal(noon()) {
		t.Errorf("read so far: %+v", c)
	}
	j.look(seen)
	if len(j.done) != 1 {
		t.Errorf("done twice: %q", j.done)
	}
}

func TestWhatFollowsADecisionIsSeenInItsLight(t *testing.T) {
	j := open(t)
	seen := j.asked()
	again := denial(7)
	again.By = mayaInJira()
	seen.Changes = []access.Change{approval(6), move(6, "A", "", "B"), again}
	seen.Changes[1].Field = "priority"
	j.look(seen)
	j.equal("done", j.done, []string{"noor approves AR-1"})
	j.equal("the story", j.story(), []string{
		"issue.drift Noor changed “priority” from “A” to “B”.", "issue.drift Maya moved the issue from Waiting for approval to Declined.",
	})
	j.equal("notices", j.tasks("notice/"), []string{"notice/drift/AR-1/6-priority", "notice/drift/AR-1/7-status"})
	if n := len(j.tasks("record/")); n != 2 {
		t.Errorf("%d drifts go into the issue", n)
	}
}

func TestADenialWithoutAReasonNamesWhoToAsk(t *testing.T) {
	j := open(t)
	seen := j.asked()
	seen.Changes = []access.Change{denial(6)}
	j.look(seen)
	j.equal("done", j.done, []string{"noor denies AR-1 No reason was given in Jira; please ask Noor."})
}

func TestARefusedAttemptIsDrift(t *testing.T) {
	j := open(t)
	no := access.Refuse(access.NotAllowed, "", "This isn't yours.")
	j.refusals = map[string]error{"approves": no, "cancels": no, "fulfils": no}
	seen := j.asked()
	stranger := cancellation(8)
	stranger.By = access.Account{ID: "712020", Name: "A portal customer"}
	seen.Votes, seen.Changes = []access.Vote{vote("1", true)}, []access.Change{cancellation(7), stranger}
	j.look(seen)
	j.equal("done", j.done, []string{"noor approves AR-1", "noor cancels AR-1"})
	j.equal("the story", j.story(), []string{
		"issue.drift Noor answered Jira's approval. This isn't yours.",
		"issue.drift Noor moved the issue from Waiting for approval to Canceled. This isn't yours.",
		"issue.drift A portal customer moved the issue from Waiting for approval to Canceled. Nobody knows that account.",
	})
}

func TestAManualChangeIsConfirmed(t *testing.T) {
	j := open(t)
	seen := j.asked()
	if err := j.move("AR-1", func(r *access.Request) { r.State = access.RequestApproved }); err != nil {
		t.Fatal(err)
	}
	err := j.store.Update(t.Context(), func(tx store.Tx) error {
		return store.PutGrant(tx, &access.Grant{ID: "G-1", Request: "AR-1", State: access.GrantManual, Manual: true})
	})
	if err != nil {
		t.Fatal(err)
	}
	seen.Changes = []access.Change{completion(6)}
	j.look(seen)
	j.equal("done", j.done, []string{"noor fulfils AR-1"})
}

// What failed is not passed over: the next look tries it again.
func TestWhatFailsIsTriedAgain(t *testing.T) {
	j := open(t)
	seen := j.asked()
	seen.Changes = []access.Change{approval(6)}
	j.refusals["approves"] = errDown()
	if err := j.takeAll(t.Context(), []access.IssueSnapshot{seen}); !errors.Is(err, j.refusals["approves"]) {
		t.Fatalf("got %v", err)
	}
	delete(j.refusals, "approves")
	j.look(seen)
	if len(j.done) != 2 || j.read().Change != 6 {
		t.Errorf("done %q, read %+v", j.done, j.read())
	}
}

func TestCommentsJoinTheConversation(t *testing.T) {
	j := open(t)
	seen := j.asked()
	seen.Comments = []access.Comment{said(6, mayaInJira(), "For the launch."), said(7, access.Account{ID: "712020", Name: "A guest", Email: ""}, "Me too")}
	j.look(seen)
	j.look(seen)
	j.equal("the story", j.story(), []string{"request.replied maya For the launch.", "request.replied Me too A guest"})
	if c := j.read(); c.Comment != 7 {
		t.Errorf("read so far: %+v", c)
	}
}

// TestAnAutomationThatNeverStopsTalking is heard for a while, and then pointed to.
func TestAnAutomationThatNeverStopsTalking(t *testing.T) {
	j := open(t)
	robot := access.Account{ID: "712020:robot", Name: "Automation", Active: true}
	seen := j.asked()
	for i := range 250 {
		seen.Comments = append(seen.Comments, said(uint64(10+i), robot, "Still open!"))
	}
	j.look(seen)
	story := j.story()
	if len(story) != 61 || !strings.Contains(story[60], "see the issue") {
		t.Errorf("%d events, the last %q", len(story), story[len(story)-1])
	}
	if c := j.read(); c.Comment != 259 {
		t.Errorf("read so far: %+v", c)
	}
}

func TestADeletedIssueIsToldOnce(t *testing.T) {
	j := open(t)
	gone := access.IssueSnapshot{Issue: j.asked().Issue, Gone: true}
	j.look(gone)
	j.look(gone)
	if story := j.story(); len(story) != 1 || len(j.tasks("notice/gone/AR-1/waiting")) != 2 || len(j.tasks("record/")) != 0 {
		t.Errorf("story %q, tasks %q", story, j.tasks(""))
	}
}

// An issue that comes back is told to the same people, and many that go at once are one
// matter for IT.
func TestIssuesThatComeBackAndManyThatGo(t *testing.T) {
	j := open(t)
	seen := j.asked()
	j.look(access.IssueSnapshot{Issue: seen.Issue, Gone: true})
	j.look(seen)
	if told := j.tasks("notice/"); len(j.tasks("notice/back/AR-1")) != 1 || len(j.tasks("notice/gone/AR-1/back/maya")) != 1 {
		t.Errorf("told %q", told)
	}
	if c, err := j.Case(t.Context(), "AR-1"); err != nil || c.Request.Issue.Gone {
		t.Errorf("it is still gone: %+v %v", c.Request.Issue, err)
	}
	for n := range 20 {
		err := j.units.Update(t.Context(), func(u *engine.Unit) error {
			return notify.IssueGone(u, access.Request{ID: fmt.Sprint("AR-", n+10), Requester: "maya", Beneficiary: "maya", State: access.RequestPending, Issue: access.Issue{Key: "IT-9"}})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if it, who := len(j.tasks("notice/gone/"))-len(j.gonePersonal()), len(j.gonePersonal()); it != 6 || who < 20 {
		t.Errorf("IT was told %d times, people %d times", it, who)
	}
}

// gonePersonal are the messages about issues that are gone or back to people.
func (j *jira) gonePersonal() (out []string) {
	for _, id := range j.tasks("notice/gone/") {
		if strings.HasSuffix(id, "/maya") {
			out = append(out, id)
		}
	}
	return out
}

func TestAMovedIssueIsFollowed(t *testing.T) {
	j := open(t)
	seen := j.asked()
	seen.Issue.Key, seen.Issue.URL = "OPS-9", "https://jira.example/browse/OPS-9"
	j.look(seen)
	c, err := j.Case(t.Context(), "AR-1")
	if err != nil || c.Request.Issue != seen.Issue {
		t.Errorf("the request's issue is %+v, %v", c.Request.Issue, err)
	}
}

func TestADoubtHasToBeSeenTwice(t *testing.T) {
	j := open(t)
	seen := j.asked()
	seen.State = ""
	j.now = noon().Add(-59 * time.Minute)
	j.look(seen)
	if c := j.read(); c.Doubt != propertyGone || len(j.story()) != 0 {
		t.Errorf("doubt %q, story %q", c.Doubt, j.story())
	}
	j.look(seen)
	j.equal("the story", j.story(), []string{"issue.drift " + propertyGone})
	j.look(seen) // what puts it back is on its way
	if c := j.read(); c.Doubt != "" || len(j.story()) != 1 {
		t.Errorf("doubt %q, story %q", c.Doubt, j.story())
	}
}

func TestWhoIsSlowerChangesNothing(t *testing.T) {
	j := open(t)
	seen := j.asked()
	from, err := j.situation(t.Context(), seen)
	if err != nil {
		t.Fatal(err)
	}
	j.look(seen)
	if err := j.note(t.Context(), from, []Action{Drift{Key: "x", What: "Late"}}); err != nil || len(j.story()) != 0 {
		t.Errorf("story %q, %v", j.story(), err)
	}
}

func TestARequestMadeInThePortal(t *testing.T) {
	j := open(t)
	seen := portal(access.Form{App: "Figma", Role: "Editor"}).Seen
	j.look(seen)
	j.equal("done", j.done, []string{"maya submits jira:20 figma editor IT-20"})
	if c, err := j.cursor(t.Context(), "20"); err != nil || c.Version != 0 {
		t.Errorf("the next look passes over it: %+v, %v", c, err)
	}
}

func TestWhatIsMissingIsAskedOnce(t *testing.T) {
	j := open(t)
	seen := portal(access.Form{App: "Sketch"}).Seen
	j.look(seen)
	j.look(seen)
	j.equal("done", j.done, nil)
	c, err := j.cursor(t.Context(), "20")
	if err != nil || c.Waits != "maya" || c.Key != "IT-20" || len(j.tasks("comment/portal/20/")) != 1 {
		t.Fatalf("%+v, %v, %q", c, err, j.tasks(""))
	}
	seen.Form.App = "Figma"
	j.look(seen)
	if c, err = j.cursor(t.Context(), "20"); err != nil || c.App != "figma" || len(j.tasks("comment/portal/20/")) != 2 {
		t.Errorf("%+v, %v, %q", c, err, j.tasks(""))
	}
}

func TestARefusedRequestFromThePortal(t *testing.T) {
	j := open(t)
	j.refusals["submits"] = access.Refuse(access.Duplicate, "role", "It is on its way.")
	seen := portal(access.Form{App: "Figma", Role: "Editor"}).Seen
	j.look(seen)
	c, err := j.cursor(t.Context(), "20")
	if err != nil || c.Waits != "maya" || c.App != "figma" || c.Asked != (AskClarification{Why: "It is on its way."}).mark() {
		t.Errorf("%+v, %v", c, err)
	}
	j.refusals["submits"] = errDown()
	if err := j.take(t.Context(), seen); !errors.Is(err, j.refusals["submits"]) {
		t.Errorf("got %v", err)
	}
}

func TestAStrangerInThePortal(t *testing.T) {
	for _, f := range []access.Form{{App: "Sketch"}, {App: "Miro"}} {
		j := open(t)
		seen := portal(f).Seen
		seen.Reporter = access.Account{ID: "712020"}
		j.look(seen)
		c, err := j.cursor(t.Context(), "20")
		if err != nil || c.Waits != "" || c.Asked != (AskClarification{Why: "Nobody knows that account."}).mark() {
			t.Errorf("%+v: %+v, %v", f, c, err)
		}
	}
}

// Somebody completed it in Slack while it was being asked about.
func TestWhatBecameARequestIsNotAskedAbout(t *testing.T) {
	j := open(t)
	j.asked()
	from := Situation{Seen: access.IssueSnapshot{Issue: access.Issue{ID: "10001"}}}
	if err := j.note(t.Context(), from, []Action{AskClarification{Why: "?", Who: "maya"}}); err != nil || j.read().Waits != "" {
		t.Errorf("it waits for %q, %v", j.read().Waits, err)
	}
}

func TestWhatAClarificationSays(t *testing.T) {
	for _, tc := range []struct {
		ask  AskClarification
		want []string
	}{
		{AskClarification{}, []string{"Please ask in Slack instead, or ask IT if you have no account there."}},
		{AskClarification{Who: "maya", Choose: []string{"A", "B"}}, []string{"You can choose: A, B", "Correct it here, or ask for it in Slack: it then goes on in this request."}},
	} {
		if got := tc.ask.lines(); !slices.Equal(got, tc.want) {
			t.Errorf("got %q", got)
		}
	}
}
