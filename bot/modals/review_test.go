package modals

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/catalog"

	"latchkey/workflow/campaigns/deciding"
	"latchkey/workflow/campaigns/rows"
)

// shelf has the rows of one campaign, all of which wait for everybody but those whom they are about, and moves them by
// the rules of the house.
type shelf struct {
	campaign access.Campaign
	rows     []rows.Row
	now      time.Time
	taken    [][]deciding.Answer
}

func newShelf(n int) *shelf {
	s := &shelf{now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}
	s.campaign = access.Campaign{
		ID: "RV-1", State: access.CampaignOpen, Due: s.now.Add(14 * catalog.Day),
		Review: catalog.Review{ID: "quarterly", Name: "Quarterly <review>", Undo: catalog.Day, Stages: []catalog.ReviewStage{{Strategy: catalog.OneRevokeRevokes}}},
	}
	for i := range n {
		r := rows.Row{
			Number: i + 1, Person: access.PersonID(fmt.Sprint("p", i)), Name: fmt.Sprintf("Person %d *bold* <@U1>", i+1), Title: "Designer", Department: "Design & Co",
			App: "figma", Role: "editor", AppName: "Figma", RoleName: "Editor", Group: catalog.GroupRef{Directory: "okta", Group: "figma-editors"}, Source: catalog.BySomeRequest, Request: "AR-1",
			Since: s.now.Add(-300 * catalog.Day), Used: s.now.Add(-3 * catalog.Day), UsedBy: "sign-ins in Okta's System Log", UsedReach: s.now.Add(-90 * catalog.Day), Peers: 80,
			Recommended: access.RecommendKeep, Because: access.BecauseUsed, Opens: "Edit all design files",
		}
		r.Item = access.ReviewItem{Campaign: "RV-1", Row: r.Number, Person: r.Person, State: access.ItemOpen, Reviewers: []access.PersonID{bottest.Noor().ID}, Rule: access.RuleOf(s.campaign.Review)}
		s.rows = append(s.rows, r)
	}
	return s
}

func (s *shelf) Page(_ context.Context, who access.PersonID, campaign string, f deciding.Filter, after, limit int) (deciding.Page, error) {
	p := deciding.Page{Campaign: s.campaign, Worklist: s.worklist(who), Groups: s.groups(who)}
	for _, r := range s.rows {
		a, answered := r.Item.AnswerOf(who, 0)
		if r.Number <= after || f.OnlyOpen && answered && a.Decision != access.DecisionNone || f.Because != "" && f.Because != r.Because {
			continue
		}
		if len(p.Rows) == limit {
			p.More = true
			break
		}
		p.Rows = append(p.Rows, r)
	}
	return p, nil
}

func (s *shelf) groups(who access.PersonID) (out []deciding.RowGroup) {
	for _, r := range s.rows {
		if a, ok := r.Item.AnswerOf(who, 0); ok && a.Decision != access.DecisionNone {
			continue
		}
		i := slices.IndexFunc(out, func(g deciding.RowGroup) bool { return g.Because == r.Because })
		if i < 0 {
			i, out = len(out), append(out, deciding.RowGroup{Because: r.Because, Recommended: r.Recommended})
		}
		out[i].Rows++
		if r.Privileged {
			out[i].Privileged++
		}
	}
	return out
}

func (s *shelf) worklist(who access.PersonID) access.Worklist {
	w := access.Worklist{Campaign: "RV-1", Reviewer: who, Rows: len(s.rows)}
	for _, r := range s.rows {
		if _, ok := r.Item.AnswerOf(who, 0); ok {
			w.Answered++
		}
	}
	return w
}

func (s *shelf) Rows(_ context.Context, who access.PersonID, _ string, numbers []int) (deciding.Page, error) {
	p := deciding.Page{Campaign: s.campaign, Worklist: s.worklist(who)}
	for _, r := range s.rows {
		if slices.Contains(numbers, r.Number) {
			p.Rows = append(p.Rows, r)
		}
	}
	return p, nil
}

func (s *shelf) Answer(_ context.Context, by access.Actor, _ string, answers []deciding.Answer) (deciding.Answered, error) {
	s.taken = append(s.taken, answers)
	done := deciding.Answered{Refused: map[int]error{}}
	for _, a := range answers {
		r := &s.rows[a.Row-1]
		if was, _ := r.Item.AnswerOf(by.Person, 0); was.Decision == a.Decision && (a.Reason == "" || a.Reason == was.Reason) {
			continue
		}
		e := r.Item.Event(access.EventRowAnswered, by, s.now)
		e.Reason, e.Review.Decision, e.Review.Bulk, e.Review.Took = a.Reason, a.Decision, a.Bulk, a.Took
		next, _, err := r.Item.Apply(e, s.now)
		if err != nil {
			done.Refused[a.Row] = err
			continue
		}
		r.Item = next
	}
	done.Worklist = s.worklist(by.Person)
	return done, nil
}

func (s *shelf) decided(d access.ReviewDecision) (n int) {
	for _, r := range s.rows {
		if a, _ := r.Item.AnswerOf(bottest.Noor().ID, 0); a.Decision == d && d != access.DecisionNone {
			n++
		}
	}
	return n
}

func reviewDesk(t *testing.T, s *shelf) *desk {
	d := newDesk(t, shop())
	d.Reviewing.reviews, d.Reviewing.now = s, func() time.Time { return s.now }
	return d
}

// open is the view of the review as it is drawn for its reviewer now.
func (d *desk) open(t *testing.T) slack.ModalViewRequest {
	return d.drawn(t, reviewing{Campaign: "RV-1"})
}

func (d *desk) drawn(t *testing.T, s reviewing) slack.ModalViewRequest {
	t.Helper()
	v, err := d.Reviewing.page(t.Context(), bottest.Noor().ID, s)
	if err != nil {
		t.Fatal(err)
	}
	bottest.WantViewWithinLimits(t, v)
	return v
}

func TestARowOfAReviewSaysWhatIsKnown(t *testing.T) {
	s := newShelf(3)
	s.rows[1].Used, s.rows[1].Recommended, s.rows[1].Because = time.Time{}, access.RecommendRevoke, access.BecauseUnused
	s.rows[2] = rows.Row{Number: 3, Account: "00u3", Group: s.rows[2].Group, Peers: -1, Privileged: true, Left: true, Changed: "The access ended", Conflicts: []string{"pays <and> approves"}, Because: access.BecauseNothing, Recommended: access.InsufficientData, Item: s.rows[2].Item}
	d := reviewDesk(t, s)
	shown := d.click(bottest.NoorID, payload.View{}, on(cards.ActionReview, "RV-1"))
	v, text := d.open(t), shown.JSON
	d.wants(text, "Quarterly \\u0026lt;review\\u0026gt;", "3 of 3 rows are left", "*Person 1 *bold* \\u0026lt;@U1\\u0026gt;*, Designer", "Edit all design files", "Asked for in AR-1", "Last used", "(sign-ins in Okta's System Log)", "80 % of their department",
		"No use seen since", "Suggested: revoke – never used", "since when isn't known", "*privileged*", "Use isn't known", "No suggestion", "Has left", "The access ended", "pays \\u0026lt;and\\u0026gt; approves", "1 day later; until then you can change your mind")
	if strings.Contains(text, "initial_option") {
		t.Error("something is chosen before the reviewer chose")
	}
	ids := map[string]bool{}
	for _, b := range v.Blocks.BlockSet {
		if in, ok := b.(*slack.InputBlock); ok {
			ids[in.BlockID] = true
			if !in.Optional || !in.DispatchAction {
				t.Errorf("%s isn't kept as it is chosen, or must be answered", in.BlockID)
			}
		}
	}
	if len(ids) != 3 || !ids["row-1"] || !ids["row-3"] {
		t.Errorf("the rows are %v", ids)
	}
}

// choose chooses an answer in the open view, which is sent at once.
func (d *desk) choose(t *testing.T, v slack.ModalViewRequest, row int, what access.ReviewDecision) {
	t.Helper()
	a := payload.Action{ID: actionReviewAnswer, Block: reviewRowBlock + strconv.Itoa(row)}
	a.Selected.Value = string(what)
	do := d.routes.Click(callbackReview, actionReviewAnswer)
	if err := do(t.Context(), payload.Interaction{User: payload.Ref{ID: bottest.NoorID}, View: payload.View{CallbackID: callbackReview, Metadata: v.PrivateMetadata}}, a); err != nil {
		t.Fatal(err)
	}
}

// TestAChoiceIsKeptAsItIsMade, so that closing the view at any point loses nothing.
func TestAChoiceIsKeptAsItIsMade(t *testing.T) {
	s := newShelf(5)
	d := reviewDesk(t, s)
	v := d.open(t)
	s.now = s.now.Add(20 * time.Second)
	d.choose(t, v, 2, access.DecisionRevoke)
	d.choose(t, v, 4, access.DecisionKeep)
	if s.decided(access.DecisionRevoke) != 1 || s.decided(access.DecisionKeep) != 1 {
		t.Errorf("kept are %+v", s.taken)
	}
	if a, _ := s.rows[1].Item.AnswerOf(bottest.Noor().ID, 0); a.Took != 20*time.Second {
		t.Errorf("it took %s", a.Took)
	}
}

// TestOnesOwnRowIsRefused wherever it is answered.
func TestOnesOwnRowIsRefused(t *testing.T) {
	s := newShelf(2)
	s.rows[0].Item.Person = bottest.Noor().ID
	d := reviewDesk(t, s)
	v := d.open(t)
	d.choose(t, v, 1, access.DecisionKeep)
	d.finish()
	if told := d.slack.Told(); len(told) == 0 && !strings.Contains(d.slack.Last().JSON, "their own access") || s.decided(access.DecisionKeep) > 0 {
		t.Errorf("told %v", told)
	}
}

// TestRevocationsAreExplained in a second view, after the answers are kept.
func TestRevocationsAreExplained(t *testing.T) {
	s := newShelf(4)
	s.rows[3].Privileged, s.rows[3].Item.Privileged = true, true
	d := reviewDesk(t, s)
	v := d.open(t)
	values := with(input("row-1", actionReviewAnswer, chosen("keep")), input("row-2", actionReviewAnswer, chosen("revoke")), input("row-4", actionReviewAnswer, chosen("keep")))
	got := d.submit(bottest.NoorID, callbackReview, v.PrivateMetadata, values)
	d.wants(got, `"response_action":"update"`, callbackReviewReasons, "why-2", "why-4", "Revoke Person 2", "Keep Person 4", "One reason for all")
	if strings.Contains(got, "why-1") {
		t.Error("a reason is asked for what needs none")
	}
	if s.decided(access.DecisionKeep) != 2 || s.rows[3].Item.State == access.ItemDecided {
		t.Errorf("privileged access is kept without a reason: %+v", s.rows[3].Item)
	}
	meta := metadataIn(t, got)
	got = d.submit(bottest.NoorID, callbackReviewReasons, meta, with(input("why-2", actionReviewReason, typed("Left the team")), input(reviewWhyAll, actionReviewReason, typed("Needed for on-call"))))
	d.wants(got, callbackReview, "row-3")
	if a, _ := s.rows[1].Item.AnswerOf(bottest.Noor().ID, 0); a.Reason != "Left the team" {
		t.Errorf("the reason is %q", a.Reason)
	}
	if a, _ := s.rows[3].Item.AnswerOf(bottest.Noor().ID, 0); a.Reason != "Needed for on-call" || s.rows[3].Item.State != access.ItemDecided {
		t.Errorf("%+v", s.rows[3].Item)
	}
}

// Of two who answer a row, each is asked why they answered as they did, and not why the other one did.
func TestAReviewerExplainsTheirOwnAnswer(t *testing.T) {
	s := newShelf(1)
	said := func(who access.PersonID, d access.ReviewDecision) access.ReviewAnswer {
		return access.ReviewAnswer{By: access.Actor{Person: who}, Decision: d}
	}
	me, other := bottest.Noor().ID, bottest.Omar().ID
	s.rows[0].Item.Answers = []access.ReviewAnswer{said(me, access.DecisionRevoke), said(other, access.DecisionKeep)}
	text, err := payload.ReplaceView(reviewReasonsView(deciding.Page{Campaign: s.campaign}, reviewing{}, s.rows, me))
	if err != nil || !strings.Contains(string(text), "Revoke Person 1") || strings.Contains(string(text), "Keep Person 1") {
		t.Errorf("%s, %v", text, err)
	}
}

func metadataIn(t *testing.T, answer string) string {
	t.Helper()
	_, rest, ok := strings.Cut(answer, `"private_metadata":"`)
	meta, _, end := strings.Cut(rest, `","`)
	if !ok || !end {
		t.Fatalf("no metadata in %s", answer)
	}
	return strings.ReplaceAll(meta, `\"`, `"`)
}

// TestTwoHundredRowsInFiveSubmissions, reasons apart; every view within Slack's limits, every answer within an ack's.
func TestTwoHundredRowsInFiveSubmissions(t *testing.T) {
	s := newShelf(200)
	d := reviewDesk(t, s)
	submissions := 0
	for s.worklist(bottest.Noor().ID).Left() > 0 {
		v := d.drawn(t, reviewing{Campaign: "RV-1", Many: true})
		values := payload.Values{}
		for _, b := range v.Blocks.BlockSet {
			if in, ok := b.(*slack.InputBlock); ok {
				values[in.BlockID] = map[string]payload.Input{actionReviewAnswer: chosen("keep")}
			}
		}
		submissions++
		got := d.submit(bottest.NoorID, callbackReview, v.PrivateMetadata, values)
		if len(got) > payload.MaxAck {
			t.Fatalf("an ack of %d bytes: Slack drops it", len(got))
		}
	}
	if submissions > 5 || s.decided(access.DecisionKeep) != 200 {
		t.Errorf("%d submissions, %d rows kept", submissions, s.decided(access.DecisionKeep))
	}
}

// TestRowsWithOneReasonAreKeptTogether, never privileged ones, and each answer says so.
func TestRowsWithOneReasonAreKeptTogether(t *testing.T) {
	s := newShelf(6)
	s.rows[0].Privileged, s.rows[0].Item.Privileged = true, true
	s.rows[1].Recommended, s.rows[1].Because = access.RecommendRevoke, access.BecauseIdle
	d := reviewDesk(t, s)
	v := d.open(t)
	if len(v.Blocks.BlockSet) != 1+1+2*6 {
		t.Errorf("%d blocks", len(v.Blocks.BlockSet))
	}
	do := d.routes.Click(callbackReview, actionReviewGroup)
	if err := do(t.Context(), payload.Interaction{User: payload.Ref{ID: bottest.NoorID}, View: payload.View{ID: "V1", CallbackID: callbackReview, Metadata: v.PrivateMetadata}}, on(actionReviewGroup, "RV-1/used")); err != nil {
		t.Fatal(err)
	}
	d.finish()
	if s.decided(access.DecisionKeep) != 4 || !s.taken[0][0].Bulk {
		t.Errorf("kept %d: %+v", s.decided(access.DecisionKeep), s.taken)
	}
	d.wants(d.slack.Last().JSON, "2 of 6 rows are left")
}

// TestAnAnswerIsTakenBack from the row's menu, which also shows all that is known of it.
func TestAnAnswerIsTakenBack(t *testing.T) {
	s := newShelf(2)
	d := reviewDesk(t, s)
	v := d.open(t)
	d.choose(t, v, 1, access.DecisionKeep)
	if !strings.Contains(fmt.Sprint(reviewMenu(s.rows[0], access.DecisionKeep).Options[1].Value), reviewTakeBack+"/1") {
		t.Error("there is nothing to take it back by")
	}
	a := payload.Action{ID: actionReviewMore}
	a.Selected.Value = reviewTakeBack + "/1"
	view := payload.View{ID: "V1", CallbackID: callbackReview, Metadata: v.PrivateMetadata}
	if err := d.routes.Click(callbackReview, actionReviewMore)(t.Context(), payload.Interaction{User: payload.Ref{ID: bottest.NoorID}, View: view}, a); err != nil {
		t.Fatal(err)
	}
	d.finish() // the view is drawn anew
	if s.decided(access.DecisionKeep) != 0 {
		t.Error("the answer stands")
	}
	details := reviewDetailsView(s.rows[1])
	bottest.WantViewWithinLimits(t, details)
	s.rows[1].Item.Answers = []access.ReviewAnswer{{Decision: access.DecisionRevoke, Reason: "No <use>", At: s.now}}
	bottest.WantViewWithinLimits(t, reviewDetailsView(s.rows[1]))
}
