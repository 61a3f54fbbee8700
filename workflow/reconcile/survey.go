package reconcile

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/provision"
)

// listed is how many of one kind a report names one by one.
const listed = 15

// survey is one run on its way.
type survey struct {
	*Service
	access.Survey
	task    store.Task
	held    bool                       // new access is held back: what the store knows may not be all there is
	catalog *catalog.Catalog           // the same from the run's begin to its end
	last    store.Survey               // of the run before; zero before the first
	known   func(access.Mismatch) bool // of the run before

	odd       map[access.PersonID][]member
	missing   []access.Mismatch // or back again
	conflicts []access.Mismatch
	lost      []access.Mismatch // what is held without what it needs
	in        places            // who was seen in the groups that could be read
	left      map[access.PersonID]bool
	involved  []access.PersonID
	names     map[access.PersonID]string // under which address people know those it speaks of
	hurt      map[string]bool            // records that can't be read back, by id

	before map[catalog.GroupRef]bool // groups that a run before could read
	fresh  []catalog.GroupRef        // groups that none could, with memberships that are only told because of that

	issue access.Issue // where the run is written down, if it changes anything
	did   counts
}

// places are who was seen in which groups. A group that isn't here couldn't be read.
type places map[catalog.GroupRef]map[access.PersonID]bool

func (p places) note(ref catalog.GroupRef, who map[string]access.PersonID) {
	in := make(map[access.PersonID]bool, len(who))
	for _, id := range who {
		in[id] = id != ""
	}
	p[ref] = in
}

// of are the groups in which somebody was seen, or wasn't.
func (p places) of(who access.PersonID, watched []catalog.GroupRef) map[catalog.GroupRef]catalog.Truth {
	out := make(map[catalog.GroupRef]catalog.Truth, len(watched))
	for _, ref := range watched {
		if in, read := p[ref]; read {
			out[ref] = catalog.Told(in[who])
		}
	}
	return out
}

// counts are what a run changed, or would.
type counts struct{ adopted, removed, ended, told, lost int }

func (c counts) changed() bool { return c.adopted+c.removed+c.ended+c.lost > 0 }

// member is a person's place in a governed group, as it was seen.
type member struct {
	provision.Seen
	at time.Time
}

// id names the run. It stays the same when the run begins anew.
func (v *survey) id() string { return "RC-" + v.task.Created.UTC().Format("20060102-150405") }

// readBefore are the governed groups that a run before could read. What is in a group
// is reported before anything is changed in it, also where the first run of all could
// not read it, and where it came into the catalogue later.
func (v *survey) readBefore() []catalog.GroupRef {
	all := append([]catalog.GroupRef{}, v.catalog.Groups()...) // not nil: it was noted
	if v.First || v.last.Groups != nil {
		all = slices.DeleteFunc(all, func(ref catalog.GroupRef) bool { return !slices.Contains(v.last.Groups, ref) })
	}
	return all
}

// read notes that a group could be read.
func (v *survey) read(ref catalog.GroupRef) {
	if !slices.Contains(v.Groups, ref) {
		v.Groups = append(v.Groups, ref)
	}
}

// onlyTold tells whether a finding is in a group that no run before could read.
func (v *survey) onlyTold(groups []catalog.GroupRef) bool {
	fresh := slices.DeleteFunc(slices.Clone(groups), func(ref catalog.GroupRef) bool { return v.before[ref] || v.First })
	for _, ref := range fresh {
		if !slices.Contains(v.fresh, ref) {
			v.fresh = append(v.fresh, ref)
		}
	}
	return len(fresh) > 0
}

// learnNames finds out what to call those whom the run speaks of.
func (v *survey) learnNames(ctx context.Context) error {
	for who := range v.odd {
		v.names[who] = v.people.Contact(ctx, who)
	}
	for who, gone := range v.left {
		if gone {
			v.names[who] = v.people.Contact(ctx, who)
		}
	}
	for _, m := range slices.Concat(v.missing, v.conflicts, v.lost) {
		v.names[m.Person] = v.people.Contact(ctx, m.Person)
	}
	return ctx.Err()
}

// byName compares people as those who read about them look for them.
func (v *survey) byName(a, b access.PersonID) int {
	return cmp.Or(cmp.Compare(v.names[a], v.names[b]), cmp.Compare(a, b))
}

// several counts things in words.
func several(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
