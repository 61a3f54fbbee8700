package comments_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/workflow/campaigns/campaignstest"
	"latchkey/workflow/campaigns/comments"
	"latchkey/workflow/campaigns/deciding"
	"latchkey/workflow/engine"
	"latchkey/workflow/people/peopletest"
)

// desk is a company with a review, and its issue.
type desk struct {
	*campaignstest.Company
	id      string
	maya    int // the number of the row of Maya, which Rita answers
	written uint64
}

func newDesk(t *testing.T) *desk {
	d := &desk{Company: campaignstest.NewCompany(t)}
	d.In("figma-editors", "maya", "tom")
	d.id = d.Opens(campaignstest.Review())
	d.maya = d.Number("rita", d.id, "maya", "figma-editors")
	return d
}

// writes is a comment of somebody's, as it is read.
func (d *desk) writes(h, text string, change ...func(*comments.Written)) comments.Written {
	d.written++
	m := comments.Written{
		Campaign: d.id, Issue: access.Issue{ID: "1", Key: "IT-1"}, Comment: access.Comment{ID: d.written, At: d.Clock.Now(), Text: text},
		By: access.Actor{Person: peopletest.ID(h), Via: access.ViaJira, Account: "J-" + h},
	}
	key := fmt.Sprintf("read/%d", d.written)
	m.First = func(u *engine.Unit) (bool, error) { return u.Becomes(key, true) }
	for _, do := range change {
		do(&m)
	}
	return m
}

// takes deals with comments and gives what is written on the issue because of the last one.
func (d *desk) takes(all ...comments.Written) string {
	d.Helper()
	d.Written = nil
	for _, m := range all {
		d.OK(d.Service.Comments.Take(d.Context(), m))
	}
	d.Work()
	return strings.Join(d.Written, "\n\n")
}

func (d *desk) wants(got string, want ...string) {
	d.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			d.Errorf("%q is missing in %q", w, got)
		}
	}
}

func TestACommentAnswers(t *testing.T) {
	d := newDesk(t)
	d.wants(d.takes(d.writes("rita", "rows")), "IT-1: 2 rows left for you.", fmt.Sprintf("%d · ", d.maya), "Figma · Editor. Please look yourself: ")
	d.wants(d.takes(d.writes("rita", fmt.Sprintf("revoke %d: has left the team\nkeep 4711", d.maya))), "1 answer taken, 1 not.", ": revoke.", "4711: not taken. ", "no row 4711", "1 row left for you")
	i := d.Item(d.id, d.maya)
	a, ok := i.AnswerOf(peopletest.ID("rita"), 0)
	if !ok || a.Decision != access.DecisionRevoke || a.Reason != "has left the team" || a.By.Via != access.ViaJira || a.By.Account != "J-rita" {
		t.Errorf("said is %+v", a)
	}
	if e := d.Events(d.id, access.EventRowAnswered); len(e) != 1 || e[0].Origin != "jira/1/2" {
		t.Errorf("written down is %+v", e)
	}
	d.wants(d.takes(d.writes("rita", fmt.Sprintf("keep %d", d.maya))), "1 answer taken.", ": keep.")
	if got := d.takes(d.writes("rita", "Keep in mind that I am away tomorrow.")); got != "" {
		t.Errorf("talk is answered: %q", got)
	}
}

// Whoever says that a row isn't theirs gives it to others, as in Slack, and it is none of theirs any more.
func TestARowThatIsSomebodyElses(t *testing.T) {
	d := newDesk(t)
	d.wants(d.takes(d.writes("rita", fmt.Sprintf("not mine %d: Bo looks after it", d.maya))), "1 answer taken.", ": not mine.", "1 row left for you")
	e := d.Events(d.id, access.EventRowAnswered)
	if len(e) != 1 || e[0].Review.Decision != access.DecisionNotMine || e[0].Reason != "Bo looks after it" {
		t.Errorf("written down is %+v", e)
	}
	i := d.Item(d.id, d.maya)
	if slices.Contains(i.Reviewers, peopletest.ID("rita")) || i.Decision != access.DecisionNone {
		t.Errorf("the row is %+v", i)
	}
	d.wants(d.takes(d.writes("rita", fmt.Sprintf("keep %d", d.maya))), "Nothing of this was taken.", "Somebody else reviews this row")
}

// A comment is read again after a crash, and by another process: what came of it, and what was said since, stands.
func TestACommentAnswersOnce(t *testing.T) {
	d := newDesk(t)
	m := d.writes("rita", fmt.Sprintf("revoke %d", d.maya))
	d.takes(m)
	d.OK(d.Says("rita", d.id, d.maya, access.DecisionKeep))
	if got := d.takes(m, m); got != "" {
		t.Errorf("it is answered again: %q", got)
	}
	if i := d.Item(d.id, d.maya); i.Decision != access.DecisionKeep {
		t.Errorf("the row is %+v", i)
	}
}

// What was said later counts, not what was read later.
func TestWhatWasSaidLaterCounts(t *testing.T) {
	d := newDesk(t)
	m := d.writes("rita", fmt.Sprintf("revoke %d", d.maya))
	d.Clock.Advance(time.Minute)
	d.OK(d.Says("rita", d.id, d.maya, access.DecisionKeep))
	d.wants(d.takes(m), "Nothing of this was taken.", "It was answered since")
	if i := d.Item(d.id, d.maya); i.Decision != access.DecisionKeep {
		t.Errorf("the row is %+v", i)
	}
}

func TestWhatAnswersNothing(t *testing.T) {
	d := newDesk(t)
	revoke := fmt.Sprintf("revoke %d", d.maya)
	unknown := func(m *comments.Written) { m.By.Person, m.Unknown = "", "Nobody knows whose that is." }
	for name, c := range map[string]struct {
		m    comments.Written
		want string
	}{
		"of nobody known":        {d.writes("rita", revoke, unknown), "connect IT-1"},
		"changed":                {d.writes("rita", revoke, func(m *comments.Written) { m.Comment.Changed = true }), "was changed after it was written"},
		"changed once read":      {d.writes("rita", revoke, func(m *comments.Written) { m.Comment.Changed, m.Again = true, true }), "was changed after it was read"},
		"of somebody not asked":  {d.writes("bo", revoke), "Somebody else reviews this row"},
		"about one's own access": {d.writes("maya", revoke), "not taken"},
		"nothing that is read":   {d.writes("rita", "revoke everybody"), "Nothing of this could be read."},
	} {
		t.Run(name, func(t *testing.T) { d.wants(d.takes(c.m), c.want) })
	}
	d.Leaves("rita")
	if got := d.takes(d.writes("rita", revoke)); got == "" || strings.Contains(got, "taken.") {
		t.Errorf("who has left reads %q", got)
	}
	if i := d.Item(d.id, d.maya); i.Version != 0 && len(i.Answers) > 0 {
		t.Errorf("the row is %+v", i)
	}
}

// Whoever may be a customer reads nothing that is written to agents.
func TestCustomersAreToldInSlack(t *testing.T) {
	d := newDesk(t)
	d.Notices = nil
	d.takes(d.writes("rita", "rows", func(m *comments.Written) { m.Comment.Public = true }))
	if len(d.Notices) != 1 {
		t.Errorf("told are %q", d.Notices)
	}
}

func TestSomebodyWritesTooMuch(t *testing.T) {
	d := newDesk(t)
	var last string
	answered := 0
	for range 70 {
		if got := d.takes(d.writes("rita", "rows")); got != "" {
			last = got
			answered++
		}
	}
	if answered != 61 {
		t.Errorf("%d of 70 comments are answered", answered)
	}
	d.wants(last, "please answer in Slack")
	d.takes(d.writes("rita", fmt.Sprintf("revoke %d", d.maya)))
	if p := d.Sees("rita", d.id, deciding.Filter{OnlyOpen: true}); p.Worklist.Left() != 2 {
		t.Errorf("%d rows are left", p.Worklist.Left())
	}
}
