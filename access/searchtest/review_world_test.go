package searchtest

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// reviewWorld is a review of Maya's place in a group, and of Noor's in another one, with all that may happen to it.
type reviewWorld struct {
	name       string
	stages     []catalog.ReviewStrategy
	asked      [2][]person // of each stage, for Maya's row
	two        bool        // there is Noor's row as well, which Omar is asked about
	privileged bool        // Maya's row
	recommends access.Recommendation
	unanswered catalog.ReviewDefault
	nobody     catalog.ReviewDefault
	undo       time.Duration
	restore    time.Duration
	reads      bool // it begins with reading, which may not prove that everybody was read
	granted    bool // Maya's place is explained by a grant that was approved, for a month
	beside     bool // another one may be approved meanwhile
	refuses    bool // the directory refuses a removal, as long as IT doesn't retry
	byHand     bool // somebody takes Maya out of the group past Latchkey, once, or puts her back
	cancels    bool // IT cancels it
	ends       bool // IT ends the time to answer
	moves      bool // IT has somebody else answer
	reminds    bool // those are told again who haven't answered
	notMine    bool // reviewers may say that it isn't theirs
	answers    int  // how many are given, at most
	cannot     bool // Latchkey can't change the group: a human has to

	tried map[string]bool // rows of which it was tried who may answer
}

// reviewState is how such a world stands.
type reviewState struct {
	At     time.Time
	C      access.Campaign
	Rows   []access.ReviewItem
	Lists  []access.Worklist
	Grants []access.Grant // Maya's; the first explained her place when it was read
	In     bool           // Maya, in the group
	Ended  bool           // IT ended the time to answer
	Retry  bool           // IT has to retry a removal
	Said   []access.ReviewAnswer
	Taken  int // how often a removal took Maya out
	Back   int // how often the access was given back
	Hands  int // how often somebody changed the group by hand
	Took   int // answers that were taken: people don't go on for ever
}

// place are the groups of the rows.
func (w *reviewWorld) place(row int) catalog.GroupRef { return groups[row-1] }

func (w *reviewWorld) review() catalog.Review {
	r := catalog.Review{ID: "quarterly", Name: "Quarterly", Unanswered: w.unanswered, Unreachable: w.nobody, Undo: w.undo, Restore: w.restore}
	for _, s := range w.stages {
		r.Stages = append(r.Stages, catalog.ReviewStage{Strategy: s, Lasts: catalog.Week})
	}
	return r
}

// reviewers are those who are asked about a row in a stage. Nobody is asked about themselves.
func (w *reviewWorld) reviewers(row, stage int) (ids []access.PersonID) {
	who := w.asked[stage]
	if row == 2 {
		who = []person{omar}
	}
	for _, p := range who {
		ids = append(ids, p.id())
	}
	return ids
}

func (w *reviewWorld) fresh(row, stage int) access.ReviewItem {
	i := access.ReviewItem{
		Campaign: "RV-1", Row: row, Person: maya.id(), App: "figma", Role: viewer, Group: w.place(row), GroupID: w.place(row).Group, Account: account, Privileged: w.privileged,
		Rule: access.RuleOf(w.review()), State: access.ItemOpen, Stage: stage, Reviewers: w.reviewers(row, stage),
	}
	if row == 2 {
		i.Person, i.Account, i.Privileged = noor.id(), "okta-noor", false
	} else if w.granted {
		i.Grant = "G-1"
	}
	return i
}

// begin is the world as it begins.
func (w *reviewWorld) begin() (reviewState, error) {
	c, _, err := access.NewCampaign(access.Campaign{ID: "RV-1", Review: w.review(), By: tess.actor(), Run: 1}, now)
	if err != nil {
		return reviewState{}, err
	}
	s := reviewState{At: now, C: c, In: true}
	if w.granted {
		g := access.Grant{
			ID: "G-1", Request: "AR-1", Person: maya.id(), App: "figma", Role: viewer, Source: access.SourceRequested, State: access.GrantActive, Wanted: 30 * catalog.Day,
			Created: now.Add(-time.Hour), Started: now.Add(-time.Hour), Ends: now.Add(30 * catalog.Day),
			Entitlements: []access.Entitlement{{Group: groups[0], State: access.EntitlementHeld, Account: account, GroupID: groups[0].Group, Absent: true}},
		}
		s.Grants = append(s.Grants, g)
	}
	if w.reads {
		return s, nil
	}
	s, why := w.read(s, nil)
	if why != "" {
		return s, fmt.Errorf("%s", why)
	}
	s, why = w.start(s, tess)
	if why != "" {
		return s, fmt.Errorf("%s", why)
	}
	return s, nil
}

// key tells states apart: by all that anything depends on, and times by how far they are from now.
func (s reviewState) key() string {
	in := func(t time.Time) string {
		if t.IsZero() {
			return "-"
		}
		return strconv.FormatInt(int64(t.Sub(s.At)/time.Minute), 36)
	}
	out := make([]byte, 0, 256)
	add := func(all ...any) { out = append(fmt.Append(out, all...), '|') }
	c := s.C
	add(c.State, c.Stage, in(c.Due), in(c.Remind), !c.Over.IsZero(), c.Early, in(c.AllSaid), c.Escalated, c.ToIT, in(c.RecheckAt), min(c.Recheckeds, 1), len(c.Unproven), c.Accepted != nil, c.Snapshot, c.Pack)
	if until := c.OnlyHands(); !until.IsZero() {
		add("held", in(until))
	}
	for _, i := range s.Rows {
		add(rowKey(i), i.LeftToIT, i.Decision, i.Grounds, i.Ends, i.Outcome, i.Rechecked.IsZero(), i.Back, !i.Restored.IsZero())
		if i.Decision == access.DecisionRevoke {
			add(in(i.Enforce), in(i.Decided), in(i.ReadBack))
		}
		for _, a := range i.Answers {
			add(a.By.Person, a.For, a.Stage, a.Decision)
		}
	}
	for _, a := range s.Said {
		add(a.By.Person, a.Stage, a.Decision, int(a.Took))
	}
	for _, l := range s.Lists {
		add(l.Stage, l.Reviewer, l.Rows, l.Answered, l.Revoked, l.NotMine, l.Elsewhere, l.Done)
	}
	for _, g := range s.Grants {
		add(g.ID, g.State, g.Entitlements[0].State, g.Revoking, g.End)
	}
	add(s.In, s.Ended, s.Retry, s.Taken, s.Back, s.Hands, s.Took)
	return string(out)
}

// rowKey is what says who may answer a row.
func rowKey(i access.ReviewItem) string {
	return fmt.Sprint(i.Row, i.State, i.Stage, i.Reviewers, i.AnyOne, i.Privileged)
}

func (s reviewState) clone() reviewState {
	s.Rows, s.Lists, s.Grants, s.Said = slices.Clone(s.Rows), slices.Clone(s.Lists), slices.Clone(s.Grants), slices.Clone(s.Said)
	return s
}

// moveCampaign takes the campaign on; why is the refusal.
func (s *reviewState) moveCampaign(e access.Event) (why string) {
	if e.Review == nil {
		e.Review = &access.ReviewDetails{}
	}
	c, _, err := s.C.Apply(e, s.At)
	if err != nil {
		return err.Error()
	}
	s.C = c
	return ""
}

// moveRow takes a row on, and counts it in the lists of whoever is asked about it.
func (s *reviewState) moveRow(n int, e access.Event) (why string) {
	before := s.Rows[n]
	after, _, err := before.Apply(e, s.At)
	if err != nil {
		return err.Error()
	}
	s.Rows[n] = after
	for l := range s.Lists {
		w := s.Lists[l]
		s.Lists[l] = w.Count(shareIn(w, before), shareIn(w, after))
	}
	return ""
}

// shareIn is what a row comes to in a list.
func shareIn(w access.Worklist, i access.ReviewItem) access.Share {
	if w.Stage != i.List() {
		return access.Share{}
	}
	return i.Share(w.Reviewer)
}

func (s *reviewState) moveGrant(n int, e access.Event) (settles bool, why string) {
	g, effs, err := s.Grants[n].Apply(e, s.At)
	if err != nil {
		return false, err.Error()
	}
	s.Grants[n] = g
	return slices.ContainsFunc(effs, func(f access.Effect) bool { return f.Kind == access.EffectSettleReview }), ""
}

// left is how many rows wait for somebody's answer.
func (s *reviewState) left() (n int) {
	for _, w := range s.Lists {
		if w.Stage == s.list() {
			n += w.Left()
		}
	}
	return n
}

// list is the stage of the lists that are answered now.
func (s *reviewState) list() int {
	if s.C.ToIT > 0 {
		return access.StageIT
	}
	return s.C.Stage
}

// lists makes the lists of a stage.
func (s *reviewState) lists(stage int) {
	for _, i := range s.Rows {
		if i.List() != stage {
			continue
		}
		for _, who := range i.Reviewers {
			at := slices.IndexFunc(s.Lists, func(w access.Worklist) bool { return w.Stage == stage && w.Reviewer == who })
			if at < 0 {
				s.Lists = append(s.Lists, access.Worklist{Campaign: "RV-1", Stage: stage, Reviewer: who})
				at = len(s.Lists) - 1
			}
			s.Lists[at] = s.Lists[at].Count(access.Share{}, i.Share(who))
		}
	}
}

// progress counts the rows, as the store does.
func (s *reviewState) progress() *access.Progress {
	p := &access.Progress{}
	for _, i := range s.Rows {
		if i.Decision == access.DecisionRevoke {
			p.Revoked++
			if i.State != access.ItemSettled {
				p.Open++
			} else if i.Outcome == access.OutcomeManual {
				p.Manual++
			}
		}
	}
	return p
}
