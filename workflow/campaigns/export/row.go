package export

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/evidence/pack"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/campaigns/rows"
)

// timeOf is short for what facts of moments are of.
type timeOf = time.Time

// removal is what the log says of a row's removal.
type removal struct {
	asked time.Time
	back  string     // why it was given back
	event pack.Proof // the last that says what came of it, or the first of it
}

// row is a row with everything that is known of it.
func (t *telling) row(one snapshot.Row) (pack.Row, error) {
	row, err := t.Whole(one)
	if err != nil {
		return pack.Row{}, err
	}
	p, err := t.From.Person(one.Account)
	if err != nil {
		return pack.Row{}, err
	}
	g, err := t.Group(one.Group)
	if err != nil {
		return pack.Row{}, err
	}
	person, err := t.personOf(p)
	if err != nil {
		return pack.Row{}, err
	}
	out := pack.Row{
		ID: rowName(one.Item), Group: groupName(g), Person: person, LastSignIn: useOf(row), Peers: peersOf(one), Earlier: earlierOf(row), SoD: pack.Lacks[[]string](pack.None, ""),
		Recommended: pack.Recommendation{Value: adviceOf(row.Recommended), Reason: row.Because.Words()}, Privileged: row.Privileged, Answers: t.said[row.Number],
	}
	if len(row.Conflicts) > 0 {
		out.SoD = pack.Is(row.Conflicts)
	}
	out.Asked = append(t.foundFor(row), t.asked[row.Number]...)
	out.Outcome = t.outcome(row)
	out.Shown = shownOf(row, out)
	if out.Access, err = t.access(row); err != nil {
		return out, err
	}
	if out.Changes, err = t.changesOf(row); err != nil {
		return out, err
	}
	out.Removal, err = t.removal(row)
	return out, err
}

func rowName(number uint64) string { return strconv.FormatUint(number, 10) }

func groupName(g snapshot.Group) string { return g.Ref.Directory + "/" + cmp.Or(g.ID, g.Ref.Group) }

// known is what a directory shows of somebody; that it shows nothing is known as well.
func known(text string) pack.Fact[string] {
	if text == "" {
		return pack.Lacks[string](pack.None, "")
	}
	return pack.Is(text)
}

func (t *telling) personOf(p snapshot.Person) (pack.Person, error) {
	manager, err := t.managerName(p.Manager.Person)
	if err != nil {
		return pack.Person{}, err
	}
	fact := known
	switch {
	case p.Erased:
		fact = func(string) pack.Fact[string] { return pack.Lacks[string](pack.Unknown, "erased") }
	case p.Status == "":
		fact = func(text string) pack.Fact[string] {
			if text != "" {
				return pack.Is(text)
			}
			return pack.Lacks[string](pack.Unknown, "the directory didn't show the account")
		}
	}
	return pack.Person{
		ID: string(p.ID), Directory: p.Directory, Account: p.Account, Login: string(p.Address), Name: fact(p.Name), Title: fact(p.Title), Department: fact(p.Department),
		Manager: fact(cmp.Or(manager, p.Manager.Text, string(p.Manager.Person), p.Manager.Account)), Type: fact(p.Type), Status: fact(string(p.Status)),
	}, nil
}

// managerName is what the manager whom a directory named is called now; "" where nobody knows.
func (t *telling) managerName(who access.PersonID) (string, error) {
	if who == "" {
		return "", nil
	}
	p, err := t.person(who)
	if err != nil {
		return "", fmt.Errorf("what the manager %s is called: %w", who, err)
	}
	return p.Name, nil
}

// useOf is when it was last used. That nobody knows is not that it wasn't.
func useOf(row rows.Row) pack.SignIn {
	out := pack.SignIn{Source: cmp.Or(row.UsedBy, "none"), Reach: pack.Lacks[timeOf](pack.Unknown, "")}
	if !row.UsedReach.IsZero() {
		out.Reach = pack.Is(row.UsedReach)
	}
	switch {
	case row.UsageOff:
		out.At = pack.Lacks[timeOf](pack.NotAsked, "the review says that sign-ins to this app say nothing of its use")
	case !row.Used.IsZero():
		out.At = pack.Is(row.Used)
	case !row.UsedReach.IsZero():
		out.At = pack.Lacks[timeOf](pack.None, "")
	case row.UsedBy != "":
		out.At = pack.Lacks[timeOf](pack.Unknown, "the source doesn't know")
	default:
		out.At = pack.Lacks[timeOf](pack.NotAsked, "no directory reports the use of this app")
	}
	return out
}

func peersOf(one snapshot.Row) pack.Fact[pack.Peers] {
	if one.Peers.All == 0 {
		return pack.Lacks[pack.Peers](pack.Unknown, "nobody is known to be in the same position")
	}
	return pack.Is(pack.Peers{Have: one.Peers.Some, Of: one.Peers.All, Who: "in the same position"})
}

func earlierOf(row rows.Row) pack.Fact[[]pack.Earlier] {
	if row.Earlier == access.DecisionNone {
		return pack.Lacks[[]pack.Earlier](pack.None, "")
	}
	return pack.Is([]pack.Earlier{{Campaign: row.EarlierIn, Answer: pack.Verdict(row.Earlier), By: "see there"}})
}

func adviceOf(r access.Recommendation) pack.Advice {
	switch r {
	case access.RecommendKeep:
		return pack.AdviseKeep
	case access.RecommendRevoke:
		return pack.AdviseRevoke
	case access.RecommendLook:
		return pack.AdviseLook
	}
	return pack.Insufficient
}

// shownOf is what was frozen of a row in a line of text: what each reviewer's page is drawn from.
func shownOf(row rows.Row, told pack.Row) string {
	used := "last use: " + pack.Spoken(told.LastSignIn.At.Knowledge())
	if told.LastSignIn.At.Known() {
		used = "last used " + told.LastSignIn.At.Value.UTC().Format("2 Jan 2006")
	}
	parts := []string{cmp.Or(row.Name, row.Address, row.Account), row.Title, row.Department, row.AppName + " " + row.RoleName, used,
		fmt.Sprintf("recommended: %s (%s)", pack.Spoken(told.Recommended.Value), told.Recommended.Reason)}
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), " · ")
}

// foundFor are those who were found for a row when it was read, in the stages that began.
func (t *telling) foundFor(row rows.Row) (out []pack.Asked) {
	if t.Campaign.Started.IsZero() {
		return nil
	}
	for stage := range min(len(row.Reviewers), t.Campaign.Stage+1) {
		for _, who := range rows.Named(row, stage) {
			out = append(out, pack.Asked{Reviewer: string(who), Stage: stage + 1, How: "by the rule of the stage", At: t.Campaign.Started})
		}
	}
	return out
}

// outcome is what came of a row.
func (t *telling) outcome(row rows.Row) pack.Outcome {
	v, by := row.Became(t.Campaign)
	out := pack.Outcome{Verdict: pack.Verdict(cmp.Or(v, access.DecisionKeep)), At: row.Item.Decided}
	switch {
	case v == access.DecisionNone:
		out.How, out.Words = pack.StillOpen, "nobody has answered it yet"
	case by == access.ByAnswers:
		out.How, out.Words = pack.ByAnswers, "by the answers: "+countedAs(t.Campaign.Review.Stage(row.Item.Stage).Strategy)
	case by == access.ByNobody:
		out.How, out.Words = pack.NobodyFound, "nobody could be found who reviews it: "+wordsOf(t.Campaign.Review.Unreachable)
	case by == access.ByRecommendation:
		out.How, out.Words = pack.ByAdvice, "nobody answered it, and the review says to do as it recommends"
	default:
		out.How, out.Words = pack.NobodySpoke, "nobody answered it: "+wordsOf(t.Campaign.Review.Unanswered)
	}
	return out
}

// access is how a row's access came.
func (t *telling) access(row rows.Row) (pack.Access, error) {
	how := map[catalog.ReviewSource]string{
		catalog.BySomeRequest: "by a request", catalog.ByEmergency: "in an emergency, by break-glass", catalog.ByBirthright: "by a birthright",
		catalog.ByAdoption: "found in the group, and adopted", catalog.ByNothing: "nothing that Latchkey knows of explains it",
	}[row.Source]
	out := pack.Access{How: cmp.Or(how, string(row.Source)), At: pack.Lacks[timeOf](pack.Unknown, "no directory says when somebody was added"), Grant: row.Grant}
	if !row.Since.IsZero() {
		out.At = pack.Is(row.Since)
	}
	if row.Request == "" {
		return out, nil
	}
	out.Link.Key = row.Request
	r, err := store.Request(t.Tx, row.Request)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return out, nil
	case err == nil && r.Issue.Key != "":
		out.Link = linkOf(r.Issue)
	}
	return out, err
}

// linkOf leads to an issue, by the address that it had when it was opened.
func linkOf(is access.Issue) pack.Link { return pack.Link{Key: is.Key, URL: is.URL} }

// changesOf is what is known to have changed about a row that stays.
func (t *telling) changesOf(row rows.Row) (pack.Fact[[]pack.Change], error) {
	if row.Item.Decision == access.DecisionRevoke {
		return pack.Lacks[[]pack.Change](pack.NotAsked, "it was revoked: see its removal"), nil
	}
	said, err := rows.Opened{Campaign: t.Campaign, Rows: t.Rows, Tx: t.Tx}.Changed(row)
	if err != nil || said == "" {
		return pack.Lacks[[]pack.Change](pack.None, ""), err
	}
	return pack.Is([]pack.Change{{At: t.to.Times.Made, What: "as seen when this was made", From: "", To: said}}), nil
}

// removal is what was done about a row that was revoked; nil for another.
func (t *telling) removal(row rows.Row) (*pack.Removal, error) {
	i := row.Item
	if i.Decision != access.DecisionRevoke {
		return nil, nil
	}
	d := t.done[row.Number]
	out := &pack.Removal{
		Issue: linkOf(i.Issue), Asked: cmpTime(d.asked, i.Decided), Removed: pack.Lacks[timeOf](pack.Unknown, "it is kept when it was seen to be gone"),
		Read: pack.Lacks[timeOf](pack.None, "it was not seen to be gone"), Checked: unchecked(t.Campaign, i), Result: resultOf(i), Cause: i.Cause, Event: d.event,
	}
	if !i.ReadBack.IsZero() {
		out.Read = pack.Is(i.ReadBack)
	}
	if !i.Rechecked.IsZero() {
		out.Checked = pack.Is(i.Rechecked)
	}
	out.Cause = strings.TrimSpace(out.Cause + " " + lookedAgain(i))
	if !i.Restored.IsZero() {
		out.Restored = []pack.Restore{{By: t.actor(i.RestoreBy), At: i.Restored, Reason: cmp.Or(d.back, "by the grant "+i.Restoring)}}
	}
	return out, nil
}

// unchecked is why a row wasn't looked at once more.
func unchecked(c access.Campaign, i access.ReviewItem) pack.Fact[timeOf] {
	switch {
	case i.Outcome == access.OutcomeVoid:
		return pack.Lacks[timeOf](pack.NotAsked, "it wasn't carried out")
	case !i.Restored.IsZero():
		return pack.Lacks[timeOf](pack.NotAsked, "it was given back")
	case c.State == access.CampaignClosed:
		return pack.Lacks[timeOf](pack.Unknown, "the directory couldn't be read before it closed")
	}
	return pack.Lacks[timeOf](pack.None, "not yet")
}

// lookedAgain says what was seen when a row was looked at once more; "" where it wasn't there.
func lookedAgain(i access.ReviewItem) string {
	again := "still there"
	if i.Outcome == access.OutcomeGone || i.Outcome == access.OutcomeEnded {
		again = "there again"
	}
	switch {
	case i.Back:
		return "It was " + again + " when it was looked at once more."
	case i.Again != "":
		return "It was " + again + " when it was looked at once more. " + i.Again
	}
	return ""
}

func resultOf(i access.ReviewItem) pack.Result {
	switch i.Outcome {
	case access.OutcomeGone, access.OutcomeEnded:
		switch {
		case i.Back:
			return pack.Failed
		case i.Outcome == access.OutcomeEnded:
			return pack.Ended
		}
		return pack.Gone
	case access.OutcomeManual:
		return pack.Manual
	case access.OutcomeFailed:
		return pack.Failed
	case access.OutcomeShared:
		return pack.Kept
	case access.OutcomeVoid:
		return pack.Void
	}
	return pack.Waiting
}
