// Package export writes the evidence of a campaign: what package evidence/pack makes files of.
package export

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/evidence"
	"latchkey/evidence/pack"
	"latchkey/evidence/pack/write"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/campaigns/draft"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/campaigns/targets"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Sealing is what the evidence of a review is signed with.
type Sealing struct {
	Sign evidence.Sign
	Keys []string // the public keys, as they are given to auditors
}

// Service writes the evidence of reviews. It is safe for concurrent use.
type Service struct {
	units   *engine.Units
	catalog func() *catalog.Catalog
	dirs    people.Directories
	version string // of Latchkey
}

// New makes the room.
func New(units *engine.Units, known func() *catalog.Catalog, dirs people.Directories, version string) *Service {
	return &Service{units, known, dirs, version}
}

// Write writes the evidence of a campaign as of one moment: see package pack. It gives the SHA-256 of the
// manifest, in hex, by which the pack is known. It can be written at any time once the campaign was read, and says then how
// the campaign stands.
func (s *Service) Write(ctx context.Context, id string, with Sealing, to write.Files) (hash string, err error) {
	if with.Sign == nil {
		return "", access.Refuse(access.NotAllowed, "", "There is no key to sign the evidence of a review with. Please see latchkey evidence key.")
	}
	err = s.units.View(ctx, func(tx store.Tx) error {
		c, err := store.Campaign(tx, id)
		if errors.Is(err, store.ErrNotFound) {
			return rows.UnknownReview()
		}
		if err != nil {
			return err
		}
		rows, err := rows.Of(tx, c, s.catalog())
		if err != nil {
			return err
		}
		t := &telling{service: s, Rows: rows, to: pack.Campaign{Tool: pack.Tool{Version: s.version, Keys: with.Keys}}}
		if err := t.all(); err != nil {
			return err
		}
		hash, err = write.Pack(ctx, t.to, with.Sign, to)
		return err
	})
	return hash, err
}

// Made writes down that the evidence of a closed campaign was made, by the hash of its manifest.
func (s *Service) Made(ctx context.Context, by access.Actor, id, hash string) error {
	return s.units.Update(ctx, func(u *engine.Unit) error {
		c, err := engine.Load(u, rows.Campaigns(), id)
		if err != nil {
			return err
		}
		e := rows.WithReview(c.Event(access.EventPackMade, by, u.At))
		e.Review.Hash = hash
		_, err = engine.Move(u, rows.Campaigns(), c, e)
		return err
	})
}

// telling makes the evidence of one campaign.
type telling struct {
	service *Service
	*rows.Rows
	to    pack.Campaign
	said  map[int][]pack.Answer // by row
	asked map[int][]pack.Asked  // since it was read
	done  map[int]removal
	gone  map[access.PersonID]*pack.Leaver
	order []access.PersonID // of gone
	here  map[int]int       // rows of each group that somebody decides on
	out   map[int]int       // rows of each group that are excluded
	names map[access.PersonID]access.Person
	size  uint64 // events under the checkpoint
}

// all gathers everything but the rows, which are walked through as they are written.
func (t *telling) all() error {
	t.said, t.asked, t.done = map[int][]pack.Answer{}, map[int][]pack.Asked{}, map[int]removal{}
	t.gone, t.names, t.here, t.out = map[access.PersonID]*pack.Leaver{}, map[access.PersonID]access.Person{}, map[int]int{}, map[int]int{}
	t.plain()
	for _, step := range []func() error{t.log, t.chain, t.count, t.covered, t.grouped, t.reviewing} {
		if err := step(); err != nil {
			return err
		}
	}
	for _, who := range t.order {
		t.to.Leavers = append(t.to.Leavers, *t.gone[who])
	}
	t.to.Rows = t.told
	return nil
}

// plain tells what the campaign says of itself.
func (t *telling) plain() {
	c := t.Campaign
	t.to.ID, t.to.Name, t.to.Run, t.to.Status = c.ID, c.Review.Name, c.Run, pack.Open
	switch c.State {
	case access.CampaignClosed:
		t.to.Status = pack.Closed
	case access.CampaignCancelled:
		t.to.Status = pack.Cancelled
	}
	t.to.Issue, t.to.Asked = pack.Link{Key: c.Issue.Key}, "by hand"
	if c.By.Person == "" {
		t.to.Asked = cmp.Or(c.Review.Line, string(c.Occasion), "by Latchkey")
	}
	t.to.Times = pack.Times{Drafted: c.Created, Snapshot: c.Read, Started: c.Started, Due: c.Due, Closed: c.Closed, Made: t.service.units.Now()}
	t.to.Period = quarter(cmpTime(c.Started, c.Created))
	hash := t.From.Header().Hash
	t.to.Snapshot = hex.EncodeToString(hash[:])
	t.to.Policy = policyOf(c.Review)
}

// quarter is the calendar quarter of a moment: what a review is taken to be about where nobody said it.
func quarter(at time.Time) pack.Period {
	at = at.UTC()
	from := time.Date(at.Year(), at.Month()-(at.Month()-1)%3, 1, 0, 0, 0, 0, time.UTC)
	return pack.Period{From: from, To: from.AddDate(0, 3, 0).Add(-time.Second), Why: "the calendar quarter in which the review began"}
}

// policyOf is a review's rules in words.
func policyOf(r catalog.Review) pack.Policy {
	p := pack.Policy{
		NoReviewer: string(r.Unreachable), NoAnswer: string(r.Unanswered), Cadence: cmp.Or(r.Line, "as it is begun by hand"), Usage: "sign-ins and use, as far as the directories report them",
		Restore: "for " + catalog.ShortDuration(r.Restore), Privileged: pack.Privileged{Cadence: cmp.Or(r.Line, "as it is begun by hand"), Reason: true, Meaning: "groups that the configuration lists as privileged, and groups that were seen to make administrators"},
	}
	if len(r.NoUsage) > 0 {
		p.Usage += "; not of " + strings.Join(r.NoUsage, ", ")
	}
	for i, s := range r.Stages {
		words := "the first of these that leads to somebody: " + sources(s.Reviewers)
		if len(s.Additional) > 0 {
			words += "; and beside them " + sources(s.Additional)
		}
		if i > 0 {
			p.Reviewers += "; then "
		}
		p.Reviewers += words
		p.Stages = append(p.Stages, pack.Stage{Name: fmt.Sprintf("Stage %d", i+1), Strategy: string(s.Strategy), Words: words})
	}
	p.Fallback = cmp.Or(sources(r.Stage(0).Fallback), "nobody")
	return p
}

func sources(all []catalog.Approver) string {
	words := make([]string, len(all))
	for i, a := range all {
		words[i] = a.String()
	}
	return strings.Join(words, ", ")
}

// log tells which log it is in, and its newest signed head.
func (t *telling) log() error {
	name, err := store.LogName(t.Tx)
	if err != nil {
		return err
	}
	head, err := store.LoadAnchoring(t.Tx)
	t.to.Tool.Log, t.to.Tool.Checkpoint, t.size = name, head.Checkpoint, head.Size
	return err
}

// count counts rows, and finds who has left.
func (t *telling) count() error {
	for one, err := range t.From.Rows(0) {
		if err != nil {
			return err
		}
		if one.Excluded != "" {
			t.out[one.Group]++
			continue
		}
		t.here[one.Group]++
		if err := t.leaver(one); err != nil {
			return err
		}
	}
	return nil
}

// leaver notes that the person of a row has left.
func (t *telling) leaver(one snapshot.Row) error {
	who, err := t.From.Person(one.Account)
	if err != nil {
		return err
	}
	now, err := t.person(who.ID)
	if err != nil || who.Status != access.Left && now.Standing != access.Left {
		return err
	}
	l := t.gone[who.ID]
	if l == nil {
		l = &pack.Leaver{
			Person: personOf(who), Left: pack.Lacks[timeOf](pack.Unknown, "Latchkey saw the account deactivated, and no directory says when that was"), Source: "the account's state in the directory " + who.Directory,
			Removed: pack.Lacks[timeOf](pack.Unknown, "see the rows"), SignIns: pack.Lacks[[]timeOf](pack.Unknown, "sign-ins after that are not kept"), Reach: pack.Lacks[timeOf](pack.Unknown, ""),
		}
		if !now.Away.IsZero() {
			l.Left = pack.Is(now.Away)
		}
		t.gone[who.ID], t.order = l, append(t.order, who.ID)
	}
	l.Rows = append(l.Rows, rowName(one.Item))
	item, err := store.ReviewItem(t.Tx, t.Campaign.ID, int(one.Item))
	if err == nil && !item.ReadBack.IsZero() && (!l.Removed.Known() || item.ReadBack.After(l.Removed.Value)) {
		l.Removed = pack.Is(item.ReadBack)
	}
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return err
}

// covered tells the scope, and what is outside it.
func (t *telling) covered() error {
	r := t.Campaign.Review
	rule, err := json.Marshal(r.Scope)
	if err != nil {
		return err
	}
	t.to.Scope = pack.Scope{Text: "Who is in the groups that the roles in scope open, whether Latchkey gave it or not.", Rule: string(rule)}
	if t.Campaign.Small() {
		t.to.Scope.Text = "What one person has, because something about them changed (" + string(t.Campaign.Occasion) + ")."
	}
	listed, err := draft.Listed(t.Rows)
	if err != nil {
		return err
	}
	for _, what := range targets.NotCovered(t.Known, t.service.dirs, t.Campaign, listed) {
		t.to.Scope.Blind = append(t.to.Scope.Blind, pack.Blind{Kind: pack.OtherBlind, What: what, Why: "no directory that is read shows it under this review"})
	}
	out, err := draft.Excluded(t.Rows)
	if err != nil {
		return err
	}
	for _, e := range out {
		t.to.Scope.Exclusions = append(t.to.Scope.Exclusions, pack.Exclusion{What: e.What, ID: e.What, Rows: e.Rows, Reason: e.Why, By: pack.Actor{Name: e.By}, At: t.Campaign.Created})
	}
	if a := t.Campaign.Accepted; a != nil {
		t.to.Exceptions = append(t.to.Exceptions, pack.Exception{What: "What was read is taken as it is, although it isn't proven: " + strings.Join(t.Campaign.Unproven, " "), About: t.Campaign.ID, Reason: a.Why, By: t.actor(a.By), At: a.At})
	}
	return nil
}

// grouped tells the groups, with what proves that their members are all there are.
func (t *telling) grouped() error {
	seen := map[string]bool{}
	for g, err := range t.From.Groups() {
		if err != nil {
			return err
		}
		one := pack.Group{
			Key: groupName(g), Directory: g.Ref.Directory, Kind: g.Ref.Directory, Tenant: g.Ref.Directory, ID: g.ID, Name: cmp.Or(g.Name, g.Ref.Group), App: g.App, Role: strings.Join(g.Roles, ", "),
			Opens: g.Opens, Risk: cmp.Or(string(g.Risk), "not rated"), Privileged: g.Privileged,
		}
		if seen[one.Key] {
			return fmt.Errorf("the group %s is twice in what was read for the review %s", one.Key, t.Campaign.ID)
		}
		seen[one.Key] = true
		if one.Population, err = t.population(g); err != nil {
			return err
		}
		t.to.Groups = append(t.to.Groups, one)
	}
	return nil
}

// population is how it is known that a group's rows are all there are. Where the review is about some people only, the others
// count as left out.
func (t *telling) population(g snapshot.Group) (pack.Population, error) {
	here, out := t.here[g.Number], t.out[g.Number]
	if len(g.Proof) == 0 {
		return pack.Population{Proof: "one_person", Words: "One person's membership was read, by its id.", Proven: true, Rows: here + out, Left: out, Version: t.service.version}, nil
	}
	var p access.Population
	if err := json.Unmarshal(g.Proof, &p); err != nil {
		return pack.Population{}, fmt.Errorf("what proves who is in %s: %w", g.Ref, err)
	}
	told := pack.PopulationOf(p, out, t.actor)
	if len(p.Readings) == 0 {
		told.Rows = here + out // that is all that is known
	}
	if sc := t.Campaign.Review.Scope; told.Rows > here+out && (len(sc.Departments)+len(sc.Managers)+len(sc.People)+len(sc.Sources) > 0 || sc.OlderThan > 0) {
		told.Left = told.Rows - here
	}
	return t.acceptedAlso(told), nil
}

// acceptedAlso says who took a population as it is, where all that was read was accepted at once.
func (t *telling) acceptedAlso(p pack.Population) pack.Population {
	if a := t.Campaign.Accepted; a != nil && !p.Proven && p.Difference == nil {
		p.Difference = &pack.Difference{By: t.actor(a.By), Words: a.Why, At: a.At}
	}
	return p
}

// reviewing tells who was asked.
func (t *telling) reviewing() error {
	conflicts, err := draft.Interests(t.Rows)
	if err != nil {
		return err
	}
	rows, order := map[access.PersonID]int{}, []access.PersonID{}
	for one, err := range t.From.Reviewers() {
		if err != nil {
			return err
		}
		if one.ID != "" {
			rows[one.ID], order = one.Rows, append(order, one.ID)
		}
	}
	for _, answers := range t.said {
		for _, a := range answers {
			who := access.PersonID(a.By.Person)
			if _, known := rows[who]; !known && who != "" {
				rows[who], order = 0, append(order, who)
			}
		}
	}
	slices.Sort(order) // the answers come from a map
	for _, who := range order {
		one, err := t.reviewer(conflicts, who, rows[who])
		if err != nil {
			return err
		}
		t.to.Reviewers = append(t.to.Reviewers, one)
	}
	return nil
}

func (t *telling) reviewer(conflicts []string, who access.PersonID, rows int) (pack.Reviewer, error) {
	p, err := t.person(who)
	if err != nil {
		return pack.Reviewer{}, err
	}
	how := cmp.Or(draft.HowAsked(t.Campaign.Review, p), "named while it went on")
	r := pack.Reviewer{ID: string(who), Name: p.Display(), Account: p.Contact(), Title: known(p.Title), Chosen: how, Rows: rows, Relation: pack.Is(how), Conflicts: pack.Lacks[[]pack.Conflict](pack.None, "")}
	for _, words := range conflicts {
		switch rest, theirs := strings.CutPrefix(words, p.Contact()+" "); {
		case theirs:
			r.Conflicts = pack.Is(append(r.Conflicts.Value, pack.Conflict{Kind: conflictKind(rest), About: t.Campaign.ID, Words: words}))
		case strings.HasPrefix(words, "There may be more") && !r.Conflicts.Known():
			r.Conflicts = pack.Lacks[[]pack.Conflict](pack.Unknown, "not all rows were looked at")
		}
	}
	lists, err := t.lists(who)
	for _, w := range lists {
		for _, m := range w.Moved {
			if m.From == who {
				r.Reassigned = append(r.Reassigned, pack.Reassignment{To: t.actor(access.Actor{Person: m.To}), Rows: w.Rows, By: t.actor(m.By), At: m.At, Reason: m.Why})
			}
		}
	}
	return r, err
}

// lists are the worklists of a reviewer in all stages.
func (t *telling) lists(who access.PersonID) (out []access.Worklist, err error) {
	for _, stage := range []int{0, 1, access.StageIT} {
		w, err := store.Worklist(t.Tx, t.Campaign.ID, stage, who)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, nil
}

func conflictKind(words string) pack.ConflictKind {
	switch {
	case strings.HasPrefix(words, "administers"):
		return pack.Administers
	case strings.HasPrefix(words, "reports to"):
		return pack.ReportsTo
	}
	return pack.Provisioned
}

// person is somebody as they are known now, read once.
func (t *telling) person(who access.PersonID) (access.Person, error) {
	if p, read := t.names[who]; read {
		return p, nil
	}
	p, err := people.In(t.Tx, who)
	if err == nil {
		t.names[who] = p
	}
	return p, err
}

// actor is whoever did something, by name.
func (t *telling) actor(a access.Actor) pack.Actor {
	out := pack.Actor{Person: string(a.Person), Account: strings.TrimSpace(string(a.Via) + " " + a.Account)}
	if a.Person == "" {
		return pack.Actor{Name: "Latchkey"}
	}
	if p, err := t.person(a.Person); err == nil {
		out.Name = p.Display()
	}
	return out
}

// told yields the rows that somebody decides on.
func (t *telling) told(yield func(pack.Row, error) bool) {
	for one, err := range t.From.Rows(0) {
		if err == nil && one.Excluded != "" {
			continue
		}
		var out pack.Row
		if err == nil {
			out, err = t.row(one)
		}
		if !yield(out, err) || err != nil {
			return
		}
	}
}
