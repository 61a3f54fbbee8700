package inbox

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/evidence"
	"latchkey/evidence/note"
	"latchkey/evidence/note/notetest"
	"latchkey/store"
)

func noon() time.Time { return time.Date(2026, 11, 16, 12, 0, 0, 0, time.UTC) }

func mayaInJira() access.Account { return access.Account{ID: "acc-maya", Name: "Maya", Active: true} }
func noorInJira() access.Account { return access.Account{ID: "acc-noor", Name: "Noor", Active: true} }

// keys are those of the tests.
var keys = notetest.Keys(notetest.Log)

// stateOf is what an issue carries as the state of a request.
func stateOf(request string, n uint64, head access.Hash) string {
	return stateOn("10001", request, n, head)
}

func stateOn(issue, request string, n uint64, head access.Hash) string {
	text, err := note.Compose(note.State, evidence.State{Log: notetest.Log, Issue: issue, Request: request, N: n, Head: head})
	if err == nil {
		text, err = keys.Signer.Sign(context.Background(), notetest.Log, note.State, text)
	}
	if err != nil {
		panic(err)
	}
	return text
}

// waiting is the quiet situation of a request that waits for an answer: nothing
// follows from it.
func waiting() Situation {
	e := access.Event{N: 7, Leaf: access.Hash{7}, Kind: access.EventApproversAsked, At: noon().Add(-time.Hour), Request: "AR-1"}
	issue := access.Issue{ID: "10001", Key: "IT-1"}
	return Situation{
		Seen: access.IssueSnapshot{
			Issue: issue, Updated: noon(), Own: true, Portal: true, OwnComments: []string{"c1"},
			State: stateOf("AR-1", e.N, e.Leaf),
		},
		Cursor: store.IssueCursor{ID: "10001", Version: 3, Change: 5, Comment: 5, OwnComments: []string{"c1"}},
		Case: access.Case{
			Request: access.Request{ID: "AR-1", Requester: "maya", Beneficiary: "maya", State: access.RequestPending, Issue: issue, Stages: []access.Stage{{}}},
			Story:   []access.Event{e},
		},
		Catalog: offer(), Trust: keys.Trust, At: noon(), Since: noon().Add(-2 * time.Hour), Decides: true,
	}
}

// decided is the situation after an answer.
func decided(as access.RequestState, by access.Actor) Situation {
	s := waiting()
	s.Case.Request.State = as
	s.Case.Request.Stages = []access.Stage{{Answers: []access.Answer{{By: by, Yes: as == access.RequestApproved}}}}
	return s
}

// holds is the situation of an approved request whose grant is in a state.
func holds(in access.GrantState) Situation {
	s := decided(access.RequestApproved, access.Actor{Person: "noor"})
	s.Case.Grant = &access.Grant{State: in, Manual: in == access.GrantManual}
	return s
}

func with(s Situation, change func(*Situation)) Situation {
	change(&s)
	return s
}

// move is a change of status, by Noor.
func move(id uint64, from string, was access.Phase, to string, is ...access.Phase) access.Change {
	return access.Change{ID: id, At: noon(), By: noorInJira(), Field: "status", From: from, To: to, Was: []access.Phase{was}, Is: is}
}

func moved(s Situation, changes ...access.Change) Situation {
	s.Seen.Changes = changes
	return s
}

func approval(id uint64) access.Change {
	return move(id, "Waiting for approval", access.PhasePending, "In progress", access.PhaseApproved)
}

func denial(id uint64) access.Change {
	return move(id, "Waiting for approval", access.PhasePending, "Declined", access.PhaseDenied)
}

func cancellation(id uint64) access.Change {
	return move(id, "Waiting for approval", access.PhasePending, "Canceled", access.PhaseCancelled, access.PhaseLapsed)
}

func completion(id uint64) access.Change {
	return move(id, "Manual", access.PhaseManual, "Done", access.PhaseActive)
}

// drift is what a move is if it doesn't count.
func drift(ch access.Change, why string) Drift {
	d := Drift{Key: changeKey(ch), By: ch.By, What: "Noor moved the issue from " + ch.From + " to " + ch.To + "."}
	return d.because(why)
}

func attempted(ch access.Change) Attempt {
	return Attempt{By: ch.By, Was: ch.Was, Is: ch.Is, Instead: drift(ch, "")}
}

func said(id uint64, by access.Account, text string) access.Comment {
	return access.Comment{ID: id, At: noon(), By: by, Text: text, Public: true}
}

func vote(id string, yes bool) access.Vote {
	return access.Vote{ID: id, By: noorInJira(), Yes: yes, At: noon()}
}

func voted(id string) Attempt {
	return Attempt{By: noorInJira(), Instead: Drift{Key: "vote-" + id, By: noorInJira(), What: "Noor answered Jira's approval."}}
}

func portal(f access.Form) Situation {
	return Situation{
		Seen:    access.IssueSnapshot{Issue: access.Issue{ID: "20", Key: "IT-20"}, Portal: true, Reporter: mayaInJira(), Form: f},
		Catalog: offer(), At: noon(),
	}
}

const (
	propertyGone    = "The property that holds the state of the request was deleted."
	propertyChanged = "The property that holds the state of the request was changed: it doesn't agree with the log."
)

// situations are rows of a table: what follows from how an issue stands.
type situations map[string]struct {
	in   Situation
	want []Action
}

// causes leaves out of a comparison what drifts may have in common (TestCauses).
func causes() cmp.Option { return cmpopts.IgnoreFields(Drift{}, "Cause") }

// TestInterpret goes through the tables below.
func TestInterpret(t *testing.T) {
	for _, table := range []situations{moves(), late(), others(), commented(), traces(), portals()} {
		for name, tc := range table {
			t.Run(name, func(t *testing.T) {
				if diff := cmp.Diff(tc.want, Interpret(tc.in), causes()); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}

// moves are changes of status while a request waits.
func moves() situations {
	return situations{
		"nothing happened":                  {waiting(), nil},
		"an issue that is none of ours":     {Situation{Seen: access.IssueSnapshot{Issue: access.Issue{ID: "9"}}}, nil},
		"an issue of ours without request":  {Situation{Seen: access.IssueSnapshot{Own: true, Portal: true}}, nil},
		"a portal request that is gone":     {Situation{Seen: access.IssueSnapshot{Portal: true, Gone: true}}, nil},
		"moved to in progress":              {moved(waiting(), approval(6)), []Action{Decide{Attempt: attempted(approval(6)), Yes: true}}},
		"moved to done at once":             {moved(waiting(), move(6, "Waiting", access.PhasePending, "Done", access.PhaseActive)), []Action{Decide{Attempt: attempted(move(6, "Waiting", access.PhasePending, "Done", access.PhaseActive)), Yes: true}}},
		"moved to manual fulfilment":        {moved(waiting(), move(6, "Waiting", access.PhasePending, "Manual", access.PhaseManual)), []Action{Decide{Attempt: attempted(move(6, "Waiting", access.PhasePending, "Manual", access.PhaseManual)), Yes: true}}},
		"moved to declined":                 {moved(waiting(), denial(6)), []Action{Decide{Attempt: attempted(denial(6))}}},
		"moved to canceled":                 {moved(waiting(), cancellation(6)), []Action{Cancel{attempted(cancellation(6))}}},
		"a status that stands for two":      {moved(waiting(), move(6, "Waiting", access.PhasePending, "Closed", access.PhaseDenied, access.PhaseCancelled)), []Action{Cancel{attempted(move(6, "Waiting", access.PhasePending, "Closed", access.PhaseDenied, access.PhaseCancelled))}}},
		"moved to a status without meaning": {moved(waiting(), move(6, "Waiting", access.PhasePending, "Blocked")), []Action{drift(move(6, "Waiting", access.PhasePending, "Blocked"), "")}},
		"moved from another status":         {moved(waiting(), move(6, "Blocked", "", "In progress", access.PhaseApproved)), []Action{drift(move(6, "Blocked", "", "In progress", access.PhaseApproved), "")}},
		"moved within waiting":              {moved(waiting(), move(6, "Triage", access.PhasePending, "Waiting", access.PhasePending)), nil},
		"moved back to waiting":             {moved(waiting(), move(6, "Blocked", "", "Waiting", access.PhasePending)), nil},
	}
}

// late are changes of status of what is decided.
func late() situations {
	return situations{
		"reopened after a denial":           {moved(decided(access.RequestDenied, access.Actor{}), move(6, "Declined", access.PhaseDenied, "Waiting", access.PhasePending)), []Action{drift(move(6, "Declined", access.PhaseDenied, "Waiting", access.PhasePending), "")}},
		"approved in Slack at that moment":  {moved(holds(access.GrantProvisioning), approval(6)), nil},
		"approved, and held by now":         {moved(holds(access.GrantActive), approval(6)), nil},
		"denied in Slack at that moment":    {moved(decided(access.RequestDenied, access.Actor{}), denial(6)), nil},
		"cancelled in Slack at that moment": {moved(decided(access.RequestCancelled, access.Actor{}), cancellation(6)), nil},
		"lapsed at that moment":             {moved(decided(access.RequestLapsed, access.Actor{}), cancellation(6)), nil},
		"declined after an approval":        {moved(holds(access.GrantActive), denial(6)), []Action{drift(denial(6), "")}},
		"closed while access is held":       {moved(holds(access.GrantActive), move(6, "Done", access.PhaseActive, "Closed", access.PhaseEnded)), []Action{drift(move(6, "Done", access.PhaseActive, "Closed", access.PhaseEnded), "")}},
		"fulfilled":                         {moved(holds(access.GrantManual), completion(6)), []Action{Fulfil{attempted(completion(6))}}},
		"can't be fulfilled":                {moved(holds(access.GrantManual), move(6, "Manual", access.PhaseManual, "Declined", access.PhaseDenied)), []Action{CantFulfil{Attempt: attempted(move(6, "Manual", access.PhaseManual, "Declined", access.PhaseDenied))}}},
		"fulfilled, says nobody's":          {moved(holds(access.GrantProvisioning), completion(6)), []Action{drift(completion(6), "")}},
		"the word that came before":         {moved(holds(access.GrantActive), completion(6)), nil},
		"by an account without a name": {moved(waiting(), access.Change{ID: 6, At: noon(), Field: "status", From: "A", To: "B"}),
			[]Action{Drift{Key: "6-status", What: "Somebody moved the issue from A to B."}}},
		"an approval and its completion": {moved(waiting(), approval(6), completion(7)), []Action{Decide{Attempt: attempted(approval(6)), Yes: true}, drift(completion(7), "")}},
	}
}

// others are votes, other fields, and decisions that don't count.
func others() situations {
	summary := access.Change{ID: 6, At: noon(), By: noorInJira(), Field: "summary", From: "Figma", To: strings.Repeat("x", 300)}
	rekeyed := access.Change{ID: 6, At: noon(), By: noorInJira(), Field: "key", From: "IT-1", To: "OPS-9"}
	return situations{
		"decisions don't count, approved":  {with(moved(waiting(), approval(6)), func(s *Situation) { s.Decides = false }), []Action{drift(approval(6), notHere)}},
		"decisions don't count, denied":    {with(moved(waiting(), denial(6)), func(s *Situation) { s.Decides = false }), []Action{drift(denial(6), notHere)}},
		"cancellations count all the same": {with(moved(waiting(), cancellation(6)), func(s *Situation) { s.Decides = false }), []Action{Cancel{attempted(cancellation(6))}}},
		"decisions don't count, voted":     {with(waiting(), func(s *Situation) { s.Decides = false; s.Seen.Votes = []access.Vote{vote("1", true)} }), []Action{voted("1").Instead.because(notHere)}},

		"a change dealt with before":    {moved(waiting(), approval(5)), nil},
		"a change before our time":      {moved(waiting(), with2(approval(6), noon().Add(-3*time.Hour))), nil},
		"a field":                       {moved(waiting(), summary), []Action{Drift{Key: "6-summary", By: noorInJira(), What: "Noor changed “summary” from “Figma” to “" + strings.Repeat("x", 199) + "…”."}}},
		"another project":               {with(moved(waiting(), rekeyed), func(s *Situation) { s.Seen.Issue.Key = "OPS-9" }), []Action{Rename{access.Issue{ID: "10001", Key: "OPS-9"}}, Drift{Key: "6-key", By: noorInJira(), What: "Noor moved the issue from IT-1 to OPS-9."}}},
		"two fields in one change":      {moved(waiting(), summary, approval(6)), []Action{Drift{Key: "6-summary", By: noorInJira(), What: "Noor changed “summary” from “Figma” to “" + strings.Repeat("x", 199) + "…”."}, Decide{Attempt: attempted(approval(6)), Yes: true}}},
		"a vote":                        {with(waiting(), func(s *Situation) { s.Seen.Votes = []access.Vote{vote("1", true)} }), []Action{Decide{Attempt: voted("1"), Yes: true}}},
		"a vote against, not completed": {with(waiting(), func(s *Situation) { s.Seen.Votes = []access.Vote{{ID: "1", By: noorInJira()}} }), []Action{Decide{Attempt: voted("1")}}},
		"a vote dealt with before":      {with(waiting(), func(s *Situation) { s.Cursor.Votes, s.Seen.Votes = []string{"1"}, []access.Vote{vote("1", true)} }), nil},
		"a vote before our time":        {with(waiting(), func(s *Situation) { s.Seen.Votes = []access.Vote{{ID: "1", At: noon().Add(-3 * time.Hour)}} }), nil},
	}
}

// commented are comments.
func commented() situations {
	return situations{
		"a comment is the reason": {with(moved(waiting(), denial(6)), func(s *Situation) {
			s.Seen.Comments = []access.Comment{said(5, noorInJira(), "Old."), said(6, noorInJira(), "Hm."), said(7, noorInJira(), " Too much. "), said(8, mayaInJira(), "Please!")}
		}), []Action{
			Decide{Attempt: attempted(denial(6)), Reason: "Too much."},
			Comment{ID: 6, By: noorInJira(), Text: "Hm."}, Comment{ID: 7, By: noorInJira(), Text: "Too much."}, Comment{ID: 8, By: mayaInJira(), Text: "Please!"},
		}},
		"an internal note is nobody's": {with(moved(waiting(), denial(6)), func(s *Situation) { s.Seen.Comments = []access.Comment{{ID: 6, By: noorInJira(), Text: "secret"}} }), []Action{Decide{Attempt: attempted(denial(6))}}},
		"an empty comment":             {with(waiting(), func(s *Situation) { s.Seen.Comments = []access.Comment{said(6, mayaInJira(), " \n")} }), nil},
		"a comment before our time":    {with(waiting(), func(s *Situation) { s.Seen.Comments = []access.Comment{{ID: 6, Text: "Old", Public: true}} }), nil},
		"a comment on what is over":    {with(decided(access.RequestDenied, access.Actor{}), func(s *Situation) { s.Seen.Comments = []access.Comment{said(6, mayaInJira(), "Why?")} }), []Action{Comment{ID: 6, By: mayaInJira(), Text: "Why?"}}},
	}
}

// traces are what is missing or changed of Latchkey's own.
func traces() situations {
	return situations{
		"the issue is gone": {with(waiting(), func(s *Situation) { s.Seen = access.IssueSnapshot{Issue: s.Seen.Issue, Gone: true} }), []Action{Gone{}}},
		"the issue is known to be gone": {with(waiting(), func(s *Situation) {
			s.Seen, s.Case.Request.Issue.Gone = access.IssueSnapshot{Issue: s.Seen.Issue, Gone: true}, true
		}), nil},
		"the issue is there again":      {with(waiting(), func(s *Situation) { s.Case.Request.Issue.Gone = true }), []Action{Back{}}},
		"the issue is still gone":       {with(waiting(), func(s *Situation) { s.Seen.Gone, s.Cursor.Gone = true, true }), nil},
		"a comment of ours is gone":     {with(waiting(), func(s *Situation) { s.Cursor.OwnComments = []string{"c1", "c2"} }), []Action{Drift{Key: "comments-c2", What: "A comment of Latchkey was deleted from the issue; what it said is still in the log."}}},
		"two comments of ours are gone": {with(waiting(), func(s *Situation) { s.Cursor.OwnComments = []string{"c1", "c2", "c3"} }), []Action{Drift{Key: "comments-c2-c3", What: "2 comments of Latchkey were deleted from the issue; what they said is still in the log."}}},
		"the property is gone":          {with(waiting(), func(s *Situation) { s.Seen.State = "" }), []Action{Drift{Key: "property-3", What: propertyGone}}},
		"the property is another's":     {with(waiting(), func(s *Situation) { s.Seen.State = stateOf("AR-2", 7, access.Hash{7}) }), []Action{Drift{Key: "property-3", What: "The property that holds the state of the request was made to name another request."}}},
		"the property can't be read":    {with(waiting(), func(s *Situation) { s.Seen.State = "{}" }), []Action{Drift{Key: "property-3", What: "The property that holds the state of the request was changed, so that its signature doesn't hold any more."}}},
		"the property was changed":      {with(waiting(), func(s *Situation) { s.Seen.State = stateOf("AR-1", 7, access.Hash{8}) }), []Action{Drift{Key: "property-3", What: propertyChanged}}},
		"nothing was recorded yet": {with(waiting(), func(s *Situation) {
			s.Seen.State, s.Seen.OwnComments, s.Cursor.OwnComments = "", nil, nil
		}), nil},
		"the property is being written": {with(waiting(), func(s *Situation) { s.Seen.State, s.Unwritten = "", true }), nil},
		"the property was just written": {with(waiting(), func(s *Situation) { s.Seen.State, s.Case.Story[0].At = "", noon().Add(-time.Minute) }), []Action{Doubt{propertyGone}}},
		"the same doubt a second time": {with(waiting(), func(s *Situation) {
			s.Seen.State, s.Case.Story[0].At, s.Cursor.Doubt = "", noon(), propertyGone
		}), []Action{Drift{Key: "property-3", What: propertyGone}}},
		"another doubt the second time": {with(waiting(), func(s *Situation) {
			s.Seen.State, s.Case.Story[0].At, s.Cursor.Doubt = stateOf("AR-1", 7, access.Hash{8}), noon(), propertyGone
		}), []Action{Doubt{propertyChanged}}},
		"a request without a story": {with(waiting(), func(s *Situation) { s.Case.Story = nil }), []Action{Drift{Key: "property-3", What: propertyChanged}}},
	}
}

// portals are requests made in the portal, and much at once.
func portals() situations {
	return situations{
		"a portal request": {portal(access.Form{App: "Figma", Role: "Editor", Duration: "6 hours", Reason: "Launch"}), []Action{SubmitPortalRequest{App: "figma", Role: "editor", Wanted: 6 * time.Hour, Reason: "Launch"}}},
		"a portal request that a store from a backup doesn't know": {with(portal(access.Form{App: "Figma", Role: "Editor"}), func(s *Situation) { s.Older, s.Seen.State = true, "latchkey/state/v1\n{}\n" }), nil},
		"a portal request that such a store has to take":           {with(portal(access.Form{App: "Miro"}), func(s *Situation) { s.Older = true }), []Action{SubmitPortalRequest{App: "miro", Role: "member", Wanted: 30 * catalog.Day}}},
		"a portal request without role":                            {portal(access.Form{App: "Figma"}), []Action{AskClarification{Why: "Please say which role of Figma you need.", Choose: []string{"Editor", "Viewer"}, App: "figma"}}},
		"a portal request without app":                             {portal(access.Form{App: "Sketch"}), []Action{AskClarification{Why: "There is no app called “Sketch” in the catalogue.", Choose: []string{"Figma", "GitHub", "Miro"}}}},
		"a portal request with no end":                             {portal(access.Form{App: "miro", Duration: "forever"}), []Action{AskClarification{Why: "This role needs an end. The longest it can be held is 180 days.", Choose: []string{"6 hours", "30 days"}, App: "miro"}}},
		"a portal request that is over":                            {with(portal(access.Form{App: "Figma"}), func(s *Situation) { s.Seen.Phases = []access.Phase{access.PhaseCancelled} }), nil},
		"a portal request of long ago":                             {with(portal(access.Form{App: "Miro"}), func(s *Situation) { s.Seen.Phases = []access.Phase{access.PhasePending} }), []Action{SubmitPortalRequest{App: "miro", Role: "member", Wanted: 30 * catalog.Day}}},
		"votes, changes, then the rest": {with(moved(waiting(), approval(6)), func(s *Situation) {
			s.Seen.Votes, s.Cursor.OwnComments = []access.Vote{vote("1", true)}, []string{"c0", "c1"}
			s.Seen.Comments = []access.Comment{said(6, mayaInJira(), "Thanks")}
			s.Seen.State = ""
		}), []Action{
			Decide{Attempt: voted("1"), Yes: true}, Decide{Attempt: attempted(approval(6)), Yes: true},
			Drift{Key: "comments-c0", What: "A comment of Latchkey was deleted from the issue; what it said is still in the log."},
			Comment{ID: 6, By: mayaInJira(), Text: "Thanks"}, Drift{Key: "property-3", What: propertyGone},
		}},
	}
}

// with2 is a change that was made at another time.
func with2(ch access.Change, at time.Time) access.Change {
	ch.At = at
	return ch
}

func TestAnAttemptThatDoesNotCount(t *testing.T) {
	yes, no := Decide{Attempt: attempted(approval(6)), Yes: true}, Decide{Attempt: attempted(denial(6))}
	noor := access.Actor{Person: "noor", Via: access.ViaSlack, Account: "U-noor"}
	for name, tc := range map[string]struct {
		act  attempt
		now  Situation
		want []Action
	}{
		"not theirs":                     {yes, waiting(), []Action{drift(approval(6), "Not yours.")}},
		"approved by somebody meanwhile": {yes, holds(access.GrantProvisioning), nil},
		"denied by somebody meanwhile":   {no, decided(access.RequestDenied, access.Actor{}), nil},
		"denied, and they say yes":       {yes, decided(access.RequestDenied, access.Actor{Person: "omar"}), []Action{drift(approval(6), "Not yours.")}},
		"they said it in Slack":          {no, decided(access.RequestPending, noor), nil},
		"they said it in Jira":           {no, decided(access.RequestPending, access.Actor{Account: "acc-noor"}), nil},
		"a cancellation by a stranger":   {Cancel{attempted(cancellation(6))}, waiting(), []Action{drift(cancellation(6), "Not yours.")}},
		"a cancellation that came late":  {Cancel{attempted(cancellation(6))}, decided(access.RequestLapsed, access.Actor{}), nil},
		"a completion by a stranger":     {Fulfil{attempted(completion(6))}, holds(access.GrantManual), []Action{drift(completion(6), "Not yours.")}},
		"a completion that came late":    {Fulfil{attempted(completion(6))}, holds(access.GrantActive), nil},
		"a vote that came late":          {Decide{Attempt: voted("1"), Yes: true}, decided(access.RequestCancelled, access.Actor{}), []Action{voted("1").Instead.because("Not yours.")}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.act.failed(tc.now.Case, "noor", "Not yours."), causes()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestBehindAnAttempt(t *testing.T) {
	seen := access.IssueSnapshot{Votes: []access.Vote{vote("1", true), vote("2", false)}, Changes: []access.Change{approval(6), completion(6), denial(7)}}
	seen.Changes[1].Field = "summary"
	if rest := behind(seen, "vote-1"); len(rest.Votes) != 1 || len(rest.Changes) != 3 {
		t.Errorf("behind a vote: %+v", rest)
	}
	if rest := behind(seen, "6-status"); len(rest.Votes) != 0 || len(rest.Changes) != 2 || rest.Changes[0].Field != "summary" {
		t.Errorf("behind a change: %+v", rest)
	}
	if rest := behind(seen, "7-status"); len(rest.Changes) != 0 {
		t.Errorf("behind the last change: %+v", rest)
	}
}

func TestHowFarAnIssueWasRead(t *testing.T) {
	seen := access.IssueSnapshot{
		Updated: noon(), Read: noon().Add(time.Hour), Changes: []access.Change{approval(9), denial(8)}, Votes: []access.Vote{vote("1", true), vote("2", true)},
		Comments: []access.Comment{said(4, mayaInJira(), "x")}, OwnComments: []string{"c2"},
	}
	before := store.IssueCursor{Change: 3, Comment: 6, Votes: []string{"1"}, OwnComments: []string{"c1"}}
	want := store.IssueCursor{Updated: noon(), Change: 9, Comment: 6, Votes: []string{"1", "2"}, OwnComments: []string{"c2"}}
	if diff := cmp.Diff(want, past(before, seen)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if c := past(before, access.IssueSnapshot{Gone: true}); !c.Gone || len(c.OwnComments) != 1 {
		t.Errorf("of a deleted issue %+v is kept", c)
	}
}
